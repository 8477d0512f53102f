/** What an instruction says about the frame that is at it: the opcodes of a version, sorted by what the walker asks. */
import type { OpcodeTable } from '../opcodes/index.ts';

/** Bits of {@link Instructions.traits}. */
export const trait = {
  /** Written as a call in the source, or may run one. */
  call: 1,
  /** A call whose callable stays in the caller's value stack. */
  namesCallee: 2,
  /** Leaves the frame. */
  leaves: 4,
  /** Resumes a generator or coroutine that lies on the value stack. */
  resumes: 8,
  /** Makes the generator: what runs after it is the generator's own frame. */
  makesGenerator: 16,
  /** Stands only in the trampoline below `__init__` (3.13+). */
  checksInit: 32,
  /** Specialised for a Python function whose version stands in the inline cache. */
  versioned: 64,
  /** Specialised for a callable written in C. */
  callsC: 128,
} as const;

/** Opcodes of one version, by number. */
export interface Instructions {
  /** OR of {@link trait} bits. */
  readonly traits: Uint8Array;
  /** Two-byte cache units that follow the instruction. */
  readonly cacheUnits: Uint8Array;
  /** May run Python code that the source does not show as a call: operators, attributes, iteration. */
  readonly mayRunPython: Uint8Array;
  readonly name: readonly (string | undefined)[];
  readonly number: Readonly<Record<string, number>>;
}

/** Sorts the opcodes of one version. */
export function instructionsOf(table: OpcodeTable): Instructions {
  const traits = new Uint8Array(256);
  const cacheUnits = new Uint8Array(256);
  const mayRunPython = new Uint8Array(256);
  const name: (string | undefined)[] = new Array(256);
  const calls = new Set(table.groups.call);
  const resumes = new Set([...table.groups.iterationAndAwait, ...table.groups.implicitCallPossible]);
  for (const [opname, number] of Object.entries(table.all)) {
    if (number < 0 || number > 255) continue;
    name[number] = opname;
    cacheUnits[number] = table.cacheUnits[table.baseOf[opname] ?? opname] ?? 0;
    mayRunPython[number] = calls.has(opname) || resumes.has(opname) ? 1 : 0;
    traits[number] = traitsOf(opname, calls.has(opname), table.version);
  }
  return { traits, cacheUnits, mayRunPython, name, number: table.all };
}

function traitsOf(opname: string, isCall: boolean, version: string): number {
  const plain = opname.replace(/^INSTRUMENTED_/, '');
  let traits = isCall ? trait.call : 0;
  // 3.13 leaves the bound method there, already let go of; 3.14 puts its function in its place.
  const namesNone = plain.includes('INIT') || (plain === 'CALL_BOUND_METHOD_GENERAL' && version === '3.13');
  if (isCall && plain.startsWith('CALL') && !namesNone) traits |= trait.namesCallee;
  if (/^RETURN_(VALUE|CONST)$|^INTERPRETER_EXIT$/.test(plain)) traits |= trait.leaves;
  if (/^(FOR_ITER|SEND)/.test(plain)) traits |= trait.resumes;
  if (plain === 'RETURN_GENERATOR') traits |= trait.makesGenerator;
  if (plain === 'EXIT_INIT_CHECK') traits |= trait.checksInit;
  if (/^CALL_(KW_)?(PY$|PY_|BOUND_METHOD)/.test(opname)) traits |= trait.versioned;
  if (
    /^(PRE)?CALL_(KW_|EX_)?(NO_KW_)?(BUILTIN|METHOD_DESC|TYPE_1|STR_1|TUPLE_1|LEN|ISINSTANCE|LIST_APPEND)/.test(opname)
  ) {
    traits |= trait.callsC;
  }
  return traits;
}
