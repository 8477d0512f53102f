import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameInfo, recordedSession } from '../../test/support/sessions.ts';
import { SessionBuilder, type ThreadInfo } from './builder.ts';
import { noStack, type ProcessIndex, type StackIndex, type Tid } from './ids.ts';
import { seconds } from './units.ts';

const thread: ThreadInfo = {
  process: 0 as ProcessIndex,
  tid: 1 as Tid,
  ident: 1,
  name: 'MainThread',
  isMain: true,
  start: seconds(0),
};
const { meta } = recordedSession();
const [first, second] = [0 as StackIndex, 1 as StackIndex];

test('equal frames are one frame; any field can tell them apart', () => {
  const builder = new SessionBuilder();
  expect(builder.frame(frameInfo('f'))).toBe(builder.frame(frameInfo('f')));
  const different = [
    frameInfo('f'),
    frameInfo('g'),
    frameInfo('f', { file: null }),
    frameInfo('f', { file: '' }),
    frameInfo('f', { firstLine: 2 }),
    frameInfo('f', { className: 'C' }),
    frameInfo('f', { hidden: true }),
    frameInfo('f', { kind: 'native' }),
    frameInfo('__proto__'),
  ];
  expect(new Set(different.map((frame) => builder.frame(frame))).size).toBe(different.length);
  expect(builder.finish(meta).frames).toHaveLength(different.length);
});

test('whatever stacks are added, each comes out as it went in, once, after its parent', () => {
  const entry = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -1, max: 3 }));
  fc.assert(
    fc.property(fc.array(fc.array(entry, { maxLength: 6 }), { maxLength: 30 }), (input) => {
      const builder = new SessionBuilder();
      const added = input.map((stack) =>
        builder.stack(stack.map(([name, line]) => [builder.frame(frameInfo(name)), line])),
      );
      const { frames, stacks } = builder.finish(meta);
      const read = added.map((stack) => {
        const entries: [string, number][] = [];
        for (let at: number = stack; at !== noStack; at = stacks.parent[at] as number) {
          entries.unshift([frames[stacks.frame[at] as number]?.functionName as string, stacks.line[at] as number]);
        }
        return entries;
      });
      expect(read).toEqual(input);
      expect([...stacks.parent].every((parent, index) => parent < index)).toBe(true);
      expect(new Set(added).size).toBe(new Set(input.map((stack) => JSON.stringify(stack))).size);
    }),
  );
});

test('a stack knows its parent and its location', () => {
  const builder = new SessionBuilder();
  const location = builder.location(builder.frame(frameInfo('f')), 3);
  const stack = builder.child(noStack, location);
  const above = builder.child(stack, location);
  expect([builder.parentOf(above), builder.locationOf(above)]).toEqual([stack, location]);
});

test('neighbours with equal stack and state become one row', () => {
  const builder = new SessionBuilder();
  const rows = builder.addThread(thread);
  rows.add(first, 0.5, 1);
  rows.add(first, 0.25, 1);
  rows.add(first, 1, 0);
  rows.add(second, 2, 0, 0);
  rows.add(first, 4, 1);
  expect(rows.finish()).toMatchObject({
    sampleCount: 4,
    stack: new Int32Array([0, 0, 1, 0]),
    weight: new Float64Array([0.75, 1, 2, 4]),
    state: new Uint8Array([1, 0, 0, 1]),
  });
});

test('rows of their own are never merged', () => {
  const builder = new SessionBuilder();
  const rows = builder.addThread(thread);
  for (let index = 0; index < 1000; index++) rows.addRow(first, 0.1, 0);
  expect(rows.finish().weight).toEqual(new Float64Array(1000).fill(0.1));
  expect(rows.finish().sampleCount).toBe(1000);
});

test('what is known late counts: thread names, process facts', () => {
  const builder = new SessionBuilder();
  const [known] = recordedSession().processes;
  const process = builder.addProcess({ ...known!, runtimeVersion: '' });
  const rows = builder.addThread(thread);
  rows.info = { ...rows.info, name: 'renamed' };
  builder.setProcess(process, known!);
  expect(builder.finish(meta)).toMatchObject({ threads: [{ name: 'renamed' }], processes: [known] });
});
