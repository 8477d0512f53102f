/** How does a Python program come to sample itself, where its memory cannot be read? */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../capture/launch/interpreter.ts';
import type { Recorder, RecorderOptions } from '../capture/recorder.ts';
import { TimesinkError } from '../util/errors.ts';
import { readLeftSamples } from './left-samples.ts';

/** A recorder to which programs leave files, in a folder of its own. */
export interface SelfSampling extends Recorder {
  /** The environment to start programs in: Python loads the sampler first, and hides it from the program. */
  readonly environment: Environment;
}

/**
 * Makes the folder: for Python, a `sitecustomize` to be found on `PYTHONPATH`.
 * @throws TimesinkError `UNWRITABLE_OUTPUT` where there is no room for temporary files
 */
export function startSelfSampling(options: RecorderOptions, environment: Environment): SelfSampling {
  const folder = makeFolder();
  const path = environment['PYTHONPATH'];
  return {
    environment: {
      ...environment,
      PYTHONPATH: path === undefined || path === '' ? folder : `${folder}${delimiter}${path}`,
      TIMESINK_BOOTSTRAP: `${options.interval} ${options.followAwaits ? 1 : 0}`,
    },
    follow: () => Promise.resolve(),
    stop: async () => {
      try {
        return await readLeftSamples(folder, options);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function makeFolder(): string {
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), 'timesink-python-'));
    if (folder.includes(delimiter)) throw new Error(`PYTHONPATH cannot hold a path with "${delimiter}": ${folder}`);
    writeFileSync(join(folder, 'sitecustomize.py'), bootstrapText(), { mode: 0o600 });
    return folder;
  } catch (cause) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    const problem = `cannot make a temporary folder for the recording: ${(cause as Error).message}`;
    throw new TimesinkError('UNWRITABLE_OUTPUT', problem, { hint: 'Set TMPDIR to a folder with room.', cause });
  }
}

/** The build puts it beside this module. */
function bootstrapText(): string {
  // Named first, so that the bundler does not take the file for one of its own.
  const here = import.meta.url;
  return readFileSync(fileURLToPath(new URL('timesink-bootstrap.py', here)), 'utf8');
}
