/** The errors that a user can cause or meet: each with a code, and a hint on what to do next. */

/** What went wrong, as a word that scripts and the table of exit codes can rely on. */
export type ErrorCode =
  | 'USAGE'
  | 'PROGRAM_NOT_FOUND'
  | 'INTERPRETER_NOT_FOUND'
  | 'PROCESS_NOT_FOUND'
  | 'PERMISSION_DENIED'
  | 'NOT_PYTHON'
  | 'UNSUPPORTED_RUNTIME'
  | 'UNREADABLE_FILE'
  | 'INVALID_FILE'
  | 'UNWRITABLE_OUTPUT'
  | 'INTERNAL';

/** An error meant for the user: printed as `message` and, on a second line, `hint`; never with a stack trace. */
export class TimesinkError extends Error {
  override readonly name = 'TimesinkError';
  readonly code: ErrorCode;
  /** What to do next, one sentence. */
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}
