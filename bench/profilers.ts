/** The profilers that are compared: where they come from and how each is told to record a program. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileFormat } from './profile-file.ts';
import { findPython } from './pythons.ts';

/** How to record one program. */
export interface Recording {
  /** The interpreter to run it with. */
  readonly python: string;
  /** Seconds between samples. */
  readonly interval: number;
  /** Where the profile goes, in {@link Profiler.fileFormat}; undefined: nobody wants it, an ordinary text report is made. */
  readonly output?: string;
}

export interface Profiler {
  readonly name: 'none' | 'timesink' | 'pyinstrument' | 'py-spy';
  /** Such as `5.1.3`; `''` for `none`. */
  readonly version: string;
  /** What {@link Recording.output} will hold; undefined: no file. */
  readonly fileFormat: FileFormat | undefined;
  /** The command line that runs `program` (script and arguments) under this profiler. */
  command(recording: Recording, program: readonly string[]): readonly string[];
  /** The command line that shows its help. */
  readonly help: readonly string[];
}

/** What can be compared on this machine. */
export interface Setup {
  /** An interpreter with pyinstrument and pyperformance in it. */
  readonly python: string;
  readonly profilers: readonly Profiler[];
  /** What is missing, a sentence each. */
  readonly notes: readonly string[];
}

const timesinkPath = fileURLToPath(new URL('../dist/timesink.js', import.meta.url));

/** No profiler: the program as it is. */
export const noProfiler: Profiler = {
  name: 'none',
  version: '',
  fileFormat: undefined,
  command: ({ python }, program) => [python, ...program],
  help: [process.execPath, '-e', '0'],
};

const timesink = (version: string): Profiler => ({
  name: 'timesink',
  version,
  fileFormat: 'session',
  command: ({ python, interval, output }, program) => [
    ...[process.execPath, timesinkPath, '--python', python, '-i', String(interval)],
    ...(output === undefined ? ['-r', 'text', '-o', '/dev/null'] : ['-r', 'timesink', '-o', output]),
    ...program,
  ],
  help: [process.execPath, timesinkPath, '--help'],
});

const pyinstrument = (version: string, home: string): Profiler => ({
  name: 'pyinstrument',
  version,
  fileFormat: 'records',
  command: ({ python, interval, output }, program) => [
    ...[python, '-m', 'pyinstrument', '-i', String(interval)],
    ...(output === undefined ? ['-r', 'text', '-o', '/dev/null'] : ['-r', 'pyisession', '-o', output]),
    ...program,
  ],
  help: [home, '-m', 'pyinstrument', '--help'],
});

/** With `--idle`: the others count waiting time too. */
const pySpy = (version: string, path: string): Profiler => ({
  name: 'py-spy',
  version,
  fileFormat: 'folded',
  command: ({ python, interval, output = '/dev/null' }, program) => {
    const rate = String(Math.round(1 / interval));
    return [path, 'record', '--idle', '--rate', rate, '--format', 'raw', '--output', output, '--', python, ...program];
  },
  help: [path, '--help'],
});

/** Runs `setup.sh` and looks what there is. @throws when there is no Python to compare on */
export function prepare(): Setup {
  const base = findPython(13);
  if (base === undefined) throw new Error('Python 3.13 is needed for the comparison with other profilers');
  const setup = spawnSync('bash', [fileURLToPath(new URL('setup.sh', import.meta.url)), base.path], {
    encoding: 'utf8',
  });
  if (setup.status !== 0) throw new Error(`bench/setup.sh failed: ${setup.stderr.trim().slice(-600)}`);
  const python = setup.stdout.trim();
  const notes: string[] = [];
  const profilers: Profiler[] = [noProfiler];
  if (existsSync(timesinkPath)) {
    profilers.push(timesink(versionOf([process.execPath, timesinkPath, '--version']) ?? 'of unknown version'));
  } else notes.push('timesink could not be run: dist/timesink.js does not exist (`npm run build`).');
  const pyinstrumentVersion = versionOf([python, '-m', 'pyinstrument', '--version']);
  if (pyinstrumentVersion !== undefined) profilers.push(pyinstrument(pyinstrumentVersion, python));
  else notes.push('pyinstrument could not be run.');
  const pySpyPath = join(dirname(python), 'py-spy');
  const pySpyVersion = versionOf([pySpyPath, '--version']);
  if (pySpyVersion !== undefined) profilers.push(pySpy(pySpyVersion, pySpyPath));
  else notes.push('py-spy could not be run.');
  return { python, profilers, notes };
}

/** The first version number that a command prints. */
function versionOf(command: readonly string[]): string | undefined {
  const [file = '', ...args] = command;
  const { status, stdout } = spawnSync(file, args, { encoding: 'utf8', timeout: 60_000 });
  return status === 0 ? /\d+\.\d+\.\d+\S*?(?=,|\s|$)/.exec(stdout)?.[0] : undefined;
}

/** Name and version, as a table shows it. */
export const label = (profiler: Profiler): string => `${profiler.name} ${profiler.version}`.trim();
