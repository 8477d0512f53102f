/** What does `--help` say? */
import type { Option } from 'commander';
import { diffRenderers } from '../render/diff-registry.ts';
import { optionNames } from '../render/options.ts';
import { renderers } from '../render/registry.ts';
import type { Renderer } from '../render/renderer.ts';
import { subcommands } from './commands/index.ts';
import type { Subcommand } from './commands/subcommand.ts';
import { commonOptions, optionTable, viewOptions } from './options.ts';

const usage = `timesink shows where a program's time goes: it runs the program at full speed
and then prints a call tree.

  timesink [options] script.py [args…]    or app.js, app.ts, a directory, a zip
  timesink [options] -m MODULE [args…]    or -c CODE, or --from-path NAME
  timesink [options] -- COMMAND [args…]   all its Python and Node processes
`;

const explanation = `Reading the report
  8.120 price_all  pricing.py:20   seconds in the function with all it called;
                                   its name; where it is defined. What it called
                                   stands below it, the longest first.
  [self]                           time in the function's own lines
  <built-in>                       a function written in C
  [14 frames hidden]  decimal      calls within that library (--show-all)
  [await], [not sampled]           waiting for something asynchronous; not seen
  Hottest lines                    your own lines that took longest: begin there
  Times are red above 60 % of the whole, yellow above 20 %, green above 5 %;
  your own code stands on blue. What took under 1 % counts in its caller.

Python is from --python, $TIMESINK_PYTHON, $VIRTUAL_ENV or PATH, Node from
--node, $TIMESINK_NODE or PATH. With TIMESINK_ENGINE=inprocess Python samples
itself. The program keeps its input, output, environment, signals and exit code.
The report goes to standard output, after -- to standard error unless output is
a terminal; html opens a browser there. Options: pyproject.toml or package.json.
`;

/** Columns of the help. */
const width = 80;

/** Where the second of two columns begins, if the first leaves room. */
const indent = 35;
const usageIndent = 42;

/** The whole help, two screens long. */
export function helpText(): string {
  const lines = subcommands.map(({ name, usage: words, summary }) =>
    columns(`  timesink ${name}${words === '' ? '' : ' …'}`, summary, usageIndent),
  );
  return [`${usage}${lines.join('')}`, optionsText(optionTable), formatNames(), explanation].join('\n');
}

/** The help of one subcommand. */
export function subcommandHelp({ name, usage, summary, options, explanation }: Subcommand): string {
  const title = `${`timesink ${name} ${usage}`.trimEnd()}\n\n  ${summary}\n`;
  const formats = formatsOf(options);
  const table = formats.length === 0 ? [] : [formatTable(formats)];
  const end = explanation === undefined ? [] : [explanation];
  return [title, optionsText([...options, ...commonOptions]), ...table, ...end].join('\n');
}

function optionsText(table: readonly Option[]): string {
  const groups = new Map<string, string[]>();
  for (const option of table.filter(({ negate, hidden }) => !negate && !hidden)) {
    const heading = option.helpGroupHeading ?? 'Options';
    const lines = groups.get(heading) ?? [];
    lines.push(columns(`  ${term(option, table)}`, option.description));
    groups.set(heading, lines);
  }
  return [...groups].map(([heading, lines]) => `${heading}\n${lines.join('')}`).join('\n');
}

/** The option as typed; one line for a pair such as `--color` and `--no-color`. */
function term(option: Option, table: readonly Option[]): string {
  const opposite = table.find(({ negate, long }) => negate && long === option.long?.replace('--', '--no-'));
  const alignment = option.short === undefined ? '    ' : '';
  return `${alignment}${option.flags}${opposite === undefined ? '' : `, ${opposite.flags}`}`;
}

function formatNames(): string {
  const names = renderers.map((renderer) => renderer.name);
  return `Formats\n${wrap(names.join(', '), '  ')}`;
}

/** What help says of a format. */
type Format = Pick<Renderer, 'name' | 'summary' | 'options'>;

/** What `-r` chooses from: reports, unless it is another option than theirs. */
function formatsOf(options: readonly Option[]): readonly Format[] {
  const choice = options.find(({ long }) => long === '--renderer');
  if (choice === undefined) return [];
  return viewOptions.includes(choice) ? renderers : diffRenderers;
}

/** Each format with what it is good for and what `-p` may set. */
function formatTable(formats: readonly Format[]): string {
  const lines = formats.map(({ name, summary, options }) => {
    const names = optionNames(options);
    const title = wrap(summary, `  ${name}`.padEnd(formatIndent));
    return names.length === 0 ? title : title + wrap(names.join(', '), `${' '.repeat(formatIndent)}-p `);
  });
  return `Formats\n${lines.join('')}`;
}

const formatIndent = 16;

/** One line of two columns. */
function columns(left: string, right: string, from = indent): string {
  return `${`${left} `.padEnd(from)}${right}`.trimEnd().concat('\n');
}

/** Words in lines that fit, the first one behind `start`, the others behind as much space. */
function wrap(text: string, start: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push((lines.length === 0 ? start : ' '.repeat(start.length)) + word);
  }
  return `${lines.join('\n')}\n`;
}
