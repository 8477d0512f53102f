/** How is an error told to the user, and with which exit code? */
import { escapeControls } from '../render/terminal-text.ts';
import { type ErrorCode, TimesinkError } from '../util/errors.ts';

/**
 * Exit codes of timesink's own failures; part of the public interface (docs/command-line.md). Once the program has been
 * started its own exit code is passed on instead.
 */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  PROGRAM_NOT_FOUND: 1,
  INTERPRETER_NOT_FOUND: 1,
  PROCESS_NOT_FOUND: 1,
  UNREADABLE_FILE: 1,
  INVALID_FILE: 1,
  USAGE: 2,
  PERMISSION_DENIED: 3,
  NOT_PYTHON: 4,
  UNSUPPORTED_RUNTIME: 4,
  UNWRITABLE_OUTPUT: 5,
  INTERNAL: 70,
};

/** The exit code for anything thrown. */
export function exitCodeOf(error: unknown): number {
  return error instanceof TimesinkError ? exitCodes[error.code] : exitCodes.INTERNAL;
}

/** One or two lines for stderr, whatever names are in it; with `debug` also where the error came from. */
export function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof TimesinkError)) {
    const message = error instanceof Error ? error.message : String(error);
    const trace = debug ? `${traceOf(error)}\n` : '';
    const hint = '  This is a defect in timesink; --debug shows where.\n';
    return `timesink: Unexpected error: ${escapeControls(message)}\n${hint}${trace}`;
  }
  const hint = error.hint ? `  ${escapeControls(error.hint)}\n` : '';
  return `timesink: ${escapeControls(error.message)}\n${hint}${debug ? `${traceOf(error)}\n` : ''}`;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return escapeControls(String(error));
  const cause = error.cause === undefined ? '' : `\ncaused by ${traceOf(error.cause)}`;
  const lines = (error.stack ?? error.message).split('\n');
  return `${lines.map(escapeControls).join('\n')}${cause}`;
}
