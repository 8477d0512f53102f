/** Which options does the report get, from flags, `-p` and the place it is written to? */
import type { Renderer, RenderOptions } from '../render/renderer.ts';
import { TimesinkError } from '../util/errors.ts';
import { fnmatchSource } from '../util/fnmatch.ts';
import type { CliOptions, GivenOptions } from './options.ts';
import type { Appearance } from './terminal.ts';

/** Sets one thing, or several, in the options of a report. */
type Setting = (options: Record<string, unknown>) => void;

/**
 * Options for `renderer` as pyinstrument 5.1.3 derives them: flags first, then each `-p` in order, so that `-p` wins. Those
 * of a settings file come before all of the command line, and only where the format knows them and takes them beside what
 * was typed. Colour and line drawing, and which files to hide, are passed only to formats that know them; all else as given:
 * the format itself refuses.
 */
export function renderOptions(
  renderer: Pick<Renderer, 'options' | 'check'>,
  options: CliOptions,
  appearance: Appearance,
): RenderOptions {
  const knows = (name: string): boolean => Object.hasOwn(renderer.options, name);
  const combine = (settings: readonly Setting[]): RenderOptions => {
    const result: Record<string, unknown> = {};
    if (knows('unicode')) result['unicode'] = appearance.unicode;
    if (knows('color')) result['color'] = appearance.color;
    for (const set of settings) set(result);
    return result;
  };
  const accepts = (settings: readonly Setting[]): boolean => {
    try {
      renderer.check(combine(settings));
      return true;
    } catch {
      return false;
    }
  };
  const configured = configuredSettings(options.configured, knows);
  const typed: Setting = (result) => setTyped(result, options, knows);
  // What is wrong by itself is not dropped: that is told.
  if (!accepts(configured) || !accepts([typed])) return combine([...configured, typed]);
  const kept: Setting[] = [];
  for (const setting of configured) if (accepts([...kept, setting, typed])) kept.push(setting);
  return combine([...kept, typed]);
}

function configuredSettings(configured: GivenOptions, knows: (name: string) => boolean): readonly Setting[] {
  const flags = Object.entries(flagOptions(configured)).filter(([name]) => knows(name));
  const texts = (configured.renderOption ?? []).filter((text) => knows(nameOf(text)));
  return [
    ...flags.map(
      ([name, value]): Setting =>
        (result) =>
          void define(result, name, value),
    ),
    ...texts.map(
      (text): Setting =>
        (result) =>
          setOption(result, text),
    ),
  ];
}

function setTyped(result: Record<string, unknown>, options: CliOptions, knows: (name: string) => boolean): void {
  const isGiven = ([name]: readonly [string, unknown]): boolean => !Object.hasOwn(options.configured, name);
  const given: GivenOptions = Object.fromEntries(Object.entries(options).filter(isGiven));
  Object.assign(result, flagOptions(given));
  if (knows('unicode') && given.unicode !== undefined) result['unicode'] = given.unicode;
  if (knows('color') && given.color !== undefined) result['color'] = given.color;
  if (knows('processor_options')) setPatterns(result, options);
  // What was asked for by name is to be seen, however little it did.
  if (options.thread.length > 0 && knows('threads')) result['threads'] ??= true;
  if (options.process.length > 0 && knows('subprocesses')) result['subprocesses'] ??= true;
  for (const text of options.renderOption) setOption(result, text);
}

function flagOptions(options: GivenOptions): Record<string, unknown> {
  return {
    ...(options.timeline ? { timeline: true } : {}),
    ...(options.showAll ? { show_all: true } : {}),
    ...(options.threads ? { threads: true } : {}),
    ...(options.subprocesses ? { subprocesses: true } : {}),
    ...(options.source === undefined ? {} : { source: options.source }),
  };
}

/** Globs go against the whole path, regular expressions against its beginning. */
function setPatterns(result: Record<string, unknown>, { hide, hideRegex, show, showRegex }: CliOptions): void {
  const patterns = {
    hide_regex: hideRegex ?? (hide === undefined ? undefined : fnmatchSource(hide)),
    show_regex: showRegex ?? (show === undefined ? undefined : fnmatchSource(show)),
  };
  for (const [name, value] of Object.entries(patterns)) {
    if (value !== undefined) setPath(result, ['processor_options', name], value);
  }
}

/**
 * The options that one `-p` sets.
 * @throws TimesinkError `USAGE`
 */
export function singleOption(text: string): RenderOptions {
  const result: Record<string, unknown> = {};
  setOption(result, text);
  return result;
}

/** The option, or the group, that `name`, `name=value` or `outer.inner=value` is about. */
function nameOf(text: string): string {
  return /^[^.=]*/.exec(text)?.[0] ?? '';
}

/** Applies one `name`, `name=value` or `outer.inner=value`; a value is JSON, or else text. */
function setOption(options: Record<string, unknown>, text: string): void {
  const equals = text.indexOf('=');
  const path = (equals < 0 ? text : text.slice(0, equals)).split('.');
  if (path.includes('')) {
    throw new TimesinkError('USAGE', `the option -p ${JSON.stringify(text)} has no name`, {
      hint: 'Write -p name=value.',
    });
  }
  setPath(options, path, equals < 0 ? true : parseValue(text.slice(equals + 1)));
}

function setPath(options: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let target = options;
  for (const name of path.slice(0, -1)) {
    const inner = Object.hasOwn(target, name) ? target[name] : {};
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
      throw new TimesinkError('USAGE', `cannot set ${path.join('.')}: ${name} has a value and no options within`);
    }
    // A copy, so that no object from elsewhere, such as a prototype, is ever written to.
    target = define(target, name, { ...inner });
  }
  define(target, path.at(-1) as string, value);
}

/** Sets an own property, whatever its name, and returns the value. */
function define<Value>(target: object, name: string, value: Value): Value {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
