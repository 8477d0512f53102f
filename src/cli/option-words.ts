/** Which options does a word such as `-tr` or `--inter=1` stand for? */
import type { Option } from 'commander';
import { TimesinkError } from '../util/errors.ts';

/** One option as it was used. */
export interface OptionUse {
  /** Undefined where there is no such option. */
  readonly option: Option | undefined;
  /** Its value; undefined for a flag, and for an option that may stand alone and does. */
  readonly value: string | undefined;
}

/**
 * The options in one word. Long options may be shortened while they stay unambiguous, short ones may be joined (`-tr json`,
 * `-i0.01`), as in pyinstrument 5.1.3. Nothing after an unknown one is interpreted.
 * @param following where values that stand in words of their own are taken from
 * @throws TimesinkError `USAGE` where a value is missing or a shortened name could mean several options
 */
export function readOptionWord(
  word: string,
  table: readonly Option[],
  following: FollowingWords,
): readonly OptionUse[] {
  return splitOptionWord(word, table).map(({ option, attached }) => {
    if (option === undefined || attached !== undefined) return { option, value: attached };
    if (option.required) return { option, value: requiredValue(option, following.take()) };
    // No option's value may begin with a dash unless it is required.
    const mayTakeNext = option.optional && following.peek()?.startsWith('-') === false;
    return { option, value: mayTakeNext ? following.take() : undefined };
  });
}

/** The words behind the one that is being read. */
export class FollowingWords {
  readonly #words: readonly string[];
  #next = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  peek(): string | undefined {
    return this.#words[this.#next];
  }

  take(): string | undefined {
    return this.#words[this.#next++];
  }

  /** All that were not taken. */
  rest(): readonly string[] {
    return this.#words.slice(this.#next);
  }
}

/** The option in long form, as commander parses it: `--name` or `--name=value`. */
export function longForm(option: Option, value: string | undefined): string {
  const name = option.long ?? option.flags;
  return value === undefined ? name : `${name}=${value}`;
}

interface SplitUse {
  readonly option: Option | undefined;
  /** The value, where it is in the same word. */
  readonly attached: string | undefined;
}

function splitOptionWord(word: string, table: readonly Option[]): readonly SplitUse[] {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    return [{ option: findLong(name, table), attached: equals < 0 ? undefined : word.slice(equals + 1) }];
  }
  const uses: SplitUse[] = [];
  for (let at = 1; at < word.length; at++) {
    const option = table.find(({ short }) => short === `-${word[at]}`);
    const rest = word.slice(at + 1);
    const takesRest = option?.required === true && rest !== '';
    uses.push({ option, attached: takesRest ? rest : undefined });
    if (option === undefined || option.required) break;
  }
  return uses;
}

function requiredValue(option: Option, value: string | undefined): string {
  if (value === undefined) throw new TimesinkError('USAGE', `the option ${option.flags} needs a value`);
  return value;
}

function findLong(name: string, table: readonly Option[]): Option | undefined {
  const exact = table.find(({ long }) => long === name);
  if (exact !== undefined || name === '--') return exact;
  const candidates = table.filter(({ long }) => long?.startsWith(name));
  if (candidates.length > 1) {
    const names = candidates.map(({ long }) => long).join(' or ');
    throw new TimesinkError('USAGE', `the option ${name} could mean ${names}`);
  }
  return candidates[0];
}
