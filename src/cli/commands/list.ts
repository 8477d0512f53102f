/** `timesink list`: which runs can be shown again? */
import { TimesinkError } from '../../util/errors.ts';
import type { Subcommand, SubcommandContext } from './subcommand.ts';

/** Prints the kept sessions, newest first. */
export const listCommand: Subcommand = {
  name: 'list',
  summary: 'the last ten runs, for --load-prev',
  usage: '',
  options: [],
  explanation: `A run is kept when its report is text and goes to the terminal or to a pipe. The
ten newest stay, in \${XDG_DATA_HOME:-~/.local/share}/timesink/sessions.
`,
  run: listKept,
};

async function listKept(words: readonly string[], _: unknown, { environment }: SubcommandContext): Promise<void> {
  if (words.length > 0) {
    throw new TimesinkError('USAGE', 'timesink list takes no words', {
      hint: `A file with that name is run as ./list; recordings are shown with timesink view ${words[0]}.`,
    });
  }
  const { keptTable } = await import('../kept-table.ts');
  const { deliver } = await import('../deliver.ts');
  const { streamOutput } = await import('../output.ts');
  deliver(streamOutput(1), keptTable(environment, Date.now()), '.txt', 'the list');
}
