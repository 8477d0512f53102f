import { describe, expect, test } from 'vitest';
import { newestMinor, oldestMinor } from '../offsets/index.ts';
import { loadOpcodes } from '../opcodes/index.ts';
import { type Instructions, instructionsOf, trait } from './instructions.ts';

async function instructionsFor(minor: number): Promise<Instructions> {
  const table = await loadOpcodes(minor);
  if (table === undefined) throw new Error(`no table of 3.${minor}`);
  return instructionsOf(table);
}

/** Names of the instructions that have the trait. */
const having = ({ name, traits }: Instructions, bit: number): readonly string[] =>
  name.filter((opname, number) => opname !== undefined && ((traits[number] as number) & bit) !== 0) as string[];

const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, at) => oldestMinor + at);

describe.for(minors)('instructions of 3.%i', (minor) => {
  test('leave a frame by returning only', async () => {
    const leaving = having(await instructionsFor(minor), trait.leaves);
    expect(leaving).toContain('RETURN_VALUE');
    expect(leaving.includes('RETURN_CONST')).toBe(minor === 12 || minor === 13);
    expect(leaving.every((name) => /^(INSTRUMENTED_)?(RETURN_(VALUE|CONST)|INTERPRETER_EXIT)$/.test(name))).toBe(true);
    expect(leaving.includes('INSTRUMENTED_RETURN_VALUE')).toBe(minor >= 12);
  });

  test('resume generators in loops and awaits', async () => {
    const resuming = having(await instructionsFor(minor), trait.resumes);
    expect(resuming).toContain('FOR_ITER');
    expect(resuming.includes('SEND')).toBe(minor >= 11);
    expect(resuming.includes('SEND_GEN')).toBe(minor >= 12);
    expect(resuming.includes('FOR_ITER_GEN')).toBe(minor >= 12);
  });

  test('name their callee when they call what the source calls', async () => {
    const instructions = await instructionsFor(minor);
    const calls = having(instructions, trait.call);
    const naming = having(instructions, trait.namesCallee);
    expect(calls).toEqual(expect.arrayContaining([...naming]));
    expect(calls).toContain(minor >= 11 ? 'CALL' : 'CALL_FUNCTION');
    expect(naming).toContain(minor >= 11 ? 'CALL' : 'CALL_FUNCTION');
    expect(naming).toContain('CALL_FUNCTION_EX');
    // The trampoline of `__init__` lies between; attributes and operators name nothing.
    expect(naming.filter((name) => name.includes('INIT'))).toEqual([]);
    expect(calls).not.toContain('LOAD_ATTR');
    expect(calls).not.toContain('BINARY_OP');
  });

  test('carry a version only where they are specialised for Python functions', async () => {
    const versioned = having(await instructionsFor(minor), trait.versioned);
    if (minor < 11) expect(versioned).toEqual([]);
    else expect(versioned).toContain('CALL_PY_EXACT_ARGS');
    for (const name of versioned) expect(name).toMatch(/^CALL_(KW_)?(PY|BOUND_METHOD)/);
  });

  test('are known to call C only where they are specialised for it', async () => {
    const callingC = having(await instructionsFor(minor), trait.callsC);
    if (minor < 11) expect(callingC).toEqual([]);
    else expect(callingC.some((name) => name.includes('BUILTIN'))).toBe(true);
    for (const name of callingC) expect(name).not.toMatch(/CALL_(KW_)?(PY|BOUND_METHOD|ALLOC)/);
  });

  test('make a generator in one place', async () => {
    const making = having(await instructionsFor(minor), trait.makesGenerator);
    expect(making).toEqual(minor < 11 ? [] : ['RETURN_GENERATOR']);
    expect(having(await instructionsFor(minor), trait.checksInit)).toEqual(minor < 13 ? [] : ['EXIT_INIT_CHECK']);
  });

  test('have cache units behind them since 3.11, the same for every form of one', async () => {
    const { cacheUnits, number } = await instructionsFor(minor);
    if (minor < 11) {
      expect(cacheUnits.every((units) => units === 0)).toBe(true);
      return;
    }
    expect(cacheUnits[number['CALL'] as number]).toBeGreaterThan(0);
    expect(cacheUnits[number['CALL_PY_EXACT_ARGS'] as number]).toBe(cacheUnits[number['CALL'] as number]);
    expect(cacheUnits[number['RETURN_VALUE'] as number]).toBe(0);
  });

  test('that may run Python include all calls and iterations', async () => {
    const instructions = await instructionsFor(minor);
    const may = instructions.name.filter((_, number) => instructions.mayRunPython[number] === 1);
    expect(may).toEqual(expect.arrayContaining([...having(instructions, trait.call), 'FOR_ITER', 'LOAD_ATTR']));
    for (const never of ['LOAD_FAST', 'JUMP_FORWARD', 'LOAD_CONST', 'RETURN_VALUE']) expect(may).not.toContain(never);
  });
});
