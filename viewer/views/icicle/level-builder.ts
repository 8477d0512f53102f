/** How do the boxes of an icicle come together, depth by depth? */
import { Growable } from '../../../src/util/growable.ts';
import type { IcicleLevel } from './icicle.ts';

/** Boxes of all depths under construction. */
export class LevelBuilder {
  readonly #levels: {
    readonly first: Growable<Int32Array>;
    readonly last: Growable<Int32Array>;
    readonly of: Growable<Int32Array>;
  }[] = [];

  /** Adds a box to the right of those that are there. */
  add(depth: number, first: number, last: number, of: number): void {
    while (this.#levels.length <= depth) {
      const column = (): Growable<Int32Array> => new Growable(new Int32Array(4));
      this.#levels.push({ first: column(), last: column(), of: column() });
    }
    const level = this.#levels[depth];
    level?.first.push(first);
    level?.last.push(last);
    level?.of.push(of);
  }

  /** The boxes, depth by depth. */
  finish(): readonly IcicleLevel[] {
    return this.#levels.map(({ first, last, of }) => ({
      first: first.finish(),
      last: last.finish(),
      of: of.finish(),
    }));
  }
}
