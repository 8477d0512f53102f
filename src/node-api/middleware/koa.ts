/** How does a Koa server show where the time of a request goes? */
import { beginRequest, type RequestOptions } from './request-profile.ts';

/** What Koa gives its middleware, as far as it is used here. */
export interface KoaContextLike {
  readonly method: string;
  readonly url: string;
  readonly app: { emit(event: string, ...values: unknown[]): unknown };
  status: number;
  body: unknown;
  set(headers: Record<string, string>): void;
  remove(header: string): void;
}

/** A function for `app.use`. */
export type KoaMiddleware = (context: KoaContextLike, next: () => Promise<unknown>) => Promise<void>;

/**
 * Answers requests that have `?profile` in their address with the page of what they did, also when that was to fail. To be
 * used before all other middleware: what comes before it is not recorded.
 */
export function profileRequests(options: RequestOptions<KoaContextLike> = {}): KoaMiddleware {
  return async (context, next) => {
    const profile = await beginRequest({ method: context.method, url: context.url }, context, options);
    if (profile === undefined) {
      await next();
      return;
    }
    let { status } = context;
    try {
      await profile.profiler.run(next);
      ({ status } = context);
    } catch (error) {
      status = 500;
      context.app.emit('error', error, context);
    }
    const answer = profile.answer(status);
    context.remove('content-encoding');
    context.status = answer.status;
    context.body = typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body);
    context.set({ ...answer.headers });
  };
}
