/** Which words on the command line are for timesink, and which belong to the program that it runs? */
import type { Option } from 'commander';
import type { Program } from '../capture/launch/program.ts';
import { TimesinkError } from '../util/errors.ts';

/** A command line taken apart. */
export interface SplitArguments {
  /** Timesink's options in long form, as `--name` or `--name=value`; what is unknown is last and as typed. */
  readonly options: readonly string[];
  readonly program: Program | undefined;
}

/**
 * Reads options up to the program's first word; everything from there on is the program's, untouched. Long options may be
 * shortened while they stay unambiguous, short ones may be joined (`-tr json`, `-i0.01`), as in pyinstrument 5.1.3.
 * @throws TimesinkError `USAGE`
 */
export function splitArguments(words: readonly string[], table: readonly Option[]): SplitArguments {
  const options: string[] = [];
  let fromPath = false;
  let index = 0;
  const finish = (program: Program | undefined): SplitArguments => ({ options, program });
  const takeValue = (option: Option, attached: string | undefined): string => {
    const value = attached ?? words[index++];
    if (value === undefined) {
      throw new TimesinkError('USAGE', `the option ${option.flags} needs a value`);
    }
    return value;
  };

  while (index < words.length) {
    const word = words[index++] as string;
    if (word === '--') return finish(programAfterDashes(words.slice(index), fromPath));
    if (word === '-' || !word.startsWith('-')) return finish(programFrom(word, words.slice(index), fromPath));

    for (const { option, attached } of readOptionWord(word, table)) {
      if (option === undefined) {
        options.push(word);
        return finish(undefined);
      }
      if (option.short === '-m' || option.short === '-c') {
        const value = takeValue(option, attached);
        return finish(inlineProgram(option.short, value, words.slice(index), fromPath));
      }
      if (option.long === '--from-path') fromPath = true;
      else if (option.required) options.push(`${option.long}=${takeValue(option, attached)}`);
      else options.push(attached === undefined ? (option.long as string) : `${option.long}=${attached}`);
    }
  }
  if (fromPath) throw new TimesinkError('USAGE', 'the option --from-path needs the name of a script after it');
  return finish(undefined);
}

interface OptionUse {
  /** Undefined where there is no such option. */
  readonly option: Option | undefined;
  /** The value, where it is in the same word. */
  readonly attached: string | undefined;
}

function readOptionWord(word: string, table: readonly Option[]): readonly OptionUse[] {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    return [{ option: findLong(name, table), attached: equals < 0 ? undefined : word.slice(equals + 1) }];
  }
  const uses: OptionUse[] = [];
  for (let at = 1; at < word.length; at++) {
    const option = table.find(({ short }) => short === `-${word[at]}`);
    const rest = word.slice(at + 1);
    const takesRest = option?.required === true && rest !== '';
    uses.push({ option, attached: takesRest ? rest : undefined });
    if (option === undefined || option.required) break;
  }
  return uses;
}

function findLong(name: string, table: readonly Option[]): Option | undefined {
  const exact = table.find(({ long }) => long === name);
  if (exact !== undefined || name === '--') return exact;
  const candidates = table.filter(({ long }) => long?.startsWith(name));
  if (candidates.length > 1) {
    throw new TimesinkError(
      'USAGE',
      `the option ${name} could mean ${candidates.map(({ long }) => long).join(' or ')}`,
    );
  }
  return candidates[0];
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
