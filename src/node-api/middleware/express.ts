/** How does an Express server, or any other that takes Connect's middleware, show where the time of a request goes? */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { replaceResponse } from './node-response.ts';
import { beginRequest, type RequestOptions, type RequestProfile } from './request-profile.ts';

/** A request of Express, Connect or `node:http`. */
export type ProfiledRequest = IncomingMessage & { readonly originalUrl?: string };

/** A function for `app.use`. */
export type ProfilingMiddleware = (
  request: ProfiledRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * Answers requests that have `?profile` in their address with the page of what they did. To be used before all other
 * middleware: what comes before it is not recorded.
 */
export function profileRequests(options: RequestOptions<ProfiledRequest> = {}): ProfilingMiddleware {
  return (request, response, next) => {
    const facts = { method: request.method ?? 'GET', url: request.originalUrl ?? request.url ?? '/' };
    const go = (profile: RequestProfile | undefined): void => {
      if (profile === undefined) {
        next();
        return;
      }
      const { profiler } = profile;
      replaceResponse(response, { answer: profile.answer, gone: () => profiler.cancel() });
      profiler.run(() => next());
    };
    const begun = beginRequest(facts, request, options);
    if (begun instanceof Promise) begun.then(go, next);
    else go(begun);
  };
}
