/** In which coroutines was a region begun? */
import type { Address } from '../../memory/process-memory.ts';
import type { Code } from '../code/code.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameStack } from '../stack-namer.ts';
import type { FrameView } from '../walk/frame-view.ts';

/** `CO_COROUTINE | CO_ITERABLE_COROUTINE | CO_ASYNC_GENERATOR` (Include/cpython/code.h). */
const isAwaited = 0x80 | 0x100 | 0x200;

/** A coroutine that was on the stack, and the function that it runs. */
export interface RootCoroutine {
  readonly coroutine: Address;
  readonly code: Address;
  /** Position of its frame in the stack. */
  readonly at: number;
}

/**
 * The roots of a stack, the innermost first: of each unbroken run of frames that belong to generators the outermost that is
 * a coroutine. Plain functions end a run: what is below a loop that drives coroutines does not wait for them.
 * @param hint a coroutine that is known to be a root: asyncio's current task may have been started in the middle of a run
 */
export function rootCoroutines(reader: ObjectReader, stack: FrameStack, hint: Address): readonly RootCoroutine[] {
  const roots: RootCoroutine[] = [];
  let root: RootCoroutine | undefined;
  for (let at = stack.depth - 1; at >= 0; at--) {
    const frame = stack.frames[at] as FrameView;
    const code = frame.code as Code;
    if (code.isTrampoline) continue;
    const coroutine = code.isGenerator ? generatorOf(reader, frame) : 0;
    if (coroutine === 0) {
      if (root !== undefined) roots.push(root);
      root = undefined;
      continue;
    }
    if (root?.coroutine === hint && hint !== 0) continue;
    const flags = reader.memory.uint32(code.address + reader.layout.code.flags);
    if (flags > 0 && (flags & isAwaited) !== 0) root = { coroutine, code: code.address, at };
  }
  if (root !== undefined) roots.push(root);
  return roots;
}

/** The generator that a frame belongs to; 0 where it does not belong to one. */
function generatorOf({ memory, layout }: ObjectReader, frame: FrameView): Address {
  if (layout.minor < 11) {
    return frame.isInferred ? 0 : memory.pointer(frame.address + (layout.structs['PyFrameObject']?.['f_gen'] ?? 0));
  }
  return frame.inHeap ? Math.max(0, frame.address - layout.generator.frame) : 0;
}
