/** What does `--help` say? */
import type { Option } from 'commander';

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
export function helpText(table: readonly Option[]): string {
  const shown = table.filter(({ negate }) => !negate);
  const groups = new Map<string, string[]>();
  for (const option of shown) {
    const heading = option.helpGroupHeading ?? '';
    const lines = groups.get(heading) ?? [];
    lines.push(`  ${term(option, table).padEnd(termWidth)}${option.description}`);
    groups.set(heading, lines);
  }
  const options = [...groups].map(([heading, lines]) => `${heading}\n${lines.join('\n')}\n`).join('\n');
  return `${usage}\n${options}\n${explanation}`;
}

const termWidth = 34;

/** The option as typed; one line for a pair such as `--color` and `--no-color`. */
function term(option: Option, table: readonly Option[]): string {
  const opposite = table.find(({ negate, long }) => negate && long === option.long?.replace('--', '--no-'));
  const alignment = option.short === undefined ? '    ' : '';
  return `${alignment}${option.flags}${opposite === undefined ? '' : `, ${opposite.flags}`}`;
}
