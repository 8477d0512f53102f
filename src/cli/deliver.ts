/** How does a result reach its place, and where is it when that fails? */
import { TimesinkError } from '../util/errors.ts';
import { keepInTemporaryFolder, type Output } from './output.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

/**
 * Writes a whole result. A reader that has gone (`| head`) is no error. What cannot be written is kept elsewhere.
 * @param extension of the file that it is kept in, with its dot
 * @param what such as `the report`
 * @throws TimesinkError `UNWRITABLE_OUTPUT`, saying where it is kept
 */
export function deliver(output: Output, data: string | Uint8Array, extension: string, what: string): void {
  try {
    output.write(data);
  } catch (cause) {
    if (systemErrorCode(cause) === 'EPIPE') return;
    const hint = keepElsewhere(data, extension, what);
    const reason = describeSystemError(cause);
    throw new TimesinkError('UNWRITABLE_OUTPUT', `cannot write to ${output.name}: ${reason}`, { hint, cause });
  }
}

/** Puts `data` into the temporary folder, and says so in a sentence. */
export function keepElsewhere(data: string | Uint8Array, extension: string, what: string): string {
  try {
    return `${what[0]?.toUpperCase()}${what.slice(1)} is in ${keepInTemporaryFolder(data, extension)}.`;
  } catch (error) {
    return `It could not be kept in the temporary folder either: ${describeSystemError(error)}.`;
  }
}
