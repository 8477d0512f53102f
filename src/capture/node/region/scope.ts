/**
 * To which regions does the code belong that runs now? A region holds what its function calls, awaits and gives away as
 * callbacks, and nothing else, however many of them run at the same time. Costs something only while there is a region.
 */
import {
  type AsyncHook,
  AsyncLocalStorage,
  createHook,
  executionAsyncId,
  executionAsyncResource,
} from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { captureStack } from '../preload/stack-capture.ts';
import { moment } from './moments.ts';
import type { Origin, RegionLog } from './region-log.ts';

/** A region, within those around it. */
export interface Scope {
  readonly log: RegionLog;
  readonly outer: Scope | undefined;
}

/** A promise, or what else the system calls back. */
interface Resource {
  [origin]?: Origin;
}

const origin: unique symbol = Symbol('timesink.region');

/** Calls inside calls; more only where ends of them got lost. */
const mostNested = 1000;

/** Share of the time that asking for stacks may take while there are regions, and how many ms it may take at once. */
const shareOfStacks = 0.05;
const mostAtOnce = 20;

const now = performance.now.bind(performance);
const storage = new AsyncLocalStorage<Scope | undefined>();
/** Regions that hold whatever this thread does. */
const everywhere = new Set<RegionLog>();
/** What was current before each call that the system has made and that has not returned. */
let callers: (Scope | undefined)[] = [];
let current: Scope | undefined;
let isInnermost = true;
let regions = 0;
let hook: AsyncHook | undefined;
/** ms that stacks may still take. */
let allowance = mostAtOnce;
let allowedAt = 0;

/** The scope that code is in now. */
export function currentScope(): Scope | undefined {
  let scope = storage.getStore();
  while (scope !== undefined && !scope.log.isOpen) scope = scope.outer;
  return scope;
}

/** A region begins that holds one scope, or everything. */
export function openScope(log: RegionLog, holdsEverything: boolean): Scope {
  if (regions++ === 0) {
    allowance = mostAtOnce;
    allowedAt = now();
    callers = [];
    current = undefined;
    hook ??= createHook({ init, before, after });
    hook.enable();
  }
  if (holdsEverything) {
    everywhere.add(log);
    log.enterSync(moment());
  }
  return { log, outer: currentScope() };
}

/** The region has ended. */
export function closeScope({ log }: Scope): void {
  if (!log.isOpen) return;
  const wasCurrent = everywhere.delete(log) || holds(current, log);
  if (wasCurrent) log.leave(moment());
  log.isOpen = false;
  if (--regions === 0) hook?.disable();
}

/** Calls `work` within a scope. */
export function runInside<Result>(scope: Scope, work: () => Result): Result {
  const before = current;
  return storage.run(scope, () => {
    switchTo(scope);
    try {
      return work();
    } finally {
      switchTo(before);
    }
  });
}

/** From here on the code that runs, and what comes of it, is within a scope; undefined: within none. */
export function goInside(scope: Scope | undefined): void {
  storage.enterWith(scope);
  switchTo(scope);
}

function switchTo(next: Scope | undefined, reason?: Origin): void {
  if (next === current) return;
  const time = moment();
  for (let at = current; at !== undefined; at = at.outer) {
    if (at.log.isOpen && !everywhere.has(at.log) && !holds(next, at.log)) at.log.leave(time);
  }
  for (let at = next; at !== undefined; at = at.outer) {
    if (!at.log.isOpen || everywhere.has(at.log) || holds(current, at.log)) continue;
    if (isCalledBack) at.log.enter(time, reason);
    else at.log.enterSync(time);
  }
  current = next;
}

/** Whether the system's call is what changes the scope, not a call of ours. */
let isCalledBack = false;

function holds(scope: Scope | undefined, log: RegionLog): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.log === log) return true;
  return false;
}

function init(_id: number, type: string, trigger: number, resource: Resource): void {
  if (current === undefined && everywhere.size === 0) return;
  const isPromise = type === 'PROMISE';
  if (isPromise && trigger === executionAsyncId()) {
    isInnermost = true;
    return;
  }
  // Callers that await what they called make their promises right after it: they are part of its stack.
  const isWanted = isInnermost || !isPromise;
  isInnermost = !isPromise;
  const start = now();
  if (!isWanted || !mayCapture(start)) return;
  try {
    resource[origin] = { captured: captureStack(init), isAwait: isPromise };
  } catch {
    // What cannot be marked stays unknown.
  }
  allowance -= now() - start;
}

function mayCapture(time: number): boolean {
  allowance = Math.min(mostAtOnce, allowance + (time - allowedAt) * shareOfStacks);
  allowedAt = time;
  return allowance > 0;
}

function before(): void {
  isInnermost = true;
  if (callers.length > mostNested) callers = [];
  const isOutermost = callers.length === 0;
  if (isOutermost && current !== undefined && isCalledByLoop()) switchTo(undefined);
  callers.push(current);
  const next = storage.getStore();
  if (next === undefined && current === undefined && everywhere.size === 0) return;
  const reason = (executionAsyncResource() as Resource)[origin];
  isCalledBack = true;
  switchTo(next, reason);
  if (isOutermost && everywhere.size > 0) {
    const time = moment();
    for (const log of everywhere) log.enter(time, reason);
  }
  isCalledBack = false;
}

/**
 * Whether the call that begins comes from the event loop, so that what was under way has ended, although nobody said so: it
 * had begun before the hooks did.
 */
function isCalledByLoop(): boolean {
  const resource: unknown = executionAsyncResource();
  return resource instanceof Promise || /^(?:Timeout|Immediate|TickObject)$/.test(nameOfClass(resource));
}

function nameOfClass(resource: unknown): string {
  return (resource as { readonly constructor?: { readonly name?: string } }).constructor?.name ?? '';
}

function after(): void {
  const outer = callers.pop();
  isCalledBack = true;
  switchTo(outer);
  isCalledBack = false;
  if (callers.length > 0 || everywhere.size === 0) return;
  const time = moment();
  for (const log of everywhere) log.leave(time);
}
