/** What do the members of a settings file's section mean as options? */

import { dirname, resolve } from 'node:path';
import type { Option } from 'commander';
import { findRenderer, renderers } from '../render/registry.ts';
import type { Renderer, RenderOptions } from '../render/renderer.ts';
import { TimesinkError } from '../util/errors.ts';
import { type GivenOptions, isRendererPath, optionTable, settleOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import { singleOption } from './render-options.ts';

/** Those that say what to do, rather than how. */
const onlyTyped: ReadonlySet<string> = new Set(['load', 'load-prev', 'from-path', 'help', 'version', 'debug']);

/** Options within options, at most. */
const deepest = 8;

/**
 * Options by the names that they have on the command line, without dashes in front.
 * @throws TimesinkError `USAGE`, naming the file, for unknown names and values of the wrong kind
 */
export function parseSection(section: unknown, file: string): GivenOptions {
  if (!isTable(section)) throw inFile(file, 'what it says about timesink is not a table of options');
  const words = Object.entries(section).flatMap(([name, value]) => optionWords(name, value, file));
  try {
    const values = parseOptions(words, optionTable, '') as GivenOptions;
    settleOptions(values);
    checkReport(values);
    return values;
  } catch (cause) {
    if (!(cause instanceof TimesinkError)) throw cause;
    throw inFile(file, cause.message, { ...(cause.hint === undefined ? {} : { hint: cause.hint }), cause });
  }
}

/** What a format would say later, without the name of the file. An option that ours do not have may be one of your own. */
function checkReport({ renderer, renderOption = [] }: GivenOptions): void {
  if (renderer !== undefined && !isRendererPath(renderer)) findRenderer(renderer);
  for (const text of renderOption) {
    const option = singleOption(text);
    const knows = ({ options }: Renderer): boolean => Object.keys(option).every((name) => Object.hasOwn(options, name));
    const problems = renderers.filter(knows).map((format) => problemWith(format, option));
    if (problems.length > 0 && !problems.includes(undefined)) throw problems[0];
  }
}

function problemWith(format: Renderer, options: RenderOptions): unknown {
  try {
    format.check(options);
    return undefined;
  } catch (error) {
    return error;
  }
}

const allowed: readonly Option[] = optionTable.filter(
  ({ long, negate, hidden }) => long !== undefined && !negate && !hidden && !onlyTyped.has(long.slice(2)),
);

/** The words that would say the same on the command line. */
function optionWords(name: string, value: unknown, file: string): readonly string[] {
  const option = allowed.find(({ long }) => long === `--${name}`);
  if (option === undefined) {
    throw inFile(file, `there is no option ${JSON.stringify(name)}`, {
      hint: `The options: ${allowed.map(({ long }) => long?.slice(2)).join(', ')}.`,
    });
  }
  if (option.isBoolean()) return flagWords(option, value, file);
  if (name === 'render-option' && isTable(value)) {
    return flatten(value, file).map((text) => `${option.long}=${text}`);
  }
  const values = Array.isArray(value) && isRepeatable(option) ? value : [value];
  return values.map((entry: unknown) => {
    if (typeof entry !== 'string' && typeof entry !== 'number') {
      const kinds = `text or a number${isRepeatable(option) ? ', or a list of them' : ''}`;
      throw inFile(file, `${name} must be ${kinds}`);
    }
    return `${option.long}=${isPath(option) ? fromFolderOf(file, String(entry)) : entry}`;
  });
}

function flagWords({ long = '' }: Option, value: unknown, file: string): readonly string[] {
  if (typeof value !== 'boolean') throw inFile(file, `${long.slice(2)} must be true or false`);
  if (value) return [long];
  const opposite = long.replace('--', '--no-');
  return optionTable.some((option) => option.long === opposite) ? [opposite] : [];
}

function isRepeatable({ long }: Option): boolean {
  return long === '--render-option' || long === '--thread' || long === '--process';
}

function isPath({ long }: Option): boolean {
  return long === '--renderer' || long === '--python' || long === '--node' || long === '--outfile';
}

/** Paths that begin with a dot are taken from the file's own folder, wherever below it timesink is started. */
function fromFolderOf(file: string, path: string): string {
  return /^\.\.?[/\\]/.test(path) ? resolve(dirname(file), path) : path;
}

/** `{ outer: { inner: 1 } }` as `outer.inner=1`. */
function flatten(table: Readonly<Record<string, unknown>>, file: string, prefix = '', depth = 1): readonly string[] {
  if (depth > deepest) throw inFile(file, 'render-option has tables too deep in each other');
  return Object.entries(table).flatMap(([name, value]) =>
    isTable(value)
      ? flatten(value, file, `${prefix}${name}.`, depth + 1)
      : [`${prefix}${name}=${JSON.stringify(value)}`],
  );
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function inFile(file: string, problem: string, options: { hint?: string; cause?: unknown } = {}): TimesinkError {
  return new TimesinkError('USAGE', `${file}: ${problem}`, options);
}
