/** What does `--help` say? */
import type { Option } from 'commander';
import type { Subcommand } from './commands/subcommand.ts';

const usage = `timesink shows where a program's time goes: it runs the program at full speed
and then prints a call tree.

  timesink [options] script.py [args…]     or a directory or zip with __main__.py
  timesink [options] -m MODULE [args…]     or -c CODE, or --from-path NAME
  timesink [options] -- COMMAND [args…]    every Python process that it starts
`;

const explanation = `Reading the report
  8.120 price_all  pricing.py:20    seconds in the function with all it called;
                                    its name; where it is defined. What it called
                                    stands below it, the longest first.
  [self]                            time in the function's own lines
  <built-in>                        a function written in C
  [14 frames hidden]  decimal       calls within that library (--show-all)
  [await]                           waiting for something asynchronous
  [not sampled]                     time that timesink could not see
  Hottest lines                     your own lines that took longest: begin there
  Times are red above 60 % of the whole, yellow above 20 %, green above 5 %, then
  pale; names of your own code stand on blue. What took under 1 % counts in its
  caller.

Python is that of --python, of $TIMESINK_PYTHON, of $VIRTUAL_ENV, else python3 or
python on PATH. The program keeps its input, output, environment, signals and exit
code. The report goes to standard output; after -- to standard error, unless output
is a terminal.
`;

/** The whole help, at most 80 columns wide and two screens long. */
export function helpText(table: readonly Option[], subcommands: readonly Subcommand[]): string {
  const lines = subcommands.map(({ name, usage, summary }) => column(`timesink ${name} ${usage}`, summary));
  return `${usage}${lines.join('')}\n${optionsText(table)}\n${explanation}`;
}

/** The help of one subcommand. */
export function subcommandHelp(
  { name, usage, summary, explanation = '' }: Subcommand,
  table: readonly Option[],
): string {
  const end = explanation === '' ? '' : `\n${explanation}`;
  return `timesink ${name} ${usage}: ${summary}\n\n${optionsText(table)}${end}`;
}

function optionsText(table: readonly Option[]): string {
  const groups = new Map<string, string[]>();
  for (const option of table.filter(({ negate }) => !negate)) {
    const heading = option.helpGroupHeading ?? 'Options';
    const lines = groups.get(heading) ?? [];
    lines.push(column(term(option, table), option.description));
    groups.set(heading, lines);
  }
  return [...groups].map(([heading, lines]) => `${heading}\n${lines.join('')}`).join('\n');
}

/** One line of two columns. */
function column(left: string, right: string): string {
  return `  ${left.padEnd(termWidth)}${right}\n`;
}

const termWidth = 34;

/** The option as typed; one line for a pair such as `--color` and `--no-color`. */
function term(option: Option, table: readonly Option[]): string {
  const opposite = table.find(({ negate, long }) => negate && long === option.long?.replace('--', '--no-'));
  const alignment = option.short === undefined ? '    ' : '';
  return `${alignment}${option.flags}${opposite === undefined ? '' : `, ${opposite.flags}`}`;
}
