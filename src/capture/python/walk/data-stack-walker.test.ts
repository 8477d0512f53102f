/** Each rule of docs/coherence.md by itself: in the image of a real stack, some words are changed as a running program would. */
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
import type { Code } from '../code/code.ts';
import { CodeCache } from '../code/code-cache.ts';
import { trait } from '../code/instructions.ts';
import { ObjectReader } from '../objects/objects.ts';
import { chunkHeader } from './data-stack.ts';
import { DataStackWalker } from './data-stack-walker.ts';
import type { FrameView } from './frame-view.ts';

/** Waits in `block`, called by `inner`, called by `outer` at a place where only `inner` was ever called. */
const program = `
waits = False
def inner():
    if waits: block()
def outer():
    inner()
def generator():
    outer()
    yield 1
def delegating():
    for one in generator(): yield one
def main():
    for _ in delegating(): pass
for _ in range(300): main()
waits = True
main()
`;

type Word = readonly [address: Address, bytes: Uint8Array];

const int32 = (address: Address, value: number): Word => [address, new Uint8Array(Int32Array.of(value).buffer)];
const uint64 = (address: Address, value: number): Word => [
  address,
  new Uint8Array(BigUint64Array.of(BigInt(value)).buffer),
];

/** A copy of the pages in which some words are others. */
function changed(pages: Pages, words: readonly Word[]): Pages {
  const copy = new Map([...pages].map(([number, bytes]) => [number, bytes.slice()]));
  for (const [address, bytes] of words) {
    for (const [at, byte] of bytes.entries()) {
      const page = copy.get(Math.floor((address + at) / 4096));
      if (page === undefined) throw new Error('not a place that was read');
      page[(address + at) % 4096] = byte;
    }
  }
  return copy;
}

/** A frame at this address is another one at every look. */
class MovingMemory extends ImageMemory {
  moving: Address = 0;

  override read(address: Address, into: Uint8Array, length?: number): number {
    const read = super.read(address, into, length);
    if (address === this.moving) into[read - 1] = (into[read - 1] as number) ^ (1 + (this.reads % 255));
    return read;
  }
}

class Image {
  readonly open: OpenTarget;
  readonly pages: Pages;
  readonly outer: FrameView;
  readonly inner: FrameView;
  readonly delegating: FrameView;

  constructor(open: OpenTarget, pages: Pages) {
    this.open = open;
    this.pages = pages;
    const frame = (name: string): FrameView => {
      const found = open.walker.frames.slice(0, open.walker.depth).find(({ code }) => code?.name === name);
      if (found === undefined) throw new Error(`no frame of ${name}`);
      return found;
    };
    this.outer = frame('outer');
    this.inner = frame('inner');
    this.delegating = frame('delegating');
  }

  pointer(address: Address): Address {
    const memory = new ImageMemory(this.pages);
    const pointer = memory.pointer(address);
    memory.close();
    return pointer;
  }

  /** Names on the stack, as walked with these words changed; undefined where it could not be read. */
  names(words: readonly Word[], moving: Address = 0): readonly string[] | undefined {
    const { layout, instructions, main } = this.open;
    const memory = new MovingMemory(changed(this.pages, words));
    memory.moving = moving;
    const reader = new ObjectReader(memory, layout);
    const walker = new DataStackWalker(reader, instructions, new CodeCache(reader, instructions), main.threadState);
    const isWhole = walker.sample();
    memory.close();
    return isWhole ? framesOf(walker).map(({ name }) => name) : undefined;
  }

  /** The frame runs its own code, as far as its stack pointer says. */
  executing({ address }: FrameView): Word {
    const at = address + this.open.layout.frame.stackTop;
    return this.open.layout.minor >= 14 ? uint64(at, 0) : int32(at, -1);
  }

  /** The frame is at its end. */
  returning({ address, code }: FrameView): Word {
    const { traits, start } = code as Code;
    const unit = traits.findLastIndex((traits) => (traits & trait.leaves) !== 0);
    return uint64(address + this.open.layout.frame.instruction, start + unit * 2);
  }

  /** The call has left no callable on the value stack. */
  forgotten({ address, stackTop }: FrameView): readonly Word[] {
    const slot = address + this.open.layout.frame.localsPlus + stackTop * 8;
    return [uint64(slot, 0), uint64(slot + 8, 0)];
  }

  calledBy({ address }: FrameView, previous: Address): Word {
    return uint64(address + this.open.layout.frame.previous, previous);
  }
}

