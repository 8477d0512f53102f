/** `timesink diff`: what got slower from one recording to another? */
import { Option } from 'commander';
import { TimesinkError } from '../../util/errors.ts';
import { type GivenOptions, viewOptions } from '../options.ts';
import type { Subcommand, SubcommandContext, SubcommandValues } from './subcommand.ts';

/** What a comparison has no use for, or says in its own words. */
const notShared: ReadonlySet<string> = new Set(['renderer', 'timeline', 'targetDescription']);

/** Shows the call tree of two recordings with the times before and after. */
export const diffCommand: Subcommand = {
  name: 'diff',
  summary: 'compare two recordings',
  usage: '[options] BEFORE AFTER',
  options: [
    new Option('--normalize', 'shares of the total instead of seconds').helpGroup('Comparing'),
    new Option('-r, --renderer <format>', 'text, markdown, html or json; see -o').helpGroup('Report'),
    ...viewOptions.filter((option) => !notShared.has(option.attributeName())),
  ],
  explanation: `Reading the comparison
  +1.204  +35 %   slower by so many seconds, and by this part of what it was
  -0.310   -8 %   faster
  new, gone       only in the recording after, or before
  ~               may be chance: sampling alone makes changes of this size
  The largest changes come first. Functions are matched by name, class and file,
  though lines have moved or the checkout lies elsewhere. What changed by less
  than 1 % of the total is left out (--show-all keeps it).
`,
  run: diff,
};

async function diff(
  files: readonly string[],
  { normalize, ...values }: SubcommandValues,
  { environment }: SubcommandContext,
): Promise<void> {
  const [before, after, ...others] = files;
  if (before === undefined || after === undefined || others.length > 0) {
    throw new TimesinkError('USAGE', `timesink diff compares two recordings, not ${files.length}`, {
      hint: 'For example: timesink diff before.timesink after.timesink',
    });
  }
  const { diffFiles } = await import('../diff-files.ts');
  await diffFiles(before, after, { ...(values as GivenOptions), normalize: normalize === true }, environment);
}
