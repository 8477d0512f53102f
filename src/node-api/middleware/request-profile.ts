/** Which requests are recorded, and what do they get instead of their own answer? Shared by all web frameworks. */
import { findRenderer } from '../../formats.ts';
import type { Renderer } from '../../render/renderer.ts';
import { TimesinkError } from '../../util/errors.ts';
import { Profiler } from '../profiler.ts';
import type { ProfilerOptions } from '../profiler-options.ts';
import { RecordedSession } from '../recorded-session.ts';

/** How requests are recorded. `Request` is what the framework calls one. */
export interface RequestOptions<Request> extends Pick<ProfilerOptions, 'interval' | 'async'> {
  /** Name of the parameter in the address that asks for it; default `profile`. */
  readonly parameter?: string;
  /**
   * Whether this request may be recorded; asked only where the parameter is there. Default: unless `NODE_ENV` is
   * `production`. The page shows source code: who may see it is for you to say.
   */
  readonly enabled?: (request: Request) => boolean | Promise<boolean>;
}

/** What a client gets. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request that is being recorded. */
export interface RequestProfile {
  readonly profiler: Profiler;
  /** Ends the recording. @param status of the answer that the client would have got */
  answer(status: number): Answer;
}

/** A request, as far as it matters here. */
export interface RequestFacts {
  readonly method: string;
  /** Path and parameters. */
  readonly url: string;
}

const typeOfExtension: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.speedscope.json': 'application/json; charset=utf-8',
  '.cpuprofile': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
};

/**
 * Begins to record a request, if that is asked for and allowed: `?profile` asks for a page, `?profile=text` for another
 * format.
 * @returns undefined where the request is to be answered as ever; a promise only where `enabled` gives one
 */
export function beginRequest<Request>(
  facts: RequestFacts,
  request: Request,
  options: RequestOptions<Request>,
): RequestProfile | undefined | Promise<RequestProfile | undefined> {
  const { parameter = 'profile', enabled } = options;
  const format = formatAsked(facts.url, parameter);
  if (format === undefined) return undefined;
  const begin = (isAllowed: boolean): RequestProfile | undefined =>
    isAllowed ? requestProfile(facts, parameter, format, options) : undefined;
  if (enabled === undefined) return begin(process.env['NODE_ENV'] !== 'production');
  const allowed = enabled(request);
  return typeof allowed === 'boolean' ? begin(allowed) : Promise.resolve(allowed).then(begin);
}

function formatAsked(url: string, parameter: string): string | undefined {
  if (!url.includes(parameter) || !URL.canParse(url, 'http://localhost')) return undefined;
  const value = new URL(url, 'http://localhost').searchParams.get(parameter);
  return value === '' ? 'html' : (value ?? undefined);
}

function requestProfile<Request>(
  { method, url }: RequestFacts,
  parameter: string,
  format: string,
  { interval, async }: RequestOptions<Request>,
): RequestProfile {
  const title = `${method} ${withoutParameter(url, parameter)}`;
  const profiler = new Profiler({
    description: title,
    ...(interval === undefined ? {} : { interval }),
    ...(async === undefined ? {} : { async }),
  });
  return {
    profiler,
    answer: (status) => {
      try {
        const session = profiler.stop();
        const meta = { ...session.meta, description: `${title} (answered with ${status})` };
        return answerWith(findRenderer(format), new RecordedSession({ ...session, meta }));
      } catch (error) {
        return answerOfError(error);
      }
    },
  };
}

function withoutParameter(url: string, parameter: string): string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  searchParams.delete(parameter);
  const rest = searchParams.toString();
  return rest === '' ? pathname : `${pathname}?${rest}`;
}

function answerWith(renderer: Renderer, session: RecordedSession): Answer {
  const extension = renderer.extensions[0] ?? '';
  const type = typeOfExtension[extension];
  const download = { 'content-disposition': `attachment; filename="request${extension}"` };
  return {
    status: 200,
    headers: {
      'content-type': type ?? (renderer.isBinary ? 'application/octet-stream' : 'text/plain; charset=utf-8'),
      'cache-control': 'no-store',
      ...(renderer.isBinary ? download : {}),
    },
    body: session.to(renderer.name, renderer.name === 'text' ? { unicode: true } : {}),
  };
}

function answerOfError(error: unknown): Answer {
  const isUsage = error instanceof TimesinkError && error.code === 'USAGE';
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof TimesinkError && error.hint !== undefined ? `${error.hint}\n` : '';
  return {
    status: isUsage ? 400 : 500,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: `timesink: ${message}\n${hint}`,
  };
}
