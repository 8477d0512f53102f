/** What does this command line ask for? */
import type { Program } from '../capture/launch/program.ts';
import { TimesinkError } from '../util/errors.ts';
import { subcommands } from './commands/index.ts';
import type { Subcommand, SubcommandValues } from './commands/subcommand.ts';
import { commonOptions, type GivenOptions, optionTable } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { splitArguments, splitWords } from './split-arguments.ts';

/** One thing to do. */
export type Request =
  | { readonly kind: 'version' }
  /** Of a subcommand, or of everything; an exit code other than 0 says that nothing was asked for. */
  | { readonly kind: 'help'; readonly subcommand: Subcommand | undefined; readonly exitCode: number }
  | { readonly kind: 'run'; readonly program: Program; readonly given: GivenOptions }
  | { readonly kind: 'load'; readonly file: string; readonly given: GivenOptions }
  /** Undefined: the newest. */
  | { readonly kind: 'load-kept'; readonly id: string | undefined; readonly given: GivenOptions }
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
export function parseRequest(words: readonly string[]): Request {
  const subcommand = subcommands.find(({ name }) => name === words[0]);
  if (subcommand !== undefined) return parseSubcommand(subcommand, words.slice(1));

  const { options, program } = splitArguments(words, optionTable);
  if (options.includes('--version')) return { kind: 'version' };
  if (options.includes('--help')) return { kind: 'help', subcommand: undefined, exitCode: 0 };

  const given = parseOptions(options, optionTable, 'See timesink --help.') as GivenOptions;
  const { load, loadPrev } = given;
  const count = [program, load, loadPrev].filter((word) => word !== undefined).length;
  if (count > 1) {
    throw new TimesinkError('USAGE', 'give only one of --load, --load-prev, and a program to run, not both', {
      hint: '--load and --load-prev show a recording and run nothing.',
    });
  }
  if (program !== undefined) return { kind: 'run', program, given };
  if (load !== undefined) return { kind: 'load', file: load, given };
  if (loadPrev !== undefined) return { kind: 'load-kept', id: loadPrev === true ? undefined : loadPrev, given };
  return { kind: 'help', subcommand: undefined, exitCode: 2 };
}

function parseSubcommand(subcommand: Subcommand, line: readonly string[]): Request {
  const table = [...subcommand.options, ...commonOptions];
  const { options, words } = splitWords(line, table);
  if (options.includes('--help')) return { kind: 'help', subcommand, exitCode: 0 };
  const values = parseOptions(options, table, `See timesink ${subcommand.name} --help.`);
  return { kind: 'subcommand', subcommand, words, values };
}
