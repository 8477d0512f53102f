/** `timesink view`: what is in these files? */
import { TimesinkError } from '../../util/errors.ts';
import { type GivenOptions, viewOptions } from '../options.ts';
import type { Subcommand, SubcommandContext, SubcommandValues } from './subcommand.ts';

/** Shows saved recordings, as `--load` shows one. */
export const viewCommand: Subcommand = {
  name: 'view',
  summary: 'show saved recordings, in any format',
  usage: '[options] FILE…',
  options: viewOptions,
  explanation: `FILE is a .timesink or .pyisession file, or one of speedscope; - is standard
input. Several are shown one after the other.
`,
  run: view,
};

async function view(
  files: readonly string[],
  values: SubcommandValues,
  { environment }: SubcommandContext,
): Promise<void> {
  if (files.length === 0) {
    throw new TimesinkError('USAGE', 'timesink view needs a file to show', {
      hint: 'For example: timesink view run.timesink. The last run is shown by timesink --load-prev.',
    });
  }
  const { loadAndReport } = await import('../load.ts');
  await loadAndReport(files, values as GivenOptions, environment);
}
