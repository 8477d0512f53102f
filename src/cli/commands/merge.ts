/** `timesink merge`: how do several recordings become one file? */
import { Option } from 'commander';
import { TimesinkError } from '../../util/errors.ts';
import { type GivenOptions, viewOptions } from '../options.ts';
import type { Subcommand, SubcommandContext, SubcommandValues } from './subcommand.ts';

/** Writes one recording that holds several. */
export const mergeCommand: Subcommand = {
  name: 'merge',
  summary: 'make one recording of several',
  usage: '[options] FILE FILE… -o FILE',
  options: [new Option('--sum', 'add up what is the same thread, run after run').helpGroup('Merging'), ...viewOptions],
  explanation: `Without --sum all processes and threads stand side by side, each at its own
time. With it, main thread is added to main thread, and others go by their name.
The result is a .timesink file unless -r or the name of -o asks for another
format.
`,
  run: merge,
};

async function merge(
  files: readonly string[],
  { sum, ...values }: SubcommandValues,
  { environment }: SubcommandContext,
): Promise<void> {
  const [first, second, ...others] = files;
  if (first === undefined || second === undefined) {
    throw new TimesinkError('USAGE', 'timesink merge needs two recordings or more', {
      hint: 'For example: timesink merge monday.timesink tuesday.timesink -o week.timesink',
    });
  }
  const { mergeFiles } = await import('../merge-files.ts');
  await mergeFiles([first, second, ...others], sum === true ? 'summed' : 'apart', values as GivenOptions, environment);
}