describe.each(pythons.filter(({ minor }) => minor >= 11).map((python) => [python.version, python] as const))(
  'a copy of the data stack (Python %s)',
  (_, python) => {
    const shared = sharedTarget(python, tellProgram + program);
    let image: Image;

    beforeAll(async () => {
      stopTarget(shared.target);
      const memory = new RecordingMemory(shared.target.pid);
      const open = await openTarget(shared.target, memory, () => {});
      expect(open.walker.sample()).toBe(true);
      image = new Image(open, memory.pages);
      // What a walk looks at only where the frame is gone.
      expect(open.reader.shortTypeName(image.inner.function)).toBe('function');
      expect(memory.pointer(image.inner.function + open.layout.object.functionCode)).toBe(image.inner.code?.address);
      memory.close();
    });

    const below = ['<module>', 'main', 'delegating', 'generator'];
    const whole = [...below, 'outer', 'inner', 'block'];

    test('as it is', () => {
      expect(image.names([])).toEqual(whole);
    });

    test('rule 3: what was not called by the frame below is no callee', () => {
      const words = image.forgotten(image.outer);
      expect(image.names([image.calledBy(image.inner, image.outer.previous), ...words])).toEqual([...below, 'outer']);
      expect(image.names([image.calledBy(image.inner, 0), ...words])).toEqual([...below, 'outer']);
    });

    test('rule 4: what has ended is no callee', () => {
      const words = [image.returning(image.inner), ...image.forgotten(image.outer)];
      expect(image.names(words)).toEqual([...below, 'outer']);
    });

    test('rule 5: a frame that runs its own code has no callee', () => {
      expect(image.names([image.executing(image.outer)])).toEqual([...below, 'outer']);
      const ended = image.names([image.returning(image.outer)]) ?? [];
      expect(ended).not.toContain('inner');
      expect(ended).toEqual(whole.slice(0, ended.length));
    });

    test('rule 6: what the call does not name is no callee', () => {
      expect(image.names(image.forgotten(image.outer))).toEqual([...below, 'outer']);
    });

    test('rule 9, up to 3.13: the function that a call names is its callee where the frame is gone', () => {
      const claimed = python.minor <= 13 ? [...below, 'outer', 'inner'] : [...below, 'outer'];
      expect(image.names([image.calledBy(image.inner, 0)])).toEqual(claimed);
    });

    test('rule 11: a callee that has just ended is where the caller says it is', () => {
      expect(image.names([image.returning(image.inner)])).toEqual([...below, 'outer', 'inner']);
    });

    test('rule 12: a place made for another function is doubted, unless the caller stands still', () => {
      const { code, unit, address } = image.outer;
      const words = [int32((code as Code).start + unit * 2 + 4, 0x7fff_0001)];
      expect(image.names(words)).toEqual(whole);
      expect(image.names(words, address)).toEqual([...below, 'outer']);
      expect(image.names([], address)).toEqual(whole);
    });

    test('of a thread that runs nothing is no stack', () => {
      const { main, layout } = image.open;
      const { frame, cframe } = layout.thread;
      const inCframe = layout.structs['_PyCFrame']?.['current_frame'] ?? 0;
      const at = cframe < 0 ? main.threadState + frame : image.pointer(main.threadState + cframe) + inCframe;
      expect(image.names([uint64(at, 0)])).toEqual([]);
    });

    test('whose bottom frame has ended, or is none, is no stack', () => {
      const bottom = (image.open.walker as DataStackWalker).frames[0] as FrameView;
      expect(image.names([image.returning(bottom)])).toEqual([]);
      expect(image.names([uint64(bottom.address + image.open.layout.frame.executable, 0)])).toBeUndefined();
    });

    if (python.minor >= 12) {
      test('with a generator that resumes itself is not read', () => {
        const { delegating, open } = image;
        const { frame, generator } = open.layout;
        const slot = delegating.address + frame.localsPlus + delegating.stackTop * 8;
        const itself = delegating.address - generator.frame;
        expect(image.names([uint64(slot - 8, itself), uint64(slot - 16, itself)])).toBeUndefined();
      });
    }

    test('with a chunk of a size that cannot be is not read', () => {
      const [chunk] = (image.open.walker as DataStackWalker).stack.chunks;
      for (const size of [0, chunkHeader, 4096, 16_000, 2 ** 27, 2 ** 40]) {
        expect(image.names([uint64((chunk?.address ?? 0) + 8, size)])).toBeUndefined();
      }
    });
  },
);
