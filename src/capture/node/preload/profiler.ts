/** How does V8's sampler run for as long as a thread does, and hand over what it has in pieces? */
import type { Session as InspectorSession } from 'node:inspector';

/** The part of `node:inspector` that is used. */
export interface Inspector {
  readonly Session: new () => InspectorSession;
  readonly console: { profile(title: string): void; profileEnd(title: string): void };
}

/** V8's sampler in this thread. */
export interface Profiler {
  /** Ends the piece that is being recorded and begins the next: no sample is lost between them. */
  next(): unknown;
  /** Ends the last piece. */
  end(): unknown;
  /**
   * The `sourceMappingURL` of each script that has one, by URL of the script: looks at all scripts, so only once, at the end.
   * A program that comes to a `debugger` statement meanwhile would stop.
   */
  mapUrls(): ReadonlyMap<string, string>;
  close(): void;
}

/** Starts to sample. @param interval in µs */
export function startProfiler({ Session, console }: Inspector, interval: number): Profiler {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval });
  const pieces = profilesItself() ? profilesInTurn(session) : consoleProfiles(session, console);
  return { ...pieces, mapUrls: () => mapUrls(session), close: () => session.disconnect() };
}

type Pieces = Pick<Profiler, 'next' | 'end'>;

/** Node's own profiler and coverage print whatever they hear of profiles of the console. */
function profilesItself(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  return process.env['NODE_V8_COVERAGE'] !== undefined || options.includes('--cpu-prof');
}

/**
 * Pieces are profiles of the console: to begin one while another runs takes 0.05 ms and to end it 0.3 ms, where stopping the
 * sampler and starting it again takes 5 to 100 ms (measured on Node 20 to 26).
 */
function consoleProfiles(session: InspectorSession, console: Inspector['console']): Pieces {
  const finished = new Map<string, unknown>();
  session.on('Profiler.consoleProfileFinished', ({ params }) => {
    if (params.title !== undefined) finished.set(params.title, params.profile);
  });
  let number = 0;
  const title = (): string => `timesink ${number}`;
  const end = (name: string): unknown => {
    console.profileEnd(name);
    const profile = finished.get(name);
    finished.clear();
    return profile;
  };
  console.profile(title());
  return {
    next: () => {
      const ending = title();
      number++;
      console.profile(title());
      return end(ending);
    },
    end: () => end(title()),
  };
}

function profilesInTurn(session: InspectorSession): Pieces {
  const end = (): unknown => {
    let profile: unknown;
    session.post('Profiler.stop', (_error, result) => {
      profile = (result as { readonly profile?: unknown } | undefined)?.profile;
    });
    return profile;
  };
  session.post('Profiler.start');
  return {
    next: () => {
      const profile = end();
      session.post('Profiler.start');
      return profile;
    },
    end,
  };
}

function mapUrls(session: InspectorSession): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params: { url, sourceMapURL } }) => {
    if (url !== '' && sourceMapURL !== undefined && sourceMapURL !== '') urls.set(url, sourceMapURL);
  });
  session.post('Debugger.enable');
  session.post('Debugger.disable');
  return urls;
}
