/** Which recordings could there be? Random small ones, in which names, stacks and odd cases meet often. */
import fc from 'fast-check';
import { SessionBuilder } from '../../src/session/builder.ts';
import type { FrameInfo, Session, ThreadSamples } from '../../src/session/session.ts';
import { type CallNode, visitNodes } from '../../src/tree/call-node.ts';
import { sessionFromText } from './session-from-text.ts';

const files = [
  '/app/main.py',
  '/app/store/db.py',
  '/usr/lib/python3.13/json/decoder.py',
  '/usr/lib/python3.13/site-packages/lib/a.py',
  '<frozen importlib._bootstrap>',
  '<string>',
];

const code: fc.Arbitrary<FrameInfo> = fc.record({
  kind: fc.constant('python'),
  functionName: fc.constantFrom('f', 'g'),
  file: fc.constantFrom(...files),
  firstLine: fc.constantFrom(0, 1),
  className: fc.constantFrom(null, null, 'A', 'B'),
  hidden: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const bare = { file: null, firstLine: 0, className: null, hidden: false } as const;

const leaf: fc.Arbitrary<FrameInfo> = fc.constantFrom<FrameInfo>(
  { ...bare, kind: 'builtin', file: '<built-in>', functionName: 'sleep' },
  { ...bare, kind: 'await', functionName: '[await]' },
  { ...bare, kind: 'not-sampled', functionName: '[not sampled]' },
);

/** Weights whose sums depend on the order of adding, and ties. */
const weight = fc.oneof(fc.constantFrom(0, 0.1, 0.2, 0.3, 0.001, 0.125), fc.double({ min: 0, max: 2, noNaN: true }));

const sample = fc.tuple(fc.array(code, { maxLength: 6 }), fc.option(leaf, { freq: 3 }), weight);

/** A session with one thread. */
export const arbitrarySession: fc.Arbitrary<Session> = fc
  .record({
    samples: fc.array(sample, { minLength: 1, maxLength: 20 }),
    stem: fc.array(code, { maxLength: 2 }),
    isForeign: fc.boolean(),
  })
  .map(({ samples, stem, isForeign }) => {
    const builder = new SessionBuilder();
    const template = sessionFromText('1\nmain');
    for (const process of template.processes) builder.addProcess(process);
    const thread = builder.addThread(mainThreadOf(template));
    for (const [frames, last, seconds] of samples) {
      const stack = [...stem, ...frames, ...(last === null ? [] : [last])];
      thread.addRow(builder.stack(stack.map((frame, index) => [builder.frame(frame), index])), seconds, 1);
    }
    const startCallStack = stem.map((frame) => builder.frame(frame));
    return builder.finish({ ...template.meta, startCallStack, engine: isForeign ? 'file' : 'outside' });
  });

/** The only thread of a session. */
export function mainThreadOf(session: Session): ThreadSamples {
  const thread = session.threads[0];
  if (thread === undefined) throw new Error('no thread');
  return thread;
}

/** All that is known of each node, in order, in a form that can be compared whatever the depth. */
export function nodeList(root: CallNode | null): readonly unknown[] {
  const depths = new Map<CallNode | null, number>([[null, -1]]);
  const list: unknown[] = [];
  if (root === null) return list;
  visitNodes(root, (node, caller) => {
    const depth = (depths.get(caller) ?? 0) + 1;
    depths.set(node, depth);
    const { frame, classSeconds, children, ...rest } = node;
    list.push({ depth, ...frame, ...rest, classSeconds: classSeconds === null ? null : [...classSeconds] });
  });
  return list;
}
