/** How does a Nest application show where the time of a request goes? By the middleware of Express: `app.use(profileRequests())`. */
export { type ProfiledRequest, type ProfilingMiddleware, profileRequests } from './express.ts';
export type { RequestOptions } from './request-profile.ts';
