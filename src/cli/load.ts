/** How is a saved recording shown? */
import type { Environment } from '../capture/launch/interpreter.ts';
import type { CliOptions } from './options.ts';
import { planReport, writeReport } from './report.ts';
import { readSessionFile } from './session-file.ts';
import { sourceReader } from './source-reader.ts';

/**
 * Reports on a saved recording.
 * @throws TimesinkError
 */
export async function loadAndReport(file: string, options: CliOptions, environment: Environment): Promise<void> {
  const plan = planReport(options, 1, environment);
  await writeReport(plan, readSessionFile(file), sourceReader(process.cwd()));
}
