/** What does this command line ask for? */
import type { Option } from 'commander';
import type { Program } from '../capture/launch/program.ts';
import { TimesinkError } from '../util/errors.ts';
import { subcommands } from './commands/index.ts';
import type { Subcommand, SubcommandValues } from './commands/subcommand.ts';
import { helpText, subcommandHelp } from './help.ts';
import { type CliOptions, optionTable, readOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { splitArguments, splitWords } from './split-arguments.ts';

/** One thing to do. */
export type Request =
  | { readonly kind: 'print'; readonly text: string; readonly exitCode: number }
  | { readonly kind: 'run'; readonly program: Program; readonly options: CliOptions }
  | { readonly kind: 'load'; readonly file: string; readonly options: CliOptions }
  | {
      readonly kind: 'subcommand';
      readonly subcommand: Subcommand;
      readonly words: readonly string[];
      readonly values: SubcommandValues;
    };

/**
 * Understands the words after `timesink`.
 * @throws TimesinkError `USAGE`
 */
export function parseRequest(words: readonly string[], versionText: string): Request {
  const subcommand = subcommands.find(({ name }) => name === words[0]);
  if (subcommand !== undefined) return parseSubcommand(subcommand, words.slice(1));

  const { options: ownWords, program } = splitArguments(words, optionTable);
  if (ownWords.includes('--version')) return { kind: 'print', text: versionText, exitCode: 0 };
  const help = helpText(optionTable, subcommands);
  if (ownWords.includes('--help')) return { kind: 'print', text: help, exitCode: 0 };

  const options = readOptions(parseOptions(ownWords, optionTable, 'timesink --help'));
  if (options.load === undefined) {
    if (program === undefined) return { kind: 'print', text: help, exitCode: 2 };
    return { kind: 'run', program, options };
  }
  if (program !== undefined) {
    throw new TimesinkError('USAGE', 'give either --load or a program to run, not both', {
      hint: '--load only shows a saved recording.',
    });
  }
  return { kind: 'load', file: options.load, options };
}

function parseSubcommand(subcommand: Subcommand, line: readonly string[]): Request {
  const table: readonly Option[] = [
    ...subcommand.options,
    ...optionTable.filter(({ long }) => long === '--debug' || long === '--help'),
  ];
  const { options, words } = splitWords(line, table);
  if (options.includes('--help')) return { kind: 'print', text: subcommandHelp(subcommand, table), exitCode: 0 };
  const values = parseOptions(options, table, `timesink ${subcommand.name} --help`);
  return { kind: 'subcommand', subcommand, words, values };
}
