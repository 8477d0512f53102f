/** Follows the regions of one process: what does a thread do for a region at this moment? */
import { noStack, type StackIndex } from '../../../session/ids.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { CodeCache } from '../code/code-cache.ts';
import type { Instructions } from '../code/instructions.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { FrameStack, StackNamer, Walker } from '../stack-namer.ts';
import { AwaitChain } from './await-chain.ts';
import { ContextVariable } from './context-variable.ts';
import { ContextWatch } from './context-watch.ts';
import { FollowedRegion } from './followed-region.ts';
import { IdleLoops } from './idle-loops.ts';
import type { Region, RegionStart, RegionThread } from './region.ts';
import { RegionValues } from './region-values.ts';
import { rootCoroutines } from './root-coroutines.ts';

/** Times that a thread is looked at anew when it has entered or left a context meanwhile. */
const mostLooks = 8;

/** What of a process is needed. */
export interface FollowedProcess {
  readonly reader: ObjectReader;
  readonly instructions: Instructions;
  readonly codes: CodeCache;
  readonly namer: StackNamer;
}

/** The regions of one process. */
export class RegionFollower {
  readonly #process: FollowedProcess;
  readonly #variable: ContextVariable;
  readonly #values = new RegionValues();
  readonly #chain: AwaitChain;
  readonly #loops: IdleLoops;
  readonly #changes = { count: 0 };

  /** @param variable address of the context variable in which regions put their values */
  constructor(process: FollowedProcess, variable: Address) {
    const { reader, instructions, codes } = process;
    this.#process = process;
    this.#variable = new ContextVariable(reader, variable);
    this.#chain = new AwaitChain(reader, instructions, codes);
    this.#loops = new IdleLoops(reader, instructions, codes);
  }

  /** Follows a thread; `walker` walks its stack. */
  thread(threadState: Address, walker: Walker): RegionThread {
    const { reader } = this.#process;
    const context = new ContextWatch(reader, this.#variable, threadState);
    const process = this.#process;
    const shared = { process, values: this.#values, chain: this.#chain, loops: this.#loops, changes: this.#changes };
    return new FollowedThread(shared, context, walker);
  }
}

interface Shared {
  readonly process: FollowedProcess;
  readonly values: RegionValues;
  readonly chain: AwaitChain;
  readonly loops: IdleLoops;
  /** How often a region has begun or ended: the program has set the variable for it. */
  readonly changes: { count: number };
}

class FollowedThread implements RegionThread {
  readonly #shared: Shared;
  readonly #context: ContextWatch;
  readonly #walker: Walker;
  readonly #regions = new Set<FollowedRegion>();
  readonly #found = new Map<Region, StackIndex | undefined>();
  /** The stack of the current look, where it has been walked, and the one that shows awaits instead of an idle loop. */
  #stack: StackIndex | undefined;
  #awaits: StackIndex | undefined;
  #isAsleep = false;
  #changes = 0;

  constructor(shared: Shared, context: ContextWatch, walker: Walker) {
    this.#shared = shared;
    this.#context = context;
    this.#walker = walker;
  }

  begin(start: RegionStart): Region | undefined {
    const { process, values } = this.#shared;
    if (!this.#walk(true)) return undefined;
    const { namer, reader } = process;
    const roots = start.mode === 'disabled' ? [] : rootCoroutines(reader, this.#walker, start.hint);
    const region = new FollowedRegion(
      start,
      roots.map((root) => ({ ...root, below: namer.stackOf(this.#walker, noStack, 0, root.at) })),
      namer.stackOf(this.#walker),
    );
    this.#regions.add(region);
    if (start.value !== 0) values.add(start.value, start.parent);
    this.#shared.changes.count++;
    return region;
  }

  end(region: Region): void {
    if (!this.#regions.delete(region as FollowedRegion)) return;
    if (region.value !== 0) this.#shared.values.end(region.value);
    this.#shared.changes.count++;
  }

  look(regions: readonly Region[], isAsleep: boolean): boolean {
    this.#isAsleep = isAsleep;
    if (this.#changes !== this.#shared.changes.count) this.#context.forget();
    this.#changes = this.#shared.changes.count;
    for (let look = 0; look < mostLooks; look++) {
      this.#stack = undefined;
      this.#awaits = undefined;
      this.#found.clear();
      const needsContext = regions.some(({ mode }) => mode !== 'disabled');
      if (needsContext && !this.#context.read()) continue;
      if (!regions.every((region) => this.#find(region as FollowedRegion))) break;
      if (!needsContext || this.#context.isUnmoved()) return true;
    }
    this.#found.clear();
    return false;
  }

  stackOf(region: Region): StackIndex | undefined {
    return this.#found.get(region);
  }

  /** Finds what the thread does for a region. @returns false where the stack is needed and cannot be read */
  #find(region: FollowedRegion): boolean {
    const { values } = this.#shared;
    const isOwn = this.#regions.has(region);
    if (!isOwn && !region.inOtherThreads) return true;
    const isInside = region.mode === 'disabled' || values.isWithin(this.#context.value, region.value);
    if (!isInside && !isOwn) return true;
    const waiting = isInside ? undefined : this.#waitOf(region);
    if (waiting !== undefined) {
      this.#found.set(region, waiting);
      return true;
    }
    if (!this.#walkOnce()) return false;
    const stack = this.#stack as StackIndex;
    if (!isInside) this.#found.set(region, this.#outside(region, stack));
    else {
      this.#found.set(region, region.mode === 'disabled' ? stack : (this.#awaits ?? stack));
      // While greenlets are switched, no frame runs for an instant.
      if (isOwn && stack !== noStack) region.lastInside = stack;
    }
    return true;
  }

  /** Outside, and not waiting for anything: another greenlet, a callback, or the event loop itself. */
  #outside(region: FollowedRegion, stack: StackIndex): StackIndex {
    if (region.mode === 'enabled' && stack !== noStack) return stack;
    return this.#shared.process.namer.mark('out-of-context', region.lastInside);
  }

  #waitOf(region: FollowedRegion): StackIndex | undefined {
    const { process, chain } = this.#shared;
    const stackOf = (frames: FrameStack, below: StackIndex): StackIndex =>
      process.namer.mark('await', process.namer.stackOf(frames, below));
    return region.wait(this.#context.generation, chain, stackOf);
  }

  #walkOnce(): boolean {
    if (this.#stack !== undefined) return true;
    if (!this.#walk(this.#isAsleep)) return false;
    const { process, loops } = this.#shared;
    this.#stack = process.namer.stackOf(this.#walker);
    const awaits = this.#isAsleep ? loops.waiting(this.#walker) : undefined;
    if (awaits !== undefined) this.#awaits = process.namer.mark('await', process.namer.stackOf(awaits));
    return true;
  }

  /** Where code was met for the first time, another one may have been at its address when the stack was copied. */
  #walk(isAsleep: boolean): boolean {
    const { codes } = this.#shared.process;
    for (let read = 0; read < mostLooks; read++) {
      const { learned } = codes;
      if (this.#walker.sample(isAsleep) && codes.learned === learned) return true;
    }
    return false;
  }
}
