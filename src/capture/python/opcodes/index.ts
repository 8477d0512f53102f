/** What do the opcodes of each CPython minor version mean to a stack sampler? */

/** Opcodes of one minor version. Every name is a key of `all`. */
export interface OpcodeTable {
  /** Such as `3.13`. */
  readonly version: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** Name to number, specialised and instrumented ones included. */
  readonly all: Readonly<Record<string, number>>;
  /** Specialised or instrumented name to the name of the instruction it replaces. */
  readonly baseOf: Readonly<Record<string, string>>;
  /** Base name to the number of two-byte cache units after it; absent means none. */
  readonly cacheUnits: Readonly<Record<string, number>>;
  readonly groups: {
    /** The instruction's purpose is to call what the program wrote a call of. */
    readonly call: readonly string[];
    /** Loops, `await` and `yield from`: they run other frames. */
    readonly iterationAndAwait: readonly string[];
    /** Operators, attribute access, imports and the like, which may run a special method. */
    readonly implicitCallPossible: readonly string[];
  };
}

const tables: Readonly<Record<number, () => Promise<{ readonly default: OpcodeTable }>>> = {
  8: () => import('./tables/3.8.json', { with: { type: 'json' } }),
  9: () => import('./tables/3.9.json', { with: { type: 'json' } }),
  10: () => import('./tables/3.10.json', { with: { type: 'json' } }),
  11: () => import('./tables/3.11.json', { with: { type: 'json' } }),
  12: () => import('./tables/3.12.json', { with: { type: 'json' } }),
  13: () => import('./tables/3.13.json', { with: { type: 'json' } }),
  14: () => import('./tables/3.14.json', { with: { type: 'json' } }),
  15: () => import('./tables/3.15.json', { with: { type: 'json' } }),
};

/** The opcodes of CPython 3.`minor`, or undefined where there is no table. */
export async function loadOpcodes(minor: number): Promise<OpcodeTable | undefined> {
  const load = tables[minor];
  return load && (await load()).default;
}
