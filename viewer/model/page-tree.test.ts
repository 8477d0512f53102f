import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSession } from '../../src/session/file.ts';
import type { Session, ThreadSamples } from '../../src/session/session.ts';
import { type CallNode, visitNodes } from '../../src/tree/call-node.ts';
import { buildReportTree } from '../../src/tree/pipeline.ts';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { plainOptions } from '../dev/plain-options.ts';
import { buildInvertedPageTree, buildPageTree } from './page-tree.ts';

const folder = new URL('../../test/golden/', import.meta.url);
const goldens = readdirSync(folder).filter((name) => name.endsWith('.pyisession'));
const load = (name: string): Session => readSession(readFileSync(new URL(name, folder)), name);
const threadsOf = (session: Session): readonly ThreadSamples[] => session.threads;

const asText = { ...plainOptions, collapse: 'library', removeImportlib: true, removeTracebackhide: true } as const;

describe.each(goldens)('%s', (name) => {
  const session = load(name);

  test('with the options of the text report, the tree is that of the text report', () => {
    const options = { ...asText, foldRecursion: true, removeSmall: true, smallPercent: 1 };
    for (const thread of threadsOf(session)) {
      const filter = { filterThreshold: 0.01, hide: undefined, show: undefined };
      const report = buildReportTree(session, thread, {
        showAll: false,
        timeline: false,
        foldRecursion: true,
        ...filter,
      });
      const page = buildPageTree(session, thread, options);
      expect(page?.root).toEqual(report?.root);
      expect(page?.groups.size).toBe(report?.groups.size);
    }
  });

  test('upside down, all own times add up to the whole', () => {
    for (const thread of threadsOf(session)) {
      const whole = thread.weight.reduce((all, seconds) => all + seconds, 0);
      const root = buildInvertedPageTree(session, thread, plainOptions)?.root;
      expect(sum(root?.children ?? [])).toBeCloseTo(whole, 9);
    }
  });
});

function sum(nodes: readonly CallNode[]): number {
  return nodes.reduce((all, { time }) => all + time, 0);
}

test('upside down: who took the time, and who called them', () => {
  const session = sessionFromText(`
    1     2     4
    main  main  main
    f     g     g
    leaf  leaf
  `);
  const [thread] = session.threads;
  if (thread === undefined) throw new Error('no thread');
  const lines: string[] = [];
  const tree = buildInvertedPageTree(session, thread, plainOptions);
  if (tree !== null) visitNodes(tree.root, (node) => lines.push(`${node.time} ${node.frame.functionName}`));
  expect(lines).toEqual(['7 MainThread', '4 g', '4 main', '3 leaf', '2 g', '2 main', '1 f', '1 main']);
});

test('upside down, frames of import machinery are left out between others and as leaves', () => {
  const session = sessionFromText(`
    1                                     2
    main                                  main
    _load@<frozen importlib._bootstrap>   _load@<frozen importlib._bootstrap>
    module
  `);
  const [thread] = session.threads;
  if (thread === undefined) throw new Error('no thread');
  const tree = buildInvertedPageTree(session, thread, { ...plainOptions, removeImportlib: true });
  const tops = tree?.root.children.map(({ time, frame }) => `${time} ${frame.functionName}`);
  expect(tops).toEqual(['2 main', '1 module']);
});

test('patterns of one’s own are found anywhere in a path; what is no pattern yet counts for nothing', () => {
  const session = sessionFromText(`
    1
    main
    a@/app/vendor/a.py
    b@/app/vendor/b.py
    c@/app/vendor/c.py
    main2
  `);
  const [thread] = session.threads;
  if (thread === undefined) throw new Error('no thread');
  const groupsWith = (hide: string): number | undefined =>
    buildPageTree(session, thread, { ...plainOptions, collapse: 'custom', hide })?.groups.size;
  expect(groupsWith('vendor')).toBe(3);
  expect(groupsWith('ven(dor')).toBe(0);
});
