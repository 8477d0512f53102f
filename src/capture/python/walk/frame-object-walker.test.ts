/** What does the walker of 3.8–3.10 make of frames that do not fit? In images of a real stack, some words are changed. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ImageMemory, type Pages, RecordingMemory } from '../../../../test/support/memory-image.ts';
import { pythons } from '../../../../test/support/pythons.ts';
import {
  framesOf,
  type OpenTarget,
  openTarget,
  sharedTarget,
  stopTarget,
  tellProgram,
} from '../../../../test/support/target.ts';
import type { Address } from '../../memory/process-memory.ts';
import { CodeCache } from '../code/code-cache.ts';
import { ObjectReader } from '../objects/objects.ts';
import { FrameObjectWalker } from './frame-object-walker.ts';
import type { FrameView } from './frame-view.ts';

const program = `
def leaf(): block()
def outer(): leaf()
outer()
`;

const whole = ['<module>', 'outer', 'leaf', 'block'];

/** One word is what it is in the image only when it is read for the first time. */
class MovingMemory extends ImageMemory {
  moving: Address = 0;
  #looks = 0;

  override read(address: Address, into: Uint8Array, length?: number): number {
    const read = super.read(address, into, length);
    if (address === this.moving && this.#looks++ > 0) into.fill(0, 0, 8);
    return read;
  }
}

for (const python of pythons.filter(({ minor }) => minor <= 10)) {
  describe(`frames on the heap (Python ${python.version})`, () => {
    const shared = sharedTarget(python, tellProgram + program);
    let open: OpenTarget;
    let pages: Pages;
    let frames: readonly Address[];

    beforeAll(async () => {
      stopTarget(shared.target);
      const memory = new RecordingMemory(shared.target.pid);
      open = await openTarget(shared.target, memory, () => {});
      expect(open.walker.sample(true)).toBe(true);
      pages = memory.pages;
      frames = open.walker.frames.slice(0, open.walker.depth).map(({ address }) => address);
      memory.close();
    });

    const at = (index: number): Address => frames[index] ?? 0;

    /** The image with one word of 8 or 4 bytes changed. */
    function changed(address: Address, value: number, bytes = 8): Pages {
      const copy = new Map(pages);
      const page = (copy.get(Math.floor(address / 4096)) as Uint8Array).slice();
      const view = new DataView(page.buffer);
      view.setInt32(address % 4096, value % 2 ** 32, true);
      if (bytes === 8) view.setInt32((address % 4096) + 4, Math.floor(value / 2 ** 32), true);
      return copy.set(Math.floor(address / 4096), page);
    }

    interface Walk {
      readonly memory: MovingMemory;
      readonly walker: FrameObjectWalker;
      names(isAsleep?: boolean): readonly string[] | false;
    }

    function walk(image: Pages): Walk {
      const memory = new MovingMemory(image);
      const reader = new ObjectReader(memory, open.layout);
      const codes = new CodeCache(reader, open.instructions);
      const walker = new FrameObjectWalker(reader, open.instructions, codes, open.main.threadState);
      const names = (isAsleep = false) => walker.sample(isAsleep) && framesOf(walker).map(({ name }) => name);
      return { memory, walker, names };
    }

    /** `outer` stands at the LOAD_CONST before its return, the fourth instruction. */
    const callingNothing = (): Pages =>
      changed(at(1) + open.layout.frame.lastInstruction, python.minor >= 10 ? 3 : 6, 4);

    test('are walked from the one that runs', () => {
      expect(walk(pages).names()).toEqual(whole);
    });

    test('are no stack where none runs', () => {
      expect(walk(changed(open.main.threadState + open.layout.thread.frame, 0)).names()).toEqual([]);
    });

    test('that cannot have called each other are believed where they stand still', () => {
      expect(walk(callingNothing()).names()).toEqual(whole);
    });

    test('that cannot have called each other, and move, are no stack as long as none is known', () => {
      const { memory, names } = walk(callingNothing());
      memory.moving = open.main.threadState + open.layout.thread.frame;
      expect(names()).toBe(false);
    });

    test('whose callers cannot be told stand on those that the leaf was last seen with', () => {
      const { memory, walker, names } = walk(pages);
      expect(names()).toEqual(whole);
      memory.pages = changed(at(1) + open.layout.frame.back, at(3));
      expect(names()).toEqual(whole);
      expect(walker.frames.slice(0, walker.depth).map(({ isInferred }) => isInferred)).toEqual([
        true,
        true,
        true,
        false,
      ]);
    });

    test('that call a function in whose place another one was are believed', () => {
      const { memory, walker, names } = walk(pages);
      expect(names()).toEqual(whole);
      const [, outer, leaf] = walker.frames;
      const { functionCode } = open.layout.object;
      const slots = Array.from({ length: 20 }, (_, index) => walker.slot(outer as FrameView, index));
      const callee = slots.find((object) => memory.pointer(object + functionCode) === leaf?.code?.address) ?? 0;
      expect(callee).toBeGreaterThan(0);

      const other = walk(changed(callee + functionCode, outer?.code?.address ?? 0));
      expect(other.names()).toEqual(whole);
      other.memory.pages = pages;
      other.memory.moving = open.main.threadState + open.layout.thread.frame;
      expect(other.names()).toEqual(whole);
      expect(other.walker.frames.slice(0, whole.length).some(({ isInferred }) => isInferred)).toBe(false);
    });

    test('that go round in a circle are no stack', () => {
      const circle = changed(at(0) + open.layout.frame.back, at(3));
      expect(walk(circle).names(true)).toBe(false);
      expect(walk(circle).names(false)).toBe(false);
    });

    test('that end before the outermost one are no stack of their own', () => {
      const { executing, state } = open.layout.frame;
      // The flag that says that the frame runs: a byte of its own up to 3.9, one of several states in 3.10.
      const image = executing >= 0 ? changed(at(0) + executing, 0, 4) : changed(at(0) + state, -1, 4);
      expect(walk(image).names(true)).toBe(false);
    });
  });

  describe(`deep stacks (Python ${python.version})`, () => {
    const deep = 'def deep(depth, mark):\n if depth: deep(depth - 1, mark)\n else: block()\ndeep(400, object())\n';
    const shared = sharedTarget(python, `${tellProgram}\nsys.setrecursionlimit(2000)\n${deep}`);

    test('tell the locals of every frame, and keep the copies of a few', () => {
      const { walker } = shared.open;
      for (const _ of [1, 2]) {
        expect(walker.sample(true)).toBe(true);
        const frames = walker.frames.slice(0, walker.depth).filter(({ code }) => code?.name === 'deep');
        expect(frames).toHaveLength(401);
        const marks = new Set(frames.map((frame) => walker.slot(frame, 1)));
        expect([...marks]).toEqual([expect.any(Number)]);
        expect(marks).not.toContain(0);
        expect(frames.filter(({ copy }) => copy !== undefined).length).toBeLessThan(200);
      }
    });
  });
}
