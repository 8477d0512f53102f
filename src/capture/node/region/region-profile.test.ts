import { expect, test } from 'vitest';
import type { JoinedProfile } from '../joined-profile.ts';
import type { AwaitFrame } from '../left-files.ts';
import { noNode, plainCall, V8Tree } from '../v8-tree.ts';
import { type RegionRuns, syncEntry, unknownOrigin } from './region-log.ts';
import { type EndedRegion, profileOfRegion } from './region-profile.ts';

const own = new URL('region.ts', import.meta.url).href;
const urlOf = (name: string): string =>
  name === 'run'
    ? own
    : name.startsWith('(')
      ? ''
      : name.startsWith('node ')
        ? 'node:internal/timers'
        : 'file:///app.js';

/** Samples as `moment path`, such as `100 main run work`. */
function joined(...samples: readonly string[]): JoinedProfile {
  const tree = new V8Tree();
  const nodes = samples.map((sample) => {
    let node = noNode;
    for (const name of sample.split(' ').slice(1).join(' ').replaceAll('node ', 'node_').split(' ')) {
      const functionName = name.replace('node_', '');
      const url = urlOf(name.replace('node_', 'node '));
      node = tree.child(node, plainCall({ functionName, url, lineNumber: 0, columnNumber: 0 }));
    }
    return node;
  });
  return {
    tree,
    samples: Int32Array.from(nodes),
    times: Float64Array.from(samples, (sample) => Number.parseInt(sample, 10)),
  };
}

const frame = (name: string, line: number): AwaitFrame => [name, 'file:///app.js', line, 1, 1, 1, 0];

/** Runs as `[start, end, origin, wait]`. */
function runs(
  list: readonly (readonly number[])[],
  stacks: RegionRuns['stacks'],
  isAwait: readonly boolean[],
): RegionRuns {
  const column = (index: number): readonly number[] => list.map((run) => run[index] as number);
  return {
    starts: Float64Array.from(column(0)),
    ends: Float64Array.from(column(1)),
    origins: Int32Array.from(column(2)),
    waits: Int32Array.from(column(3)),
    stacks,
    isAwait,
  };
}

/** Seconds by path, as `outer;inner`. */
function timesOf(
  samples: JoinedProfile,
  region: Partial<EndedRegion> & Pick<EndedRegion, 'runs'>,
): Record<string, number> {
  const start = { kind: 'function', outerRegions: 0 } as const;
  const { nodes, parents, ...rest } = profileOfRegion(samples, {
    begin: 0,
    end: 1000,
    start,
    elsewhere: 'waiting',
    ...region,
  });
  const times: Record<string, number> = {};
  rest.samples.forEach((sample, index) => {
    const path: string[] = [];
    for (let at = sample; at >= 0; at = parents[at] as number) path.unshift(nodes[at]?.callFrame.functionName ?? '');
    const key = path.join(';');
    times[key] = (times[key] ?? 0) + (rest.weights[index] as number);
  });
  return times;
}

const syncOnly = runs([[0, 1000, syncEntry, unknownOrigin]], [], []);

test('what the function calls is below it, whoever called it; all times sum to the duration', () => {
  const samples = joined('250 main run work', '500 main run work deep', '1000 main run work');
  expect(timesOf(samples, { runs: syncOnly })).toEqual({ work: 750, 'work;deep': 250 });
});

test('a region within another begins at its own function', () => {
  const samples = joined('400 main run work run inner', '1000 main run work run inner deep');
  const start = { kind: 'function', outerRegions: 1 } as const;
  expect(timesOf(samples, { runs: syncOnly, start })).toEqual({ inner: 400, 'inner;deep': 600 });
  expect(timesOf(samples, { runs: syncOnly })).toEqual({ 'work;inner': 400, 'work;inner;deep': 600 });
});

const waitingIn = [frame('query', 7), frame('work', 3)];

test('after an await the code that goes on stands below those who wait for it', () => {
  const samples = joined(
    '100 main run work query',
    '400 (idle)',
    '700 node process query parse',
    '1000 node process work',
  );
  const list = [
    [0, 100, syncEntry, unknownOrigin],
    [400, 800, 0, 0],
    [900, 1000, 1, 1],
  ];
  const found = timesOf(samples, { runs: runs(list, [waitingIn, [frame('work', 4)]], [true, true]) });
  expect(found).toEqual({
    'work;query': 100,
    'work;query;[await]': 300,
    'work;query;parse': 300,
    work: 200,
    // Nobody looked: it may have been other code.
    'work;[await]': 100,
  });
});

test('what other code does meanwhile is shown as such, in the place that waits', () => {
  const list = [
    [0, 100, syncEntry, unknownOrigin],
    [900, 1000, 0, 0],
  ];
  const samples = joined('100 main run work', '300 (idle)', '700 node process stranger', '900 (idle)', '1000 query');
  const region = { runs: runs(list, [waitingIn], [true]) };
  expect(timesOf(samples, region)).toEqual({
    work: 100,
    'work;query;[await]': 400,
    'work;query;[event loop busy with other work]': 400,
    'work;query': 100,
  });
  expect(timesOf(samples, { ...region, elsewhere: 'out-of-context' })).toEqual({
    work: 100,
    'work;query;[out-of-context]': 800,
    'work;query': 100,
  });
  expect(timesOf(samples, { ...region, elsewhere: 'everything' })).toMatchObject({ 'work;stranger': 400 });
});

test('a callback stands below the function that gave it away', () => {
  const list = [
    [0, 100, syncEntry, unknownOrigin],
    [500, 1000, 0, 0],
  ];
  const samples = joined('100 main run work', '500 (idle)', '1000 node listOnTimeout onTime');
  const found = timesOf(samples, { runs: runs(list, [[frame('later', 5), frame('work', 2)]], [false]) });
  expect(found).toEqual({ work: 100, 'work;later;[await]': 400, 'work;later;onTime': 500 });
});

test('runs too short for a sample are not lost: the next sample has their time', () => {
  const list = Array.from({ length: 10 }, (_, run) => [
    run * 100,
    run * 100 + 50,
    run === 0 ? syncEntry : unknownOrigin,
    unknownOrigin,
  ]);
  const found = timesOf(joined('10 main run work', '940 work deep'), { runs: runs(list, [], []) });
  expect(found['work'] as number).toBe(10);
  expect(found['work;deep'] as number).toBeGreaterThan(400);
  expect(Object.values(found).reduce((sum, time) => sum + time, 0)).toBe(1000);
});

test('what recording itself takes is told from what the function does', () => {
  const samples = joined(
    '100 main run',
    '300 main run work',
    '600 main run work run node hook',
    '1000 main run work deep',
  );
  expect(timesOf(samples, { runs: syncOnly })).toEqual({
    'work;(timesink)': 400,
    work: 200,
    'work;deep': 400,
  });
});

test('garbage is collected for what ran before; a long time without a look is nobody’s', () => {
  const samples = joined('100 main run work', '200 (garbage_collector)', '40000 main run work');
  for (const call of samples.tree.calls) {
    if (call.callFrame.functionName === '(garbage_collector)') {
      Object.assign(call.callFrame, { functionName: '(garbage collector)' });
    }
  }
  const long = runs([[0, 40_000, syncEntry, unknownOrigin]], [], []);
  expect(timesOf(samples, { runs: long, end: 40_000 })).toEqual({
    work: 100,
    'work;(garbage collector)': 100,
    'work;[not sampled]': 39_800,
  });
});
