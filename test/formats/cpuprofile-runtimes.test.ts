/** What do the profiles say that Bun and Deno write of a program whose time is known? */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readScripts } from '../../src/capture/node/source-maps.ts';
import { parseCpuProfile } from '../../src/session/cpuprofile-reader.ts';
import type { Session } from '../../src/session/session.ts';
import { LineTimes } from '../../src/tree/hottest-lines.ts';
import { totalSeconds } from '../support/record.ts';
import { rowsWhere } from '../support/record-node.ts';
import { nameOf } from '../support/stack-seconds.ts';

const program = fileURLToPath(new URL('../programs/profile-shop.mjs', import.meta.url));
const scripts = readScripts((path) => readFileSync(path === '/srv/shop/profile-shop.mjs' ? program : path, 'utf8'));

function read(runtime: string): Session {
  const text = readFileSync(new URL(`../profiles/${runtime}.cpuprofile`, import.meta.url), 'utf8');
  return parseCpuProfile(text, 'x.cpuprofile', scripts);
}

/** Of the program's own work, the part of a function with all that it calls. */
function share(session: Session, name: string): number {
  const work = rowsWhere(session, () => true).filter(({ frames }) => frames.some((frame) => nameOf(frame) === 'until'));
  const inside = work.filter(({ frames }) => frames.some((frame) => nameOf(frame) === name));
  return totalSeconds(inside) / totalSeconds(work);
}

test.each(['bun', 'deno'])('a known split, recorded by %s', (runtime) => {
  const session = read(runtime);
  const parts = { 'Quote.total': 0.4, '(callback of map)': 0.3, '(returned by makeRounder)': 0.1 };
  for (const [name, part] of Object.entries(parts)) {
    expect(Math.abs(share(session, name) - part), name).toBeLessThan(0.1);
  }
  const place = { file: '/srv/shop/profile-shop.mjs', firstLine: 17 };
  expect(session.frames).toContainEqual(expect.objectContaining({ ...place, functionName: 'total' }));
  const [hottest] = new LineTimes(session).hottest(session.threads, 3).lines;
  expect(hottest).toMatchObject({ file: '/srv/shop/profile-shop.mjs', line: 8 });
  // 480 ms of work, and 96 ms of sleep, of which Bun does not tell.
  expect(session.meta.duration).toBeGreaterThan(0.5);
});
