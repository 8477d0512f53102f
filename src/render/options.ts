/** Which options does a report format take, and are these values right for it? */
import { TimesinkError } from '../util/errors.ts';
import { pythonRegex, regexProblem } from './python-regex.ts';

/** On or off; off unless given, or unless it says otherwise. */
export interface FlagOption {
  readonly kind: 'flag';
  readonly default?: boolean;
  readonly help: string;
}

/** One word of a list; the first is the default. */
export interface ChoiceOption<Choice extends string = string> {
  readonly kind: 'choice';
  readonly choices: readonly Choice[];
  readonly help: string;
}

/** A number that is not negative. */
export interface NumberOption {
  readonly kind: 'number';
  readonly default: number;
  readonly help: string;
}

/** A regular expression that must match from the beginning of a path; none unless given. */
export interface PatternOption {
  readonly kind: 'pattern';
  readonly help: string;
}

/** Options within an option, written `name.inner=value` on the command line. */
export interface GroupOption<Options extends OptionTable = OptionTable> {
  readonly kind: 'group';
  readonly options: Options;
  readonly help: string;
}

/** One option of a report format. */
export type OptionSpec = FlagOption | ChoiceOption | NumberOption | PatternOption | GroupOption;

/** What an option can be. */
export const optionKinds = ['flag', 'choice', 'number', 'pattern', 'group'] as const satisfies OptionSpec['kind'][];

/** Options by name, in the order in which help shows them. */
export interface OptionTable {
  readonly [name: string]: OptionSpec;
}

/** What a value of an option is after checking. */
export type OptionValue<Spec extends OptionSpec> = Spec extends FlagOption
  ? boolean
  : Spec extends ChoiceOption<infer Choice>
    ? Choice
    : Spec extends NumberOption
      ? number
      : Spec extends PatternOption
        ? RegExp | undefined
        : Spec extends GroupOption<infer Inner>
          ? OptionValues<Inner>
          : never;

/** Values for all options of a table, defaults filled in. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: OptionValue<Options[Name]>;
};

/**
 * Checks options as a user gave them, by name; `undefined` and `null` count as not given.
 * @param owner name of the report format, for messages
 * @throws TimesinkError USAGE for an unknown name or a value of the wrong kind
 */
export function checkOptions<Options extends OptionTable>(
  table: Options,
  given: Readonly<Record<string, unknown>>,
  owner: string,
): OptionValues<Options> {
  return checkTable(table, given, owner, '') as OptionValues<Options>;
}

function checkTable(
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
  owner: string,
  prefix: string,
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(table, name)) continue;
    throw new TimesinkError('USAGE', `the ${owner} report has no option ${prefix}${name}`, {
      hint: `Its options: ${optionNames(table, prefix).join(', ') || 'none'}.`,
    });
  }
  const checked = Object.entries(table).map(([name, spec]) => {
    const value = Object.hasOwn(given, name) ? (given[name] ?? undefined) : undefined;
    return [name, checkValue(spec, value, owner, prefix + name)] as const;
  });
  return Object.fromEntries(checked);
}

function checkValue(spec: OptionSpec, value: unknown, owner: string, name: string): unknown {
  const wrong = (wanted: string, options: { hint?: string; cause?: unknown } = {}): TimesinkError =>
    new TimesinkError('USAGE', `option ${name} of the ${owner} report must be ${wanted}, not ${shown(value)}`, options);
  switch (spec.kind) {
    case 'flag':
      if (value !== undefined && typeof value !== 'boolean') throw wrong('true or false');
      return value ?? spec.default ?? false;
    case 'choice':
      if (value !== undefined && !spec.choices.some((choice) => choice === value)) {
        throw wrong(spec.choices.join(' or '));
      }
      return value ?? spec.choices[0];
    case 'number':
      if (value !== undefined && !(typeof value === 'number' && Number.isFinite(value) && value >= 0)) {
        throw wrong('a number that is not negative');
      }
      return value ?? spec.default;
    case 'pattern':
      if (value !== undefined && typeof value !== 'string') throw wrong('a regular expression');
      return value === undefined ? undefined : pattern(value, wrong);
    case 'group':
      if (value !== undefined && !isRecord(value)) throw wrong('a set of options');
      return checkTable(spec.options, value ?? {}, owner, `${name}.`);
  }
}

function pattern(
  text: string,
  wrong: (wanted: string, options: { hint?: string; cause?: unknown }) => TimesinkError,
): RegExp {
  try {
    return pythonRegex(text);
  } catch (cause) {
    throw wrong('a regular expression', { hint: regexProblem(cause), cause });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names of all options in a table, those of groups with the group's name before them. */
export function optionNames(table: OptionTable, prefix = ''): readonly string[] {
  return Object.entries(table).flatMap(([name, spec]) =>
    spec.kind === 'group' ? optionNames(spec.options, `${prefix}${name}.`) : [prefix + name],
  );
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
