/** `timesink view`: what is in these files? */
import { TimesinkError } from '../../util/errors.ts';
import { type GivenOptions, viewOptions } from '../options.ts';
import type { Subcommand, SubcommandContext, SubcommandValues } from './subcommand.ts';

/** Shows saved recordings: in a browser where there is one, else as `--load` shows one. */
export const viewCommand: Subcommand = {
  name: 'view',
  summary: 'show saved recordings, in any format',
  usage: '[options] FILE…',
  options: viewOptions,
  explanation: `FILE is a .timesink, .pyisession or .cpuprofile file, one of speedscope, or a
trace of Chrome with a CPU profile; - is standard input. On a terminal, each is
opened as a page in the browser: that of $BROWSER, else of the desktop, unless
over SSH. Without one, in a pipe, or with -r, -o, -p, --color or --unicode, they
are shown here, as text unless -r or -o says otherwise, one after the other.
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
  const { viewFiles } = await import('../load.ts');
  await viewFiles(files, values as GivenOptions, environment);
}
