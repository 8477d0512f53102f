/** Which options does the report get, from flags, `-p` and the place it is written to? */
import type { Renderer, RenderOptions } from '../render/renderer.ts';
import { TimesinkError } from '../util/errors.ts';
import type { CliOptions } from './options.ts';
import type { Appearance } from './terminal.ts';

/**
 * Options for `renderer` as pyinstrument 5.1.3 derives them: flags first, then each `-p` in order, so that `-p` wins. Colour
 * and line drawing are passed only to formats that know them, all else as given: the format itself refuses.
 */
export function renderOptions(renderer: Renderer, options: CliOptions, appearance: Appearance): RenderOptions {
  const result: Record<string, unknown> = {};
  if (Object.hasOwn(renderer.options, 'unicode')) result['unicode'] = appearance.unicode;
  if (Object.hasOwn(renderer.options, 'color')) result['color'] = appearance.color;
  if (options.timeline) result['timeline'] = true;
  if (options.showAll) result['show_all'] = true;
  if (options.threads) result['threads'] = true;
  if (options.subprocesses) result['subprocesses'] = true;
  for (const text of options.renderOption) setOption(result, text);
  return result;
}

/** Applies one `name`, `name=value` or `outer.inner=value`; a value is JSON, or else text. */
function setOption(options: Record<string, unknown>, text: string): void {
  const equals = text.indexOf('=');
  const path = (equals < 0 ? text : text.slice(0, equals)).split('.');
  const value = equals < 0 ? true : parseValue(text.slice(equals + 1));
  if (path.includes('')) {
    throw new TimesinkError('USAGE', `the option -p ${JSON.stringify(text)} has no name`, {
      hint: 'Write -p name=value.',
    });
  }
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
