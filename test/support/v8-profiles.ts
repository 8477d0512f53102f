/** How does a test write down a CPU profile of V8 so that a reader sees it? */
import { expect } from 'vitest';
import { parseCpuProfile } from '../../src/session/cpuprofile-reader.ts';
import type { Scripts } from '../../src/session/javascript-scripts.ts';
import type { Session } from '../../src/session/session.ts';
import { buildTimeline } from '../../src/tree/timeline.ts';
import { TimesinkError } from '../../src/util/errors.ts';
import { treeToText } from './session-from-text.ts';

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * Nodes from text, a row for each, indented below its caller: `name@url:line:column`, or the name alone. Lines, columns and
 * ids count from 1.
 */
export function nodesOf(text: string): readonly Json[] {
  const open: Json[] = [];
  return text
    .trim()
    .split('\n')
    .map((row, index) => {
      const [, indent = '', functionName = '', url = '', line = '0', column = '1'] =
        /^( *)([^@]*)(?:@(\S+?):(\d+)(?::(\d+))?)?$/.exec(row.replace(/^ {4}/, '')) ?? [];
      const isCode = url !== '';
      const node = {
        id: index + 1,
        callFrame: {
          functionName,
          scriptId: isCode ? '9' : '0',
          url,
          lineNumber: Number(line) - 1,
          columnNumber: isCode ? Number(column) - 1 : -1,
        },
        hitCount: 0,
        children: [] as number[],
      };
      const depth = indent.length / 2;
      open[depth] = node;
      (open[depth - 1]?.['children'] as number[] | undefined)?.push(index + 1);
      return node;
    });
}

/** The nodes of most tests. */
export const shop: readonly Json[] = nodesOf(`
    (root)
      (program)
      (idle)
      (garbage collector)
      @file:///srv/shop.js:1:1
        price@file:///srv/shop.js:3:15
          total@file:///srv/lib.js:9:9`);

/** Their ids. */
export const ids = { root: 1, program: 2, idle: 3, collector: 4, main: 5, price: 6, total: 7 } as const;

/** A profile of {@link shop}. */
export function profile(samples: readonly unknown[], timeDeltas: readonly unknown[], changes: Json = {}): Json {
  return { nodes: shop, startTime: 1000, endTime: 100_000, samples, timeDeltas, ...changes };
}

/** The session of a profile. */
export const read = (json: unknown, scripts?: Scripts): Session =>
  parseCpuProfile(JSON.stringify(json), 'x.cpuprofile', scripts);

/** The tree in order of time of each thread. */
export const trees = (session: Session): readonly string[] =>
  session.threads.map((thread) => treeToText(buildTimeline(session, thread)));

/** What is said of a profile that is no good. */
export function refusal(json: unknown): string | null {
  try {
    read(json);
    return null;
  } catch (error) {
    if (!(error instanceof TimesinkError)) throw error;
    expect(error).toMatchObject({ code: 'INVALID_FILE', message: expect.stringMatching(/^x\.cpuprofile: /) });
    return error.message.slice('x.cpuprofile: '.length);
  }
}
