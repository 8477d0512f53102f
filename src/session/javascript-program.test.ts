import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { originRule } from '../tree/library-rule.ts';
import { withProgramPackages } from './javascript-program.ts';
import type { Session } from './session.ts';

/** A session of JavaScript. */
function session(samples: string): Session {
  const written = sessionFromText({ threads: [{ samples }], processes: [{ sysPrefixes: [], runtime: 'node' }] });
  return { ...written, frames: written.frames.map((frame) => ({ ...frame, kind: 'javascript' })) };
}

const tool = '/srv/app/node_modules/@scope/tool';

test('a command of a package is the program', () => {
  const written = withProgramPackages(
    session(`
      8                               1                               0.1
      run@${tool}/bin/main.js         run@${tool}/bin/main.js         run@${tool}/bin/main.js
      f@${tool}/lib/a.js              g@/srv/app/node_modules/b/b.js  config@/srv/app/tool.config.js`),
  );
  expect(written.processes).toMatchObject([{ sysPrefixes: [tool] }]);
  const originOf = originRule(written.processes[0]);
  const files = [`${tool}/lib/a.js`, `${tool}/node_modules/c/c.js`, '/srv/app/node_modules/b/b.js', `${tool}-x/a.js`];
  expect(files.map(originOf)).toEqual(['application', 'package', 'package', 'package']);
});

test('with code of its own, a program is that', () => {
  const written = session(`
    8                         1
    run@${tool}/bin/main.js   run@${tool}/bin/main.js
    f@${tool}/lib/a.js        spec@/srv/app/a.spec.ts`);
  expect(withProgramPackages(written).processes).toMatchObject([{ sysPrefixes: [] }]);
});

test('a program of Python has no packages of JavaScript', () => {
  const written = sessionFromText(`1\nmain@${tool}/a.py`);
  expect(withProgramPackages(written)).toBe(written);
});
