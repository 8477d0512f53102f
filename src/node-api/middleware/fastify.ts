/** How does a Fastify server show where the time of a request goes? */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Profiler } from '../profiler.ts';
import { replaceResponse } from './node-response.ts';
import { beginRequest, type RequestOptions, type RequestProfile } from './request-profile.ts';

/** A request of Fastify, as far as it is used here. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly method: string;
  readonly url: string;
}

type Done = (error?: Error) => void;
type Hook = (request: FastifyRequestLike, reply: { readonly raw: ServerResponse }, done: Done) => void;

/** A server of Fastify, as far as it is used here. */
export interface FastifyLike {
  addHook(name: 'onRequest' | 'preValidation', hook: Hook): unknown;
}

/** The plugin, for `app.register(profileRequests, options)`. */
export type FastifyPlugin = (server: FastifyLike, options: RequestOptions<FastifyRequestLike>, done: Done) => void;

/**
 * Answers requests that have `?profile` in their address with the page of what they did. To be registered before other
 * plugins: hooks of those before it are not recorded.
 */
export const profileRequests: FastifyPlugin = (server, options, done) => {
  const running = new WeakMap<IncomingMessage, Profiler>();
  server.addHook('onRequest', (request, reply, next) => {
    const go = (profile: RequestProfile | undefined): void => {
      if (profile === undefined) {
        next();
        return;
      }
      const { profiler } = profile;
      running.set(request.raw, profiler);
      replaceResponse(reply.raw, { answer: profile.answer, gone: () => profiler.cancel() });
      profiler.run(() => next());
    };
    const begun = beginRequest({ method: request.method, url: request.url }, request, options);
    if (begun instanceof Promise) begun.then(go, next);
    else go(begun);
  });
  // The body of a request comes from the connection, which belongs to no request.
  server.addHook('preValidation', (request, _reply, next) => {
    const profiler = running.get(request.raw);
    if (profiler?.isRunning === true) profiler.run(() => next());
    else next();
  });
  done();
};

// For the whole server, not only for what is registered within the plugin (Fastify's `skip-override`).
Object.assign(profileRequests, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'timesink',
});
