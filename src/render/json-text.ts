/** How does a large value become one line of JSON? */
import { TimesinkError } from '../util/errors.ts';
import { escapeControlsInJson } from './terminal-text.ts';

/**
 * JSON with a newline at its end; names in it command no terminal.
 * @param format name of the report, for the message
 * @throws TimesinkError UNWRITABLE_OUTPUT for more than fits into a string (512 million characters)
 */
export function jsonText(value: object, format: string): string {
  try {
    return `${escapeControlsInJson(JSON.stringify(value))}\n`;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new TimesinkError('UNWRITABLE_OUTPUT', `this session is too large for a ${format} report`, {
      hint: 'Save it as a .timesink file, which is far more compact.',
      cause,
    });
  }
}
