/** Which words on the command line are for timesink, and which belong to the program that it runs? */
import type { Option } from 'commander';
import type { Program } from '../capture/launch/program.ts';
import { TimesinkError } from '../util/errors.ts';
import { FollowingWords, longForm, readOptionWord } from './option-words.ts';

/** A command line taken apart. */
export interface SplitArguments {
  /** Timesink's options in long form, as `--name` or `--name=value`; what is unknown is last and as typed. */
  readonly options: readonly string[];
  readonly program: Program | undefined;
}

/**
 * Reads options up to the program's first word; everything from there on is the program's, untouched.
 * @throws TimesinkError `USAGE`
 */
export function splitArguments(words: readonly string[], table: readonly Option[]): SplitArguments {
  const options: string[] = [];
  const following = new FollowingWords(words);
  let fromPath = false;
  const finish = (program: Program | undefined): SplitArguments => ({ options, program });

  for (let word = following.take(); word !== undefined; word = following.take()) {
    if (word === '--') return finish(programAfterDashes(following.rest(), fromPath));
    if (isPlain(word)) return finish(programFrom(word, following.rest(), fromPath));

    for (const { option, value } of readOptionWord(word, table, following)) {
      if (option === undefined) {
        options.push(word);
        return finish(undefined);
      }
      if (value !== undefined && (option.short === '-m' || option.short === '-c')) {
        return finish(inlineProgram(option.short, value, following.rest(), fromPath));
      }
      if (option.long === '--from-path') fromPath = true;
      else options.push(longForm(option, value));
    }
  }
  if (fromPath) throw new TimesinkError('USAGE', 'the option --from-path needs the name of a script after it');
  return finish(undefined);
}

/** A subcommand's line taken apart. */
export interface SplitWords {
  /** As in {@link SplitArguments}. */
  readonly options: readonly string[];
  /** All other words, in order. */
  readonly words: readonly string[];
}

/**
 * Tells options from other words where both may be mixed; after `--` there are no options.
 * @throws TimesinkError `USAGE`
 */
export function splitWords(line: readonly string[], table: readonly Option[]): SplitWords {
  const options: string[] = [];
  const words: string[] = [];
  const following = new FollowingWords(line);
  for (let word = following.take(); word !== undefined; word = following.take()) {
    if (word === '--') return { options, words: [...words, ...following.rest()] };
    if (isPlain(word)) {
      words.push(word);
      continue;
    }
    for (const { option, value } of readOptionWord(word, table, following)) {
      if (option === undefined) return { options: [...options, word], words };
      options.push(longForm(option, value));
    }
  }
  return { options, words };
}

/** A lone dash is no option: it stands for standard input. */
function isPlain(word: string): boolean {
  return word === '-' || !word.startsWith('-');
}

function programFrom(word: string, args: readonly string[], fromPath: boolean): Program {
  return fromPath ? { kind: 'from-path', name: word, args } : { kind: 'script', path: word, args };
}

function programAfterDashes(words: readonly string[], fromPath: boolean): Program {
  const [first, ...rest] = words;
  if (first === undefined) {
    throw new TimesinkError('USAGE', 'there is no command after --', { hint: 'For example: timesink -- pytest -x' });
  }
  return fromPath ? programFrom(first, rest, true) : { kind: 'command', argv: [first, ...rest] };
}

function inlineProgram(short: '-m' | '-c', value: string, args: readonly string[], fromPath: boolean): Program {
  if (fromPath) throw new TimesinkError('USAGE', `the options ${short} and --from-path exclude each other`);
  return short === '-m' ? { kind: 'module', name: value, args } : { kind: 'code', source: value, args };
}
