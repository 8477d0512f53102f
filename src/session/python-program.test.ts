import { expect, test } from 'vitest';
import { sessionFromText, type WrittenThread } from '../../test/support/session-from-text.ts';
import { originRule } from '../tree/library-rule.ts';
import { withProgramModules } from './python-program.ts';
import type { ProcessInfo } from './session.ts';

const site = '/opt/env/lib/python3.13/site-packages';
const stdlib = '/usr/lib/python3.13';
const prefixes = ['/opt/env', '/usr'];

/** Packages that were found to be programs, by process. Names of files with `./` in front are relative. */
function programs(
  samples: string | readonly WrittenThread[],
  processes: readonly Partial<ProcessInfo>[] = [{}],
): readonly (readonly string[])[] {
  const session = sessionFromText({
    threads: typeof samples === 'string' ? [{ samples }] : samples,
    processes: processes.map((process) => ({ sysPrefixes: prefixes, ...process })),
  });
  const frames = session.frames.map((frame) => ({ ...frame, file: frame.file?.replace(/^\/app\/(?=\.)/, '') ?? null }));
  return withProgramModules({ ...session, frames }).processes.map(({ sysPrefixes }) =>
    sysPrefixes.slice(prefixes.length),
  );
}

test('a module that is run is the program, with all of its package', () => {
  const found = programs(`
    9                               0.1
    <module>@${site}/tool/main.py   <module>@${site}/tool/main.py
    f@${site}/tool/core/a.py        g@${site}/other/b.py
    h@${stdlib}/json/decoder.py     f@/srv/tool.conf.py`);
  expect(found).toEqual([[`${site}/tool`]]);
  const originOf = originRule({ sysPrefixes: [...prefixes, `${site}/tool`] });
  const files = [`${site}/tool/core/a.py`, `${site}/tool_more/a.py`, `${site}/other/b.py`, `${stdlib}/json/decoder.py`];
  expect(files.map(originOf)).toEqual(['application', 'package', 'package', 'stdlib']);
});

test.each([
  ['of an environment', '/opt/env/bin/tool'],
  ['of an environment, as it was typed', '../env/bin/tool'],
  ['of a user', '/home/me/.local/bin/tool'],
  ['of all users', '/usr/local/bin/tool'],
])('a command %s is the package that it leads to', (_, file) => {
  expect(programs(`1\n<module>@${file}\nmain@${site}/tool/main.py\nf@${site}/other/b.py`)).toEqual([[`${site}/tool`]]);
});

test.each([
  ['a script of its own', '<module>@/srv/app/bin/tool'],
  ['a script with functions among the commands of all users', 'main@/usr/local/bin/tool'],
  ['text', '<module>@<string>'],
  ['a notebook', '<module>@<ipython-input-1-abc>'],
])('%s is the program', (_, outermost) => {
  expect(programs(`1\n${outermost}\nmain@${site}/tool/main.py`)).toEqual([[]]);
});

test('with code of its own, a program is that, also if it waits in a package', () => {
  expect(programs(`9\nrun@${site}/pytest/main.py\n\n`)).toEqual([[`${site}/pytest`]]);
  expect(
    programs(`
    9                               1
    <module>@${site}/tool/main.py   <module>@${site}/tool/main.py
    f@${site}/tool/a.py             test@/srv/app/test_it.py`),
  ).toEqual([[]]);
  expect(
    programs(`
    99w                             1
    <module>@${site}/tool/main.py   <module>@${site}/tool/main.py
    wait@${stdlib}/selectors.py     answer@/srv/app/views.py`),
  ).toEqual([[]]);
});

test('text that a library makes up is not the program', () => {
  expect(programs(`1\n<module>@${site}/tool/main.py\n__init__@<string>`)).toEqual([[`${site}/tool`]]);
});

test('a module of the standard library, and one that is a single file', () => {
  expect(programs(`1\n<module>@${stdlib}/http/server.py\nloop@${stdlib}/socketserver.py`)).toEqual([
    [`${stdlib}/http`],
  ]);
  const single = programs(`1\n<module>@${site}/single.py\nf@${site}/other/b.py`);
  expect(single).toEqual([[`${site}/single.py`]]);
  expect(originRule({ sysPrefixes: [`${site}/single.py`] })(`${site}/single.py`)).toBe('application');
});

test('processes have programs of their own; the main thread says which', () => {
  const worker = ['/opt/env/bin/python', '-c', 'from multiprocessing.spawn import spawn_main; spawn_main()'];
  const found = programs(
    [
      { samples: `1\n<module>@${site}/tool/main.py` },
      { samples: `9\nrun@${stdlib}/threading.py\nf@${site}/other/b.py`, name: 'Thread-1' },
      { samples: `1\n<module>@<string>\nmain@${stdlib}/multiprocessing/spawn.py\nf@${site}/tool/b.py`, process: 1 },
      { samples: `1\n<module>@${site}/pip/main.py`, process: 2 },
    ],
    [{}, { command: worker }, {}],
  );
  expect(found).toEqual([[`${site}/tool`], [`${site}/tool`], [`${site}/pip`]]);
});

test('a program of its own that starts a command stays what it is', () => {
  const found = programs(
    [{ samples: '9\n<module>@/srv/app.py' }, { samples: `1\n<module>@${site}/pip/main.py`, process: 1 }],
    [{}, {}],
  );
  expect(found).toEqual([[], []]);
});

test('other runtimes, and a recording of nothing, are left alone', () => {
  expect(programs(`1\n<module>@${site}/tool/main.py`, [{ runtime: 'node' }])).toEqual([[]]);
  const nothing = sessionFromText({ threads: [] });
  expect(withProgramModules(nothing)).toBe(nothing);
});
