/**
 * Which await ended the time that a thread was idle? Every await that goes on costs one look at the clock; only where the
 * event loop really slept before it, it is asked where it stands.
 */
import { performance } from 'node:perf_hooks';
import { promiseHooks } from 'node:v8';
import { AwaitRate } from './await-rate.ts';
import { Budget } from './budget.ts';
import { leastMajor, watchCallbacks } from './callbacks.ts';
import { nowMicros } from './clock.ts';
import { AwaitStacks, type CapturedStack, captureStack } from './stack-capture.ts';
import type { AwaitWatch } from './thread-recording.ts';

/** Idle time, in ms, that an await or a callback must have ended to be asked where it stands. */
const shortestIdle = 0.5;
/**
 * What may be spent, as share of the time and in ms at once, on taking stacks when awaits begin, on those of awaits that ended
 * idle time, and on those that show who waits for whom.
 */
const budgets = { begin: [0.004, 2], end: [0.01, 10], learn: [0.002, 2] } as const;
/** Ends of idle time kept between two pieces of a recording. */
const mostEnds = 100_000;

const origin: unique symbol = Symbol('timesink.origin');
const began: unique symbol = Symbol('timesink.began');

/** The promise that V8 makes for an await, or any other. */
interface Watched {
  [origin]?: CapturedStack;
  /** How often callbacks had ended idle time when it was made. */
  [began]?: number;
}

const tooOld = `Callbacks were not followed: Node.js can tell of them from version ${leastMajor} on.`;

type Hook = (...args: never[]) => void;

// The program may replace these later.
const now = performance.now.bind(performance);
const { nodeTiming } = performance;
const { createHook } = promiseHooks;

/** Begins to watch the awaits of this thread. @param wantsCallbacks whether what callbacks end is attributed, too */
export function startAwaitWatch(wantsCallbacks: boolean): AwaitWatch {
  const hasCallbacks = wantsCallbacks && Number.parseInt(process.versions.node, 10) >= leastMajor;
  const [begins, placed, learnt] = [budgets.begin, budgets.end, budgets.learn].map(
    ([share, most]) => new Budget(share, most, now()),
  ) as [Budget, Budget, Budget];
  const stacks = new AwaitStacks();
  const rate = new AwaitRate(now());
  let ends: [at: number, stack: number][] = [];
  /** When an await last went on, and how long the loop had slept until then. */
  let last = now();
  let idleBefore = nodeTiming.idleTime;
  /** When an await went on whose stack is not known yet. */
  let unplaced: number | undefined;
  let isInnermost = true;
  /** The promise of the await that has just begun, and its stack, where it turned out not to be that. */
  let newest: Watched | undefined;
  let carried: CapturedStack | undefined;
  let stop: (() => void) | undefined;

  /** Whatever goes wrong here must not reach the program. */
  const guarded = (budget: Budget, work: () => void): void => {
    try {
      const start = now();
      work();
      budget.spend(now() - start);
    } catch {
      rate.giveUp('Awaits were not followed to the end: the program does not let its calls be looked at.');
      pause();
    }
  };
  const keep = (at: number, captured: CapturedStack, isLate: boolean): void => {
    const stack = stacks.numberOf(captured, isLate);
    if (stack !== undefined && ends.length < mostEnds) ends.push([at, stack]);
  };
  const callbacks = hasCallbacks
    ? watchCallbacks(shortestIdle, (at, made) => {
        if (placed.allows(last)) guarded(placed, () => keep(at, made, false));
      })
    : undefined;
  /** What has just gone on does something: its stack shows now. */
  const placeFrom = (hook: Hook): void => {
    const at = unplaced as number;
    unplaced = undefined;
    if (placed.allows(last)) guarded(placed, () => keep(at, captureStack(hook), true));
  };

  const init = (promise: Watched, parent: Watched | undefined): void => {
    if (unplaced !== undefined) placeFrom(init);
    if (parent === undefined) {
      isInnermost = true;
      carried = undefined;
      return;
    }
    if (callbacks !== undefined) promise[began] = callbacks.gaps;
    // Callers that await what they called make their promises right after it: they are part of its stack.
    if (!isInnermost) return;
    isInnermost = false;
    newest = promise;
    if (carried !== undefined) {
      promise[origin] = carried;
      carried = undefined;
    } else if (begins.allows(last)) {
      guarded(begins, () => {
        promise[origin] = captureStack(init);
      });
    }
  };
  const before = (promise: Watched): void => {
    const time = now();
    const captured = promise[origin];
    isInnermost = true;
    newest = undefined;
    carried = undefined;
    let hasSlept = false;
    if (time - last > shortestIdle) {
      const idle = nodeTiming.idleTime;
      hasSlept = idle - idleBefore >= shortestIdle;
      idleBefore = idle;
    }
    last = time;
    // An await that began after the loop slept has not ended that.
    if (callbacks?.isOpen === true) hasSlept = promise[began] !== callbacks.gaps;
    if (hasSlept) callbacks?.close();
    if (hasSlept) endIdle(captured);
    else if (captured !== undefined && learnt.allows(time)) guarded(learnt, () => stacks.numberOf(captured, false));
    if (rate.isTooHigh(time)) pause();
  };
  const endIdle = (captured: CapturedStack | undefined): void => {
    if (captured === undefined) unplaced = nowMicros();
    else if (placed.allows(last)) guarded(placed, () => keep(nowMicros(), captured, false));
  };
  const settled = (promise: Watched): void => {
    if (unplaced !== undefined) placeFrom(settled);
    // What is awaited and is no promise is first made one, which is settled at once: the await's own comes next.
    if (promise !== newest) return;
    carried = promise[origin];
    isInnermost = true;
  };
  const after = (): void => {
    unplaced = undefined;
  };
  const pause = (): void => {
    stop?.();
    stop = undefined;
  };
  const goOn = (): void => {
    stop = createHook({ init, before, after, settled } as never) as never as () => void;
  };
  goOn();
  return {
    take: () => {
      const taken = { stacks: stacks.take(), ends };
      ends = [];
      if (stop === undefined && rate.mayGoOn(now())) goOn();
      return taken;
    },
    note: () => rate.note ?? (wantsCallbacks && !hasCallbacks ? tooOld : undefined),
    end: () => {
      callbacks?.end();
      pause();
    },
  };
}
