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
import { ContextVariable } from './context-variable.ts';
import { ContextWatch } from './context-watch.ts';

/** Goes from context to context; wherever it waits for a line, it has printed its variable's address and value there. */
const program = `
import contextvars, os, sys
var = contextvars.ContextVar('region')
class Value: pass

def here():
    value = var.get(None)
    print(id(var), 0 if value is None else id(value), flush=True)
    os.read(0, 100)

def changed():
    var.set(Value()); here()
    inner = contextvars.Context()
    inner.run(here)
    inner.run(var.set, Value())
    for _ in range(3): inner.run(here)
    here()

here()
var.set(Value()); here()
contextvars.copy_context().run(changed)
here()
# One context after the other at the same addresses, each with another value.
for _ in range(20):
    def each():
        var.set(Value())
        here()
    contextvars.copy_context().run(each)
var.set(None); here()
`;

class CountingMemory extends ProcessMemory {
  reads = 0;

  override read(address: Address, into: Uint8Array, length?: number): number {
    this.reads++;
    return super.read(address, into, length);
  }
}

async function start(python: Python): Promise<{
  readonly target: Target;
  readonly open: OpenTarget;
  readonly memory: CountingMemory;
  readonly watch: ContextWatch;
  /** Brings it up to date. */
  readonly read: () => boolean;
  /** The value that the program tells next, once it stands still. */
  readonly next: () => Promise<number>;
}> {
  const target = startTarget(python, program);
  let variable = 0;
  const next = async (): Promise<number> => {
    const [address, value] = (await target.line()).split(' ').map(Number);
    variable = address as number;
    await waitsForInput(target);
    return value as number;
  };
  expect(await next()).toBe(0);
  const memory = new CountingMemory(target.pid);
  const open = await openTarget(target, memory);
  const watch = new ContextWatch(open.reader, new ContextVariable(open.reader, variable), open.main.threadState);
  const read = (): boolean => {
    watch.capture();
    return watch.confirm();
  };
  return { target, open, memory, watch, read, next };
}

describeEachPython("a thread's context", (python) => {
  test('is followed wherever the thread goes', async () => {
    const { target, watch, read, next } = await start(python);
    expect(read()).toBe(true);
    expect(watch.value).toBe(0);
    const [told, seen]: [number[], number[]] = [[], []];
    for (let step = 0; step < 28; step++) {
      target.say('on');
      told.push(await next());
      // Setting the variable leaves no trace in the thread state: whoever does it must say so.
      watch.forget();
      expect(read()).toBe(true);
      seen.push(watch.value);
    }
    expect(seen).toEqual(told);
    expect(new Set(told).size).toBeGreaterThan(3);
  });

  test('is looked up again only when it was left, and says when it was', async () => {
    const { target, memory, watch, read, next } = await start(python);
    read();
    target.say('on');
    const first = await next();
    watch.forget();
    expect(read()).toBe(true);
    expect(watch.value).toBe(first);
    const { generation } = watch;
    memory.reads = 0;
    for (let look = 0; look < 10; look++) {
      expect(read()).toBe(true);
      expect(watch.isUnmoved()).toBe(true);
    }
    expect(memory.reads).toBe(30);
    expect(watch.generation).toBe(generation);

    target.say('on');
    const second = await next();
    expect(watch.isUnmoved()).toBe(false);
    expect(read()).toBe(true);
    expect(watch.value).toBe(second);
    expect(second).not.toBe(first);
    expect(watch.generation).toBeGreaterThan(generation);
  });

  test('cannot be read when the program has ended', async () => {
    const { target, watch, read } = await start(python);
    expect(read()).toBe(true);
    const ended = new Promise((resolve) => target.child.once('close', resolve));
    target.child.kill('SIGKILL');
    await ended;
    expect(read()).toBe(false);
    expect(watch.isUnmoved()).toBe(false);
  });
});
