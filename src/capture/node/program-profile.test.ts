import { describe, expect, test } from 'vitest';
import { Place } from '../../session/check.ts';
import { readProfile } from '../../session/cpuprofile-profile.ts';
import { awaitPaths, type KnownAwaits } from './await-paths.ts';
import { originOfFrames } from './frame-origin.ts';
import { joinProfiles } from './joined-profile.ts';
import type { AwaitFrame } from './left-files.ts';
import { profileOfProgram } from './program-profile.ts';
import { noNode } from './v8-tree.ts';

const preload = '/lib/node-preload.cjs';

/** Functions begin at lines of their own. */
const lines: Readonly<Record<string, number>> = { main: 1, query: 10, handler: 20, callback: 30, helper: 40 };

function frame(name: string): object {
  if (name.startsWith('(')) return { functionName: name.replace('_', ' '), url: '', lineNumber: -1, columnNumber: -1 };
  if (name.startsWith('node:')) return { functionName: name, url: name, lineNumber: 5, columnNumber: 2 };
  if (name === 'preload') return { functionName: 'leave', url: `file://${preload}`, lineNumber: 5, columnNumber: 2 };
  const functionName = name === 'main' ? '' : name;
  const line = (lines[name] ?? 100) - 1;
  return { functionName, url: 'file:///app/main.mjs', lineNumber: line, columnNumber: 0 };
}

/** Samples 1 ms apart, each a stack such as `node:start main query`; of awaits, innermost first, calls under way have a `+`. */
function shown(
  stacks: readonly string[],
  awaits: readonly (readonly [ms: number, ...calls: string[]])[] = [],
): string[] {
  const ids = new Map<string, number>([['', 1]]);
  const nodes: { id: number; callFrame: object; children: number[] }[] = [
    { id: 1, callFrame: frame('(root)'), children: [] },
  ];
  const samples = stacks.map((stack) => {
    let path = '';
    for (const name of stack.split(' ')) {
      const below = ids.get(path) as number;
      path += ` ${name}`;
      if (!ids.has(path)) {
        ids.set(path, nodes.length + 1);
        nodes[below - 1]?.children.push(nodes.length + 1);
        nodes.push({ id: nodes.length + 1, callFrame: frame(name), children: [] });
      }
    }
    return ids.get(path) as number;
  });
  const profile = { nodes, startTime: 0, endTime: stacks.length * 1000, samples, timeDeltas: samples.map(() => 1000) };
  const joined = joinProfiles([readProfile(new Place('test', '', profile), 'foreign')]);
  const thread = { main: '/app/main.mjs', preload, wasRunning: false, longestGap: 20_000 };
  return textOf(profileOfProgram(joined, thread, endsOf(awaits)));
}

function endsOf(awaits: readonly (readonly [ms: number, ...calls: string[]])[]): KnownAwaits {
  const stacks = awaits.map(([, ...calls]) =>
    calls.map((word, index): AwaitFrame => {
      const name = word.replace('+', '');
      const line = lines[name] ?? 100;
      const waits = index === 0 || word.startsWith('+') ? 0 : 1;
      return [name === 'main' ? '' : name, '/app/main.mjs', line + 3, 5, line, 1, waits];
    }),
  );
  const ends = awaits.map(([ms], index): [number, number] => [ms * 1000, index]);
  return awaitPaths([{ stacks, ends }], originOfFrames(preload));
}

/** The stack of each sample; lines where they are known. */
function textOf(program: ReturnType<typeof profileOfProgram>): string[] {
  if (program === undefined) return ['nothing'];
  const { nodes, parents, samples } = program.profile;
  return Array.from(samples, (sample) => {
    const names: string[] = [];
    for (let at = sample; at !== noNode; at = parents[at] as number) {
      const { callFrame, position } = nodes[at] as (typeof nodes)[number];
      const name = callFrame.functionName || 'main';
      names.unshift(position === null ? name : `${name}:${position.lineNumber + 1}`);
    }
    return names.join(' ');
  });
}

describe('the program', () => {
  test('begins with its main module; Node’s own start is left out', () => {
    const loader = 'node:internal/modules/cjs/loader';
    expect(shown(['node:boot', loader, `${loader} helper`, `${loader} main`, `${loader} main query`])).toEqual([
      'main',
      'main query',
    ]);
    expect(shown(['node:boot', '(program)'])).toEqual(['nothing']);
  });

  test('of ES modules begins where its modules are loaded', () => {
    const loader = 'node:internal/modules/esm/loader';
    expect(shown(['node:boot', `${loader} helper`, `${loader} main`])).toEqual(['main helper', 'main']);
  });

  test('has begun when it awaits', () => {
    expect(shown(['node:boot', '(idle)', 'query'], [[2.5, 'query', 'main']])).toEqual([
      'main:4 query:13 [await]',
      'main:4 query',
    ]);
  });

  test('what the event loop calls stands below the main module', () => {
    expect(shown(['main', 'node:timers callback', 'node:timers', '(program)'])).toEqual([
      'main',
      'main callback',
      'main node:timers',
      'main (program)',
    ]);
  });

  test('what the recorder does is no part of it', () => {
    expect(shown(['main', 'node:timers preload node:fs', 'main preload query'])).toEqual([
      'main',
      'main (idle)',
      'main query',
    ]);
  });

  test('garbage is collected where the program was interrupted', () => {
    expect(shown(['main query', '(garbage_collector)', '(garbage_collector)', 'main'])).toEqual([
      'main query',
      'main query (garbage collector)',
      'main query (garbage collector)',
      'main',
    ]);
  });
});

describe('what goes on after an await', () => {
  test('stands below those who called it before it awaited', () => {
    const first: [number, ...string[]] = [2.5, 'query', '+handler', '+callback', '+main'];
    const later: [number, ...string[]] = [4.5, 'query', 'handler'];
    const waiting = 'main:4 callback:33 handler:23 query:13 [await]';
    expect(shown(['main', '(idle)', 'main', '(idle)', 'handler', 'helper'], [first, later])).toEqual([
      ...['main', waiting, 'main', waiting],
      ...['main:4 callback:33 handler', 'main helper'],
    ]);
  });
});

describe('idle time', () => {
  test('is at the await that ended it, at its line', () => {
    const query: [number, ...string[]] = [3.5, 'query', 'handler', 'main'];
    expect(shown(['main', '(idle)', '(idle)', 'node:ticks query'], [query])).toEqual([
      'main',
      'main:4 handler:23 query:13 [await]',
      'main:4 handler:23 query:13 [await]',
      'main:4 handler:23 query',
    ]);
  });

  test('that nothing ended is idle', () => {
    expect(shown(['main', '(idle)', 'node:timers callback', '(idle)', 'query'], [[4.5, 'query', 'main']])).toEqual([
      'main',
      'main (idle)',
      'main callback',
      'main:4 query:13 [await]',
      'main:4 query',
    ]);
  });
});
