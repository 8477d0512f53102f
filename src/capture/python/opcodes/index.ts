/** What do the opcodes of each CPython minor version mean to a stack sampler? */
import v3_8 from './tables/3.8.json' with { type: 'json' };
import v3_9 from './tables/3.9.json' with { type: 'json' };
import v3_10 from './tables/3.10.json' with { type: 'json' };
import v3_11 from './tables/3.11.json' with { type: 'json' };
import v3_12 from './tables/3.12.json' with { type: 'json' };
import v3_13 from './tables/3.13.json' with { type: 'json' };
import v3_14 from './tables/3.14.json' with { type: 'json' };
import v3_15 from './tables/3.15.json' with { type: 'json' };

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

const tables: Readonly<Record<number, OpcodeTable>> = {
  8: v3_8,
  9: v3_9,
  10: v3_10,
  11: v3_11,
  12: v3_12,
  13: v3_13,
  14: v3_14,
  15: v3_15,
};

/** The opcodes of CPython 3.`minor`, or undefined where there is no table. */
export async function loadOpcodes(minor: number): Promise<OpcodeTable | undefined> {
  return tables[minor];
}
