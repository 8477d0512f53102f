import { expect, test } from 'vitest';
import { Place } from '../../session/check.ts';
import { readProfile, type V8Profile } from '../../session/cpuprofile-profile.ts';
import { joinProfiles } from './joined-profile.ts';
import { noNode } from './v8-tree.ts';

const frame = (functionName: string) => ({ functionName, url: 'file:///a.js', lineNumber: 0, columnNumber: 0 });

/** A profile of `outer` that calls `inner`, sampled in both in turn. */
function profile(startTime: number, ids: readonly [number, number, number], count: number): V8Profile {
  const [root, outer, inner] = ids;
  const nodes = [
    { id: inner, callFrame: frame('inner'), positionTicks: [{ line: 3, ticks: 1 }] },
    { id: root, callFrame: { ...frame('(root)'), url: '' }, children: [outer] },
    { id: outer, callFrame: frame('outer'), children: [inner] },
  ];
  const samples = Array.from({ length: count }, (_, sample) => (sample % 2 === 0 ? outer : inner));
  const value = { nodes, startTime, endTime: startTime + count * 10, samples, timeDeltas: samples.map(() => 10) };
  return readProfile(new Place('test', '', value), 'foreign');
}

test('pieces become one: the same calls are the same nodes, moments go on', () => {
  const { tree, samples, times } = joinProfiles([profile(0, [1, 2, 3], 4), profile(40, [7, 9, 8], 3)]);
  expect(tree.calls.map(({ callFrame }) => callFrame.functionName)).toEqual(['outer', 'inner']);
  expect(tree.parents).toEqual([noNode, 0]);
  expect(tree.linesOf(1)).toEqual([{ line: 3, ticks: 2 }]);
  expect([...samples]).toEqual([0, 1, 0, 1, 0, 1, 0]);
  expect([...times]).toEqual([10, 20, 30, 40, 50, 60, 70]);
});

test('a moment that two pieces saw counts once', () => {
  const { times } = joinProfiles([profile(0, [1, 2, 3], 4), profile(15, [1, 2, 3], 3)]);
  expect([...times]).toEqual([10, 20, 30, 40, 45]);
});
