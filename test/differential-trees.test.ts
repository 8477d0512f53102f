/** Are the trees that Python programs get those of pyinstrument, and do its processors do the same with them? */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect } from 'vitest';
import { processTree } from '../src/recorder/processors.ts';
import type { FrameTree, ProcessorStep } from '../src/recorder/protocol.ts';
import { timelineColumns } from '../src/recorder/timeline-columns.ts';
import { formatPyisession } from '../src/session/pyisession.ts';
import { arbitrarySession, mainThreadOf } from './support/arbitrary-session.ts';
import { testWithPyinstrument } from './support/pythons.ts';

interface PythonNode {
  readonly identifier: string;
  readonly parent: number;
  readonly time: number;
  readonly absorbedTime: number;
  readonly attributes: Readonly<Record<string, number>>;
  readonly group: number;
}

interface Answer {
  readonly before: readonly PythonNode[];
  readonly after: readonly PythonNode[];
}

const script = fileURLToPath(new URL('support/pyinstrument_trees.py', import.meta.url));

/** What is told apart on purpose (which code is a library's) is decided by patterns here. */
const step: fc.Arbitrary<ProcessorStep> = fc.oneof(
  fc
    .constantFrom(
      'remove_importlib',
      'remove_tracebackhide',
      'merge_consecutive_self_time',
      'aggregate_repeated_calls',
      'remove_unnecessary_self_time_nodes',
    )
    .map((name) => ({ name, options: {} })),
  fc
    .constantFrom(0, 0.01, 0.2)
    .map((filter_threshold) => ({ name: 'remove_irrelevant_nodes', options: { filter_threshold } })),
);

const grouping: ProcessorStep = {
  name: 'group_library_frames_processor',
  options: { hide_regex: '.*', show_regex: '.*(app|models)' },
};

const nodesOf = (tree: FrameTree | null): readonly PythonNode[] =>
  (tree?.parent ?? []).map((parent, node) => ({
    identifier: tree?.identifiers[tree.identifier[node] as number] as string,
    parent,
    time: tree?.time[node] as number,
    absorbedTime: tree?.absorbedTime[node] as number,
    attributes: tree?.attributes[node] ?? {},
    group: tree?.groups[tree.group[node] as number] ?? -1,
  }));

/** Sums may be taken in another order. */
const rounded = (nodes: readonly PythonNode[]): readonly unknown[] =>
  nodes.map(({ attributes, time, absorbedTime, ...node }) => ({
    ...node,
    time: time.toPrecision(9),
    absorbedTime: absorbedTime.toFixed(9),
    attributes: Object.entries(attributes)
      .map(([name, seconds]) => [name, seconds.toPrecision(9)])
      .sort(),
  }));

/** pyinstrument counts what a removed frame had absorbed twice: also as part of that frame's time. */
const withoutAbsorbed = (nodes: readonly PythonNode[]): readonly PythonNode[] =>
  nodes.map((node) => ({ ...node, absorbedTime: 0 }));

testWithPyinstrument('trees and processors agree with pyinstrument', async (python) => {
  const child = spawn(python, [script], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], env: { PYTHONUTF8: '1' } });
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('pyinstrument has ended');
    return JSON.parse(value) as Answer;
  };
  try {
    await fc.assert(
      fc.asyncProperty(
        arbitrarySession,
        fc.array(step, { maxLength: 4 }),
        fc.boolean(),
        async (session, chosen, trimStem) => {
          // Time without samples belongs to no group here.
          fc.pre(session.frames.every(({ kind }) => kind !== 'not-sampled'));
          const steps = [...chosen, grouping];
          const thread = mainThreadOf(session);
          const tree = timelineColumns(session, thread, trimStem);
          const answer = await ask({ session: formatPyisession(session, thread), steps, trimStem });
          expect(rounded(nodesOf(tree))).toEqual(rounded(answer.before));
          const processed = tree === null ? null : processTree(tree, steps, []);
          expect(rounded(withoutAbsorbed(nodesOf(processed)))).toEqual(rounded(withoutAbsorbed(answer.after)));
        },
      ),
      { numRuns: 150 },
    );
  } finally {
    child.stdin.end();
  }
});
