/**
 * Which callback ended the time that a thread was idle, where no await did? Node.js tells of every timer, request and socket
 * that is made, and of every one that calls back (`async_hooks`); each is asked where it was made.
 */
import { performance } from 'node:perf_hooks';
import { Budget } from './budget.ts';
import { nowMicros } from './clock.ts';
import { type CapturedStack, captureStack } from './stack-capture.ts';

/** What calls back as soon as what runs now has ended: nobody is idle before it. */
const soon: ReadonlySet<string> = new Set(['TickObject', 'Immediate', 'Microtask']);

/** What may be spent on taking stacks, as share of the time and in ms at once. */
const [share, most] = [0.02, 10];

/** Callbacks of a thread. */
export interface CallbackWatch {
  /** How often a callback ended idle time so far. */
  readonly gaps: number;
  /** Whether nothing but the last one of these is known to have ended its idle time. */
  readonly isOpen: boolean;
  /** The await that the last callback let go on is what ended that idle time. */
  close(): void;
  end(): void;
}

/** Before these versions Node.js tells of all promises, too, which takes as long as all the rest. */
export const leastMajor = 24;

// The program may replace these later.
const now = performance.now.bind(performance);
const { nodeTiming } = performance;

/**
 * @param shortestIdle idle time, in ms, that a callback must have ended to be asked where it was made
 * @param keep gets the moment at which idle time ended, in µs, and the stack that its callback was given away from
 */
export function watchCallbacks(shortestIdle: number, keep: (at: number, made: CapturedStack) => void): CallbackWatch {
  const { createHook, executionAsyncResource } = require('node:async_hooks') as typeof import('node:async_hooks');
  const made = new WeakMap<object, CapturedStack>();
  const budget = new Budget(share, most, now());
  let last = now();
  let idleBefore = nodeTiming.idleTime;
  let [gaps, isOpen] = [0, false];
  let ended: { readonly at: number; readonly made: CapturedStack } | undefined;

  const init = (_id: number, type: string, _trigger: number, resource: object): void => {
    if (soon.has(type)) return;
    const start = now();
    if (!budget.allows(start)) return;
    try {
      made.set(resource, captureStack(init));
    } catch {
      // A program may forbid to look at its calls; an error here would end it.
    }
    budget.spend(now() - start);
  };
  const before = (): void => {
    const time = now();
    if (time - last > shortestIdle) {
      const idle = nodeTiming.idleTime;
      if (idle - idleBefore >= shortestIdle) endIdle();
      idleBefore = idle;
    }
    last = time;
  };
  const endIdle = (): void => {
    settle();
    gaps++;
    isOpen = true;
    const stack = made.get(executionAsyncResource());
    if (stack !== undefined) ended = { at: nowMicros(), made: stack };
  };
  const settle = (): void => {
    if (isOpen && ended !== undefined) keep(ended.at, ended.made);
    close();
  };
  const close = (): void => {
    isOpen = false;
    ended = undefined;
  };
  const hook = createHook({ init, before, trackPromises: false } as never).enable();
  return {
    get gaps() {
      return gaps;
    },
    get isOpen() {
      return isOpen;
    },
    close,
    end: () => {
      hook.disable();
      settle();
    },
  };
}
