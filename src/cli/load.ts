/** How is a saved recording shown? */
import { readFileSync } from 'node:fs';
import type { Environment } from '../capture/launch/interpreter.ts';
import { readSession } from '../session/file.ts';
import { TimesinkError } from '../util/errors.ts';
import type { CliOptions } from './options.ts';
import { planReport, writeReport } from './report.ts';
import { sourceReader } from './source-reader.ts';
import { describeSystemError } from './system-error.ts';

/**
 * Reports on a `.timesink` or `.pyisession` file.
 * @throws TimesinkError
 */
export async function loadAndReport(file: string, options: CliOptions, environment: Environment): Promise<void> {
  const plan = planReport(options, 1, environment);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new TimesinkError('UNREADABLE_FILE', `cannot read ${file}: ${describeSystemError(cause)}`, { cause });
  }
  await writeReport(plan, await readSession(bytes, file), sourceReader(process.cwd()));
}
