/** How are rows recognized when the tree is made anew? By the functions on the way to them, as a number. */
import { PairIndex } from '../../src/util/pair-index.ts';

/** Numbers paths of functions. The same path has the same number as long as the page is open. */
export class RowKeys {
  readonly #functions = new Map<string, number>();
  readonly #paths = new PairIndex();

  /** The key of the row at the top of a thread's tree. */
  root(thread: number, isInverted: boolean): number {
    return this.#number(0, `\0thread ${thread}${isInverted ? ' inverted' : ''}`);
  }

  /** The key of the row for a function below another row. */
  child(parent: number, identifier: string): number {
    return this.#number(parent + 1, identifier);
  }

  /** The key of the bar below a row that stands for hidden frames. */
  group(parent: number): number {
    return this.#number(parent + 1, '\0group');
  }

  #number(parent: number, identifier: string): number {
    const known = this.#functions.get(identifier) ?? this.#functions.size;
    this.#functions.set(identifier, known);
    return this.#paths.numberOf(parent, known);
  }
}
