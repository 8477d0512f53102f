import { expect, test } from 'vitest';
import { describeEachPython, type Python } from '../../../../test/support/pythons.ts';
import {
  type OpenTarget,
  openTarget,
  startTarget,
  type Target,
  waitsForInput,
} from '../../../../test/support/target.ts';
import { type Address, ProcessMemory } from '../../memory/process-memory.ts';
import { ObjectReader } from '../objects/objects.ts';
import { CodeCache } from './code-cache.ts';

/** At each line of input, the last function is gone and another one made: in all but its name it is like the one before. */
const program = `
import sys
def steady(): pass
print(id(steady.__code__), flush=True)
names = {}
number = 0
for line in sys.stdin:
    code = None
    names.clear()
    number += 1
    exec('def f%d(): return 1' % (number % 10), names)
    code = names['f%d' % (number % 10)].__code__
    print(id(code), code.co_name, flush=True)
`;

class CountingMemory extends ProcessMemory {
  reads = 0;

  override read(address: Address, into: Uint8Array, length?: number): number {
    this.reads++;
    return super.read(address, into, length);
  }
}

interface Opened extends OpenTarget {
  readonly target: Target;
  readonly counting: CountingMemory;
  readonly steady: Address;
  /** Makes a new function. */
  readonly next: () => Promise<{ readonly address: Address; readonly name: string }>;
}

async function start(python: Python): Promise<Opened> {
  const target = startTarget(python, program);
  const steady = Number(await target.line());
  const counting = new CountingMemory(target.pid);
  const open = await openTarget(target, counting);
  const next = async () => {
    await waitsForInput(target);
    target.say('next');
    const [address, name = ''] = (await target.line()).split(' ');
    await waitsForInput(target);
    return { address: Number(address), name };
  };
  return { ...open, target, counting, steady, next };
}

describeEachPython('the cache of code objects', (python) => {
  test('notices every time that an address has got another code object', async () => {
    const { reader, instructions, next } = await start(python);
    const codes = new CodeCache(new ObjectReader(reader.memory, reader.layout), instructions);
    const seen = new Map<Address, string>();
    let reused = 0;
    for (let step = 0; step < 200; step++) {
      const { address, name } = await next();
      codes.now += 1;
      expect(codes.get(address)?.name).toBe(name);
      const before = seen.get(address);
      if (before !== undefined && before !== name) reused++;
      seen.set(address, name);
    }
    // Else the test has shown nothing.
    expect(reused).toBeGreaterThan(20);
    expect(codes.reused).toBe(reused);
  });

  test('takes few reads to know one', async () => {
    const { codes, counting, steady } = await start(python);
    counting.reads = 0;
    expect(codes.get(steady)?.name).toBe('steady');
    // Each is a call of the system, while the program goes on.
    expect(counting.reads).toBeLessThanOrEqual(python.minor < 12 ? 17 : 12);
  });

  test('believes what was long the same for 50 ms at most', async () => {
    const { codes, next } = await start(python);
    const before = await next();
    for (codes.now = 0; codes.now < 10_000; codes.now += 10) expect(codes.get(before.address)?.name).toBe(before.name);
    // Another function at the same address: one of the next few, as the allocator likes.
    let after = await next();
    for (let tries = 0; tries < 50 && (after.address !== before.address || after.name === before.name); tries++) {
      after = await next();
    }
    expect(after.address).toBe(before.address);
    codes.now += 51;
    expect(codes.get(after.address)?.name).toBe(after.name);
  });

  test('believes nothing for a while after an address was found reused', async () => {
    const { codes, counting, steady, next } = await start(python);
    for (codes.now = 0; codes.now < 10_000; codes.now += 10) codes.get(steady);
    counting.reads = 0;
    codes.get(steady);
    expect(counting.reads).toBe(0);
    for (let tries = 0; codes.reused === 0 && tries < 100; tries++) codes.get((await next()).address);
    expect(codes.reused).toBe(1);
    counting.reads = 0;
    codes.get(steady);
    expect(counting.reads).toBeGreaterThan(0);
  });

  test('looks once for all frames of a copy, and anew for the next one', async () => {
    const { codes, counting, next } = await start(python);
    const before = await next();
    codes.beginCopy();
    codes.getOfCopy(before.address);
    counting.reads = 0;
    expect(codes.getOfCopy(before.address)?.name).toBe(before.name);
    expect(counting.reads).toBe(0);
    let after = await next();
    for (let tries = 0; tries < 50 && (after.address !== before.address || after.name === before.name); tries++) {
      after = await next();
    }
    codes.beginCopy();
    expect(codes.getOfCopy(after.address)?.name).toBe(after.name);
    expect(counting.reads).toBeGreaterThan(0);
  });

  test('gives the same object as long as nothing has changed', async () => {
    const { codes, steady } = await start(python);
    const code = codes.get(steady);
    expect(code?.name).toBe('steady');
    for (codes.now = 0; codes.now < 1000; codes.now += 7) expect(codes.get(steady)).toBe(code);
    expect([...codes.codes()]).toEqual([code]);
  });

  test('remembers what is no code object, too', async () => {
    const { codes, counting, main, steady } = await start(python);
    // From then on it is known what type code objects have, so that nothing else of an object counts.
    const code = codes.get(steady);
    expect(codes.get(main.threadState)).toBeUndefined();
    codes.now += 1000;
    codes.get(main.threadState);
    codes.now += 1;
    counting.reads = 0;
    expect(codes.get(main.threadState)).toBeUndefined();
    expect(counting.reads).toBe(0);
    expect(codes.get(0)).toBeUndefined();
    expect([...codes.codes()]).toEqual([code]);
  });
});
