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
  /** The regions that are asked for, sorted once for all looks at which they are the same. */
  #asked: readonly Region[] = [];
  #always: readonly FollowedRegion[] = [];
  #own: readonly FollowedRegion[] = [];
  readonly #byValue = new Map<Address, FollowedRegion>();
  /** Values of the regions inside which the thread runs. */
  readonly #around: Address[] = [];
  /** Regions that need the thread's stack, because it runs inside them or instead of them; and what was found of all. */
  readonly #inside: FollowedRegion[] = [];
  readonly #instead: FollowedRegion[] = [];
  readonly #found = new Map<Region, StackIndex>();
  readonly #moment = {
    begin: (): void => this.#context.capture(),
    isSame: (): boolean => this.#context.confirm() && this.#settle() && this.#needsStack,
  };
  #isAsleep = false;
  #isSettled = false;
  #changes = 0;

  constructor(shared: Shared, context: ContextWatch, walker: Walker) {
    this.#shared = shared;
    this.#context = context;
    this.#walker = walker;
  }

  begin(start: RegionStart): Region | undefined {
    const { process, values, loops } = this.#shared;
    this.#walker.moment = undefined;
    this.#isAsleep = true;
    if (!this.#walk()) return undefined;
    const { namer, reader } = process;
    const roots = start.mode === 'disabled' ? [] : rootCoroutines(reader, this.#walker, start.hint);
    const region = new FollowedRegion(
      start,
      roots.map((root) => ({ ...root, below: namer.stackOf(this.#walker, noStack, 0, root.at) })),
      namer.stackOf(this.#walker),
      loops.isInLoop(this.#walker),
    );
    this.#regions.add(region);
    this.#asked = [];
    if (start.value !== 0) values.add(start.value, start.parent);
    this.#shared.changes.count++;
    return region;
  }

  end(region: Region): void {
    if (!this.#regions.delete(region as FollowedRegion)) return;
    this.#asked = [];
    if (region.value !== 0) this.#shared.values.end(region.value);
    this.#shared.changes.count++;
  }

  look(regions: readonly Region[], isAsleep: boolean): boolean {
    if (regions !== this.#asked) this.#sort(regions);
    this.#isAsleep = isAsleep;
    this.#found.clear();
    this.#inside.length = 0;
    this.#instead.length = 0;
    if (this.#changes !== this.#shared.changes.count) this.#context.forget();
    this.#changes = this.#shared.changes.count;
    const isBound = this.#byValue.size > 0;
    if (!isBound && this.#always.length === 0) return true;
    this.#walker.moment = isBound ? this.#moment : undefined;
    if (isBound && this.#context.isUnmoved() && this.#settle() && !this.#needsStack) return true;
    if (!this.#walk()) {
      this.#found.clear();
      return false;
    }
    if (this.#needsStack) this.#giveStack();
    return true;
  }

  stackOf(region: Region): StackIndex | undefined {
    return this.#found.get(region);
  }

  #sort(regions: readonly Region[]): void {
    const followed = (regions as readonly FollowedRegion[]).filter(
      (region) => region.inOtherThreads || this.#regions.has(region),
    );
    const bound = followed.filter(({ mode }) => mode !== 'disabled');
    this.#asked = regions;
    this.#always = followed.filter(({ mode }) => mode === 'disabled');
    this.#own = bound.filter((region) => this.#regions.has(region));
    this.#byValue.clear();
    for (const region of bound) this.#byValue.set(region.value, region);
  }

  get #needsStack(): boolean {
    return this.#always.length > 0 || this.#inside.length > 0 || this.#instead.length > 0;
  }

  /**
   * Finds what the thread does for each region, as far as its context tells.
   * @returns false where the thread has left it meanwhile
   */
  #settle(): boolean {
    this.#found.clear();
    this.#inside.length = 0;
    this.#instead.length = 0;
    this.#shared.values.around(this.#context.value, this.#around);
    for (const value of this.#around) {
      const region = this.#byValue.get(value);
      if (region !== undefined) this.#inside.push(region);
    }
    for (const region of this.#own) {
      if (!this.#around.includes(region.value) && !this.#findOutside(region)) return false;
    }
    this.#isSettled = true;
    return true;
  }

  #findOutside(region: FollowedRegion): boolean {
    const { process, chain } = this.#shared;
    const stackOf = (frames: FrameStack, below: StackIndex): StackIndex =>
      process.namer.mark('await', process.namer.stackOf(frames, below));
    const waiting = region.wait(this.#context, chain, stackOf);
    if (waiting === 'moved') return false;
    if (waiting !== 'running') this.#found.set(region, waiting);
    else if (region.mode === 'enabled') this.#instead.push(region);
    else this.#found.set(region, process.namer.mark('out-of-context', region.lastInside));
    return true;
  }

  /** Gives the thread's stack, just walked, to the regions that need it. */
  #giveStack(): void {
    const { process, loops } = this.#shared;
    const stack = process.namer.stackOf(this.#walker);
    const waiting = this.#isAsleep ? loops.waiting(this.#walker) : undefined;
    const awaits = waiting === undefined ? stack : process.namer.mark('await', process.namer.stackOf(waiting));
    // A loop within the region is shown as from the command line; one around it runs other things, too.
    for (const region of this.#always) this.#found.set(region, region.beganInLoop ? stack : awaits);
    for (const region of this.#inside) {
      this.#found.set(region, awaits);
      // While greenlets are switched, no frame runs for an instant.
      if (stack !== noStack && this.#regions.has(region)) region.lastInside = stack;
    }
    // Another greenlet, a callback or the event loop itself; where no Python function runs, that of the region is away.
    for (const region of this.#instead) {
      const isNothing = stack === noStack;
      this.#found.set(region, isNothing ? process.namer.mark('out-of-context', region.lastInside) : stack);
    }
  }

  /**
   * Walks the stack, unless the regions turn out not to need it. Where code was met for the first time, another one may have
   * been at its address when the stack was copied.
   */
  #walk(): boolean {
    const { codes } = this.#shared.process;
    for (let read = 0; read < mostLooks; read++) {
      const { learned } = codes;
      this.#isSettled = false;
      const isRead = this.#walker.sample(this.#isAsleep);
      if (codes.learned !== learned) continue;
      if (isRead || (this.#isSettled && !this.#needsStack)) return true;
    }
    return false;
  }
}
