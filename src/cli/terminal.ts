/** What can the place where a report goes show? */
import type { Environment } from '../capture/launch/interpreter.ts';
import type { CliOptions } from './options.ts';

/** How a text report may look. */
export interface Appearance {
  readonly color: boolean;
  readonly unicode: boolean;
}

/** Where a report goes: to a stream, which may be a terminal, or to a file of its own. */
export type OutputKind = 'terminal' | 'stream' | 'file';

/** Flags decide; without them colour needs a terminal, and line drawing a UTF-8 locale or a file. */
export function chooseAppearance(
  options: Pick<CliOptions, 'color' | 'unicode'>,
  output: OutputKind,
  environment: Environment,
): Appearance {
  return {
    color: options.color ?? wantsColor(output, environment),
    unicode: options.unicode ?? (output === 'file' || isUtf8Locale(environment)),
  };
}

/** As no-color.org and force-color.org say: a variable counts when it is not empty; `FORCE_COLOR=0` is a no. */
function wantsColor(output: OutputKind, environment: Environment): boolean {
  const force = environment['FORCE_COLOR'];
  if (force === '0' || force === 'false') return false;
  if (environment['NO_COLOR']) return false;
  if (force) return output !== 'file';
  return output === 'terminal' && environment['TERM'] !== 'dumb';
}

/** The first of these that is set names the locale's encoding (POSIX, section 8.2). */
function isUtf8Locale(environment: Environment): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale);
}
