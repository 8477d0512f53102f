/** Do our pstats files say what pyinstrument's say, but for what docs/differences.md lists? */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { pstatsRenderer } from '../src/render/pstats.ts';
import { parsePyisession } from '../src/session/pyisession.ts';
import { testWithPython } from './support/pythons.ts';

const folder = new URL('./golden/', import.meta.url);
const names = readdirSync(folder).filter((name) => /\.pstats(-showall)?\.bin$/.test(name));

/** Key, cc, nc, tottime, cumtime. */
type Sums = readonly [key: readonly unknown[], cc: number, nc: number, tottime: number, cumtime: number];

type Entry = readonly [...Sums, callers: readonly Sums[]];

const program = `
import json, marshal, sys
decode = lambda stats: [[key, *entry[:4], [[key, *sums] for key, sums in sorted(entry[4].items())]] for key, entry in sorted(stats.items())]
print(json.dumps([decode(marshal.load(open(path, 'rb'))) for path in sys.argv[1:]]))
`;

function decode(python: string, files: readonly string[]): readonly (readonly Entry[])[] {
  const { stdout, stderr } = spawnSync(python, ['-c', program, ...files], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as readonly (readonly Entry[])[];
}

test('there are goldens to compare with', () => {
  expect(names.length).toBe(30);
});

/** Times that pyinstrument adds up over the levels of a recursion, and what the outermost level took. */
const recursive: Readonly<Record<string, (seconds: number) => number>> = {
  deep: (seconds) => (seconds > 0.8 ? 0.7999999999999999 : seconds),
  'clistem.pstats-showall': (seconds) => (seconds === 0.12000000000000001 ? 0.07 : seconds),
};

function expected(name: string, entries: readonly Entry[]): readonly Entry[] {
  const found = Object.keys(recursive).find((start) => name.startsWith(start));
  const outermost = recursive[found ?? ''] ?? ((seconds) => seconds);
  return entries.map(([key, , , tottime, cumtime, callers]): Entry => {
    const fixed = callers.map(([caller, , , own, total]): Sums => [caller, 0, 0, own, outermost(total)]);
    return [key, 0, 0, tottime, outermost(cumtime), fixed];
  });
}

testWithPython('all of them', ({ path }) => {
  const target = mkdtempSync(join(tmpdir(), 'timesink-goldens-'));
  onTestFinished(() => rmSync(target, { recursive: true }));
  const written = names.map((name) => {
    const session = parsePyisession(readFileSync(new URL(name.replace(/\..*/, '.pyisession'), folder), 'utf8'), name);
    const file = join(target, name);
    writeFileSync(file, pstatsRenderer.render(session, name.includes('showall') ? { show_all: true } : {}));
    return file;
  });
  const ours = decode(path, written);
  const theirs = decode(
    path,
    names.map((name) => fileURLToPath(new URL(name, folder))),
  );
  expect(ours.map((entries, index) => [names[index], entries])).toEqual(
    theirs.map((entries, index) => [names[index], expected(names[index] ?? '', entries)]),
  );
});
