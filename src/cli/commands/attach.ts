/** `timesink attach`: what does a process do that runs already? */
import { Option } from 'commander';
import { TimesinkError } from '../../util/errors.ts';
import { type GivenOptions, recordingOptions, viewOptions } from '../options.ts';
import type { Subcommand, SubcommandContext, SubcommandValues } from './subcommand.ts';

/** Records a running process, which goes on as before. */
export const attachCommand: Subcommand = {
  name: 'attach',
  summary: 'record a process that runs already',
  usage: '[options] PID',
  options: [
    new Option('--duration <seconds>', 'end after so long; else by Ctrl-C')
      .helpGroup('Recording')
      .argParser(parseDuration),
    ...recordingOptions,
    ...viewOptions,
  ],
  explanation: `Records until --duration is over, Ctrl-C is pressed or the process ends; the
process goes on. Of Python, the processes that it has started are recorded, too;
nothing of it is changed or stopped. Node.js is asked to open its inspector
(SIGUSR1), unless it is open; it is closed again at the end.
`,
  run: attach,
};

async function attach(
  words: readonly string[],
  { duration, ...values }: SubcommandValues,
  { environment, warn }: SubcommandContext,
): Promise<void> {
  const [word, ...others] = words;
  if (word === undefined || others.length > 0) {
    throw new TimesinkError('USAGE', `timesink attach takes the id of one process, not ${words.length}`, {
      hint: 'For example: timesink attach 1234 --duration 10',
    });
  }
  if (!/^[1-9]\d{0,9}$/.test(word)) {
    throw new TimesinkError('USAGE', `${JSON.stringify(word)} is not the id of a process`, {
      hint: 'It is a number: pgrep -af NAME finds it by name.',
    });
  }
  const { recordProcess } = await import('../record-process.ts');
  await recordProcess(Number(word), duration as number | undefined, values as GivenOptions, { environment, warn });
}

function parseDuration(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 1e6) return value;
  throw new TimesinkError('USAGE', `the duration ${JSON.stringify(text)} is not a number of seconds above 0`);
}
