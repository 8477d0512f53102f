import { describe, expect, test } from 'vitest';
import { loadOffsets, newestMinor, oldestMinor } from '../offsets/index.ts';
import { type Layout, layoutOf } from './layout.ts';

const minors = Array.from({ length: newestMinor - oldestMinor + 1 }, (_, at) => oldestMinor + at);

async function layoutFor(minor: number, freeThreaded = false): Promise<Layout> {
  const table = await loadOffsets(minor, freeThreaded);
  if (table === undefined) throw new Error(`no table of 3.${minor}`);
  return layoutOf(minor, table);
}

/** Fields that the version does not have. */
function missing(layout: Layout): readonly string[] {
  const { runtime, interpreter, gil, thread, frame, code, generator, object } = layout;
  const parts = { runtime, interpreter, gil, thread, frame, code, generator, object };
  return Object.entries(parts).flatMap(([part, fields]) =>
    Object.entries(fields).flatMap(([field, offset]) => (offset === -1 ? [`${part}.${field}`] : [])),
  );
}

const frameObjects = ['code', 'lastInstruction', 'executing', 'state', 'objectLocals'].map((field) => `frame.${field}`);
const interpreterFrames = ['previous', 'executable', 'instruction', 'stackTop', 'function', 'owner', 'localsPlus'].map(
  (field) => `frame.${field}`,
);

describe.for(minors)('the layout of 3.%i', (minor) => {
  test('has frames on the heap up to 3.10, and on the data stack since', async () => {
    const lacks = missing(await layoutFor(minor));
    const [has, hasNot] = minor >= 11 ? [interpreterFrames, frameObjects] : [['frame.back'], interpreterFrames];
    for (const field of has) expect(lacks).not.toContain(field);
    expect(lacks).toEqual(expect.arrayContaining(hasNot));
    const isOnDataStack = !lacks.includes('thread.dataStackChunk') && !lacks.includes('thread.dataStackTop');
    expect(isOnDataStack).toBe(minor >= 11);
  });

  test('says in one way which frame runs, who holds the GIL, and where the bytecode is', async () => {
    const lacks = missing(await layoutFor(minor));
    expect(lacks.includes('thread.frame')).toBe(minor === 11 || minor === 12);
    expect(lacks.includes('runtime.currentThread')).toBe(minor >= 12);
    expect(lacks.includes('interpreter.gilPointer')).toBe(minor < 12);
    expect(lacks.includes('code.bytecode')).toBe(minor >= 11);
    expect(lacks.includes('code.adaptive')).toBe(minor < 11);
    expect(lacks.includes('code.frameSize')).toBe(minor < 12);
    expect(lacks.includes('thread.nativeThreadId')).toBe(minor < 11);
  });

  test('has all that every version has', async () => {
    const lacks = missing(await layoutFor(minor));
    const optional =
      /^(frame|code|generator)\.|^thread\.(frame|cframe|state|nativeThreadId|dataStack)|^runtime\.(currentThread|gil)$/;
    const never = lacks.filter((field) => !optional.test(field) && field !== 'interpreter.gilPointer');
    expect(never).toEqual(minor < 11 ? ['object.functionVersion'] : []);
    for (const field of ['size', 'name', 'file', 'lineTable', 'firstLine', 'flags', 'stackSize', 'argumentCount']) {
      expect(lacks).not.toContain(`code.${field}`);
    }
  });
});

test('only free-threaded builds since 3.14 have bytecode of their own for each thread', async () => {
  for (const minor of [13, 14, 15]) {
    expect(missing(await layoutFor(minor)).includes('frame.tlbcIndex')).toBe(true);
    const layout = await layoutFor(minor, true);
    expect(layout.freeThreaded).toBe(true);
    expect(missing(layout).includes('frame.tlbcIndex')).toBe(minor === 13);
  }
});
