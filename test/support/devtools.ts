/** What does Chrome DevTools make of a `.cpuprofile`? Its own code, which a package makes of its source. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'vitest';
import { declareMissing, providedFolder } from './provided.ts';
import { type StackSeconds, StackSums } from './stack-seconds.ts';

/** What DevTools shows. Its word for a thread without work, `(idle)`, is left out. */
export interface DevToolsProfile {
  /** From ticks, as in trees. */
  readonly treeSeconds: StackSeconds;
  /** From samples, as in the flame chart of the Performance panel. */
  readonly chartSeconds: StackSeconds;
  /** By innermost function, from the times of samples. */
  readonly selfSeconds: StackSeconds;
  /** Beside source code: the part of the whole that `URL:LINE` has. */
  readonly lineShares: Readonly<Record<string, number>>;
  /** Where each function begins: `NAME URL:LINE`, counted from 1. */
  readonly functions: readonly string[];
  /** What the Performance panel shows first, in seconds. */
  readonly range: number;
}

/** Reads a file as DevTools does. */
export type ReadInDevTools = (file: string) => Promise<DevToolsProfile>;

/** `models/cpu_profile/ProfileTreeModel`, as far as it is used. Times are milliseconds, lines count from 0. */
interface ModelNode {
  readonly parent: ModelNode | null;
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly self: number;
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

/** `models/cpu_profile/CPUProfileDataModel`, as far as it is used. */
interface ProfileModel {
  readonly totalHitCount: number;
  nodes(): readonly ModelNode[];
  /** Calls of the samples, when they begin and when they end; milliseconds. */
  forEachFrame(
    open: () => void,
    close: (depth: number, node: ModelNode, sample: number, start: number, duration: number, self: number) => void,
  ): void;
}

/** A bar of the flame chart; microseconds. */
interface ProfileCall {
  readonly ts: number;
  readonly dur: number;
  readonly callFrame: { readonly functionName: string };
}

/** `models/trace/trace`, as far as it is used. */
interface TraceModule {
  readonly Helpers: {
    readonly SamplesIntegrator: {
      readonly SamplesIntegrator: {
        createFakeTraceFromCpuProfile(profile: object, thread: number): { readonly traceEvents: readonly object[] };
      };
    };
  };
  readonly TraceModel: {
    readonly Model: { createWithAllHandlers(): TraceModel };
  };
}

interface TraceModel {
  parse(events: readonly object[], options: { readonly isCPUProfile: boolean }): Promise<void>;
  parsedTrace(): {
    readonly data: {
      readonly Meta: { readonly traceBounds: { readonly range: number } };
      readonly Samples: {
        readonly profilesInProcess: ReadonlyMap<
          number,
          ReadonlyMap<number, { readonly profileCalls: readonly ProfileCall[]; readonly parsedProfile: ProfileModel }>
        >;
      };
    };
  };
}

const entry = join(providedFolder, 'devtools/node_modules/@paulirish/trace_engine/models/trace/trace.js');

/** Declares a test that reads with DevTools. */
export function testWithDevTools(name: string, body: (read: ReadInDevTools) => Promise<void>): void {
  if (!existsSync(entry)) {
    declareMissing(name, '@paulirish/trace_engine');
    return;
  }
  test(name, async () => {
    const module = (await import(pathToFileURL(entry).href)) as TraceModule;
    await body((file) => readProfile(module, file));
  });
}

/** As the Performance panel loads a file. */
async function readProfile(module: TraceModule, file: string): Promise<DevToolsProfile> {
  const profile = JSON.parse(file) as object;
  const { traceEvents } = module.Helpers.SamplesIntegrator.SamplesIntegrator.createFakeTraceFromCpuProfile(profile, 1);
  const model = module.TraceModel.Model.createWithAllHandlers();
  await model.parse(traceEvents, { isCPUProfile: true });
  const { Meta, Samples } = model.parsedTrace().data;
  const [threads] = Samples.profilesInProcess.values();
  const [found] = threads?.values() ?? [];
  if (found === undefined) throw new Error('DevTools found no profile');
  const nodes = found.parsedProfile.nodes().filter(({ functionName }) => !isNoWork(functionName));
  return {
    treeSeconds: treeSeconds(nodes),
    chartSeconds: chartSeconds(found.profileCalls),
    selfSeconds: selfSeconds(found.parsedProfile),
    lineShares: lineShares(nodes, found.parsedProfile),
    functions: [
      ...new Set(nodes.map(({ functionName, url, lineNumber }) => `${functionName} ${url}:${lineNumber + 1}`)),
    ],
    range: Meta.traceBounds.range / 1e6,
  };
}

const isNoWork = (name: string): boolean => name === '(idle)' || name === '(root)';

function treeSeconds(nodes: readonly ModelNode[]): StackSeconds {
  const sums = new StackSums();
  for (const node of nodes) {
    const names: string[] = [];
    for (let at: ModelNode | null = node; at?.parent; at = at.parent) names.push(at.functionName);
    sums.add(names.reverse(), node.self / 1e3);
  }
  return sums.seconds;
}

function selfSeconds(model: ProfileModel): StackSeconds {
  const sums = new StackSums();
  model.forEachFrame(
    () => {},
    (_depth, { functionName }, _sample, _start, _duration, self) => {
      if (!isNoWork(functionName)) sums.add([functionName], self / 1e3);
    },
  );
  return sums.seconds;
}

/** Bars come in the order of their beginnings, callers first; what a bar does not share with those below is its own. */
function chartSeconds(calls: readonly ProfileCall[]): StackSeconds {
  const sums = new StackSums();
  const open: ProfileCall[] = [];
  let now = 0;
  const passUntil = (time: number): void => {
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const end = last.ts + last.dur;
      const to = Math.min(end, time);
      sums.add(
        open.map(({ callFrame }) => callFrame.functionName),
        (to - now) / 1e6,
      );
      now = to;
      if (end > time) return;
      open.pop();
    }
    now = time;
  };
  for (const call of calls) {
    if (isNoWork(call.callFrame.functionName)) continue;
    passUntil(call.ts);
    open.push(call);
  }
  passUntil(Number.POSITIVE_INFINITY);
  return sums.seconds;
}

/** As `ui/legacy/components/perf_ui/LineLevelProfile` does. */
function lineShares(nodes: readonly ModelNode[], { totalHitCount }: ProfileModel): Readonly<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const { url, positionTicks = [] } of nodes) {
    for (const { line, ticks } of positionTicks) {
      shares[`${url}:${line}`] = (shares[`${url}:${line}`] ?? 0) + ticks / totalHitCount;
    }
  }
  return shares;
}
