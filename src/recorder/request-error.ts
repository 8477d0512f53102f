/** What went wrong with a request, in a form that an answer can carry. */
import { TimesinkError } from '../util/errors.ts';
import type { PlainError, RequestErrorCode } from './protocol.ts';

/** A request that cannot be done. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: RequestErrorCode;
  readonly hint: string | null;

  constructor(code: RequestErrorCode, message: string, hint: string | null = null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** Any error as an answer says it. */
export function plainError(error: unknown): PlainError {
  if (error instanceof RequestError || error instanceof TimesinkError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null };
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error), hint: null };
}
