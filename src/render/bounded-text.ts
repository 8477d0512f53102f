/** How is a report put together that may become too large to be one string? */
import { TimesinkError } from '../util/errors.ts';

/** In characters. V8 has no strings over 2^29 − 24. */
const maxLength = 500_000_000;

/** Pieces that are joined at once: fewer objects to keep. */
const piecesPerChunk = 4096;

/** Text that grows piece by piece. */
export class BoundedText {
  readonly #format: string;
  readonly #chunks: string[] = [];
  #pieces: string[] = [];
  #length = 0;

  /** @param format name of the report, for the message */
  constructor(format: string) {
    this.#format = format;
  }

  /** @throws TimesinkError UNWRITABLE_OUTPUT for more than 500 million characters in all */
  add(piece: string): void {
    this.reserve(piece.length);
    this.#length += piece.length;
    if (this.#pieces.push(piece) < piecesPerChunk) return;
    this.#chunks.push(this.#pieces.join(''));
    this.#pieces = [];
  }

  /**
   * Whether so many more characters would fit, to be asked before a long piece is made.
   * @throws TimesinkError as `add` does
   */
  reserve(length: number): void {
    if (this.#length + length <= maxLength) return;
    throw new TimesinkError('UNWRITABLE_OUTPUT', `this session is too large for a ${this.#format} report`, {
      hint: 'Save it as a .timesink file, which is far more compact.',
    });
  }

  finish(): string {
    return [...this.#chunks, ...this.#pieces].join('');
  }
}
