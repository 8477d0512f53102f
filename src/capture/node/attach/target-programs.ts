/** What is a running Node.js process asked, in JavaScript that it runs itself? */
import { Place } from '../../../session/check.ts';
import type { Pid } from '../../../session/ids.ts';
import type { ThreadFacts } from '../left-files.ts';

/** Gives the console of the inspector, which the program cannot have replaced. */
export const consoleProgram = `((process.getBuiltinModule?.('node:inspector') ?? {}).console ?? console)`;

const monotonic = 'process.hrtime()[0] * 1e6 + process.hrtime()[1] / 1e3';
const cpu = '(({ user, system }) => user + system)(process.cpuUsage())';

/** What {@link readFacts} reads. */
export const factsProgram = `({
  parentPid: process.ppid,
  argv: process.argv,
  execArgv: process.execArgv,
  version: process.versions.node,
  cwd: (() => { try { return process.cwd() } catch { return '' } })(),
  monotonic: ${monotonic},
  unix: Date.now(),
  cpu: ${cpu},
  threadId: process.getBuiltinModule?.('node:worker_threads').threadId ?? 0,
})`;

/** The clock of its profiles, and its CPU time so far, both in µs. */
export const countProgram = `({ until: ${monotonic}, cpu: ${cpu} })`;

/** JSON of the source maps that only the process has, by URL; undefined where there are none. */
export function mapsProgram(urls: readonly string[]): string {
  return `process.sourceMapsEnabled ? JSON.stringify(Object.fromEntries(${JSON.stringify(urls)}.flatMap((url) => {
    try {
      const payload = process.getBuiltinModule('node:module').findSourceMap(url)?.payload;
      return payload === undefined ? [] : [[url, payload]];
    } catch { return [] }
  }))) : undefined`;
}

/**
 * What a thread of the process says of itself.
 * @param name of a worker thread; undefined for the main thread
 * @throws TimesinkError INVALID_FILE where it says something else
 */
export function readFacts(value: unknown, pid: Pid, name?: string): ThreadFacts {
  const place = new Place(`process ${pid}`, '', value);
  const argv = place.at('argv').strings();
  const now = place.at('monotonic').time();
  return {
    pid,
    parentPid: place.at('parentPid').count(),
    tid: name === undefined ? pid : 0,
    threadId: name === undefined ? 0 : place.at('threadId').count(),
    name: name ?? 'main',
    argv,
    execArgv: place.at('execArgv').strings(),
    version: place.at('version').string(),
    cwd: place.at('cwd').string(),
    main: name === undefined ? (argv[1] ?? '') : '',
    clock: { monotonic: now, unix: place.at('unix').time() },
    begin: now,
    cpu: place.at('cpu').time(),
    preload: '',
    wasRunning: true,
  };
}
