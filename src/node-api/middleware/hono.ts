/** How does a Hono server on Node.js show where the time of a request goes? */
import { beginRequest, type RequestOptions } from './request-profile.ts';

/** What Hono gives its middleware, as far as it is used here. */
export interface HonoContextLike {
  readonly req: { readonly method: string; readonly url: string };
  res: Response;
}

/** A function for `app.use`. */
export type HonoMiddleware = (context: HonoContextLike, next: () => Promise<void>) => Promise<void>;

/**
 * Answers requests that have `?profile` in their address with the page of what they did. To be used before all other
 * middleware: what comes before it is not recorded.
 */
export function profileRequests(options: RequestOptions<HonoContextLike> = {}): HonoMiddleware {
  return async (context, next) => {
    const { method, url } = context.req;
    const { pathname, search } = new URL(url);
    const profile = await beginRequest({ method, url: pathname + search }, context, options);
    if (profile === undefined) {
      await next();
      return;
    }
    await profile.profiler.run(next);
    const { status, headers, body } = profile.answer(context.res.status);
    // Hono adds the headers of the response before to a new one.
    context.res = undefined as never;
    context.res = new Response(body as BodyInit, { status, headers });
  };
}
