/** What is the title of a report? */
import { TimesinkError } from '../util/errors.ts';

/** pyinstrument's own. */
const defaultTemplate = 'Program: {args}';

/**
 * Fills in a template of `--target-description`: `{args}` stands for `args`, doubled braces for one. As Python's
 * `str.format` with that one name; the messages are those of pyinstrument 5.1.3.
 * @throws TimesinkError `USAGE`
 */
export function describeTarget(template: string | undefined, args: string): string {
  return (template ?? defaultTemplate).replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name: string | undefined) => {
    if (found === '{{' || found === '}}') return found.slice(1);
    if (name === 'args') return args;
    throw usageError(name);
  });
}

function usageError(name: string | undefined): TimesinkError {
  const option = 'in --target-description';
  if (name === undefined) {
    return new TimesinkError('USAGE', `Single brace ${option}`, { hint: 'Write {{ or }} for a brace.' });
  }
  const problem = name === '' ? 'Empty placeholder' : `Unknown placeholder '${name}'`;
  return new TimesinkError('USAGE', `${problem} ${option}`, { hint: 'The only placeholder is {args}.' });
}

/** The command line that a title tells, for a session that was loaded. */
export function argsOfDescription(description: string): string {
  return description.replace(/^Program: /, '');
}
