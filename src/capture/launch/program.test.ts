import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, programWords } from './program.ts';

let folder = '';
let environment: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  for (const name of ['bin', 'bin/folder', 'venv', 'venv/bin', 'empty', 'package', 'plain'])
    mkdirSync(join(folder, name));
  for (const name of ['bin/python3', 'bin/python3.9', 'bin/tool', 'venv/bin/python', 'plain/python'])
    program(name, 0o755);
  for (const name of ['bin/locked', 'app.py', 'package/__main__.py', 'app.mjs']) program(name, 0o644);
  environment = { PATH: `${folder}/nosuch::${folder}/bin` };
});

afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, mode: number): void {
  writeFileSync(join(folder, name), '');
  chmodSync(join(folder, name), mode);
}

const named = (python?: string, node?: string, nodeOptions?: string) => ({ python, node, nodeOptions });

const script = (path: string, python?: string, more: Record<string, string> = {}) =>
  commandLine({ kind: 'script', path, args: ['-x'] }, named(python), { ...environment, ...more });

test('a script is run by the interpreter, the first that there is', () => {
  const path = `${folder}/app.py`;
  expect(script(path)).toEqual(['python3', path, '-x']);
  expect(script(path, undefined, { PATH: `${folder}/plain` })[0]).toBe('python');
  expect(script(path, undefined, { VIRTUAL_ENV: `${folder}/venv` })[0]).toBe(`${folder}/venv/bin/python`);
  expect(script(path, undefined, { VIRTUAL_ENV: `${folder}/gone` })[0]).toBe('python3');
  expect(script(path, undefined, { VIRTUAL_ENV: `${folder}/venv`, TIMESINK_PYTHON: 'python3.9' })[0]).toBe('python3.9');
  expect(script(path, `${folder}/venv/bin/python`, { TIMESINK_PYTHON: 'python3.9' })[0]).toBe(
    `${folder}/venv/bin/python`,
  );
});

test('a module, code, a directory and standard input are the interpreter’s to find', () => {
  const line = (asked: Parameters<typeof commandLine>[0]) => commandLine(asked, named(), environment);
  expect(line({ kind: 'module', name: 'pip', args: ['list'] })).toEqual(['python3', '-m', 'pip', 'list']);
  expect(line({ kind: 'code', source: 'x', args: ['a'] })).toEqual(['python3', '-c', 'x', 'a']);
  expect(line({ kind: 'script', path: `${folder}/package`, args: [] })).toEqual(['python3', `${folder}/package`]);
  expect(line({ kind: 'script', path: '-', args: [] })).toEqual(['python3', '-']);
});

test('a command is run as it is, a bare Python file by the interpreter', () => {
  const line = (...argv: [string, ...string[]]) => commandLine({ kind: 'command', argv }, named(), environment);
  expect(line('tool', '-x')).toEqual(['tool', '-x']);
  expect(line(`${folder}/bin/tool`)).toEqual([`${folder}/bin/tool`]);
  expect(line(`${folder}/app.py`, '-x')).toEqual(['python3', `${folder}/app.py`, '-x']);
  expect(commandLine({ kind: 'from-path', name: 'tool', args: ['a'] }, named(), environment)).toEqual(['tool', 'a']);
});

test('a JavaScript file is run by Node.js, with the options that were given for it', () => {
  const path = `${folder}/app.mjs`;
  const line = (node?: string, nodeOptions?: string, more: Record<string, string> = {}) =>
    commandLine({ kind: 'script', path, args: ['-x'] }, named(undefined, node, nodeOptions), {
      ...environment,
      ...more,
    });
  expect(line()).toEqual([process.execPath, path, '-x']);
  expect(line(undefined, undefined, { TIMESINK_NODE: 'tool' })).toEqual(['tool', path, '-x']);
  expect(line(`${folder}/bin/tool`, '--no-warnings "--title=a b"', { TIMESINK_NODE: '/nosuch' })).toEqual([
    ...[`${folder}/bin/tool`, '--no-warnings', '--title=a b'],
    ...[path, '-x'],
  ]);
  const command = commandLine({ kind: 'command', argv: [path, '-x'] }, named(undefined, 'tool'), environment);
  expect(command).toEqual(['tool', path, '-x']);
  expect(() => line('nosuch')).toThrow(found('INTERPRETER_NOT_FOUND', '--node nosuch'));
});

const found = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

test('what cannot be run is told before anything is', () => {
  const command = (name: string) => () => commandLine({ kind: 'command', argv: [name] }, named(), environment);
  expect(() => script(`${folder}/nosuch.py`)).toThrow(
    found('PROGRAM_NOT_FOUND', `there is no program ${folder}/nosuch.py`),
  );
  expect(() => script(`${folder}/empty`)).toThrow(found('PROGRAM_NOT_FOUND', 'has no __main__.py'));
  expect(() => script(`${folder}/app.py/x`)).toThrow(found('PROGRAM_NOT_FOUND', 'x'));
  expect(() => script(`${folder}/nosuch.ts`)).toThrow(found('PROGRAM_NOT_FOUND', 'nosuch.ts'));
  expect(command('nosuch')).toThrow(found('PROGRAM_NOT_FOUND', 'no command nosuch on PATH'));
  expect(command('folder')).toThrow(found('PROGRAM_NOT_FOUND', 'no command folder'));
  expect(command('locked')).toThrow(found('PROGRAM_NOT_FOUND', `${folder}/bin/locked is not executable`));
  expect(command(`${folder}/nosuch`)).toThrow(found('PROGRAM_NOT_FOUND', 'nosuch'));
  expect(command('')).toThrow(found('PROGRAM_NOT_FOUND', 'no command'));
});

test('an interpreter that is named and cannot be used is told with where it was named', () => {
  const path = `${folder}/app.py`;
  expect(() => script(path, 'nosuch')).toThrow(found('INTERPRETER_NOT_FOUND', '--python nosuch'));
  expect(() => script(path, `${folder}/bin/locked`)).toThrow(found('INTERPRETER_NOT_FOUND', 'not executable'));
  expect(() => script(path, undefined, { TIMESINK_PYTHON: '/nosuch' })).toThrow(
    found('INTERPRETER_NOT_FOUND', 'TIMESINK_PYTHON=/nosuch'),
  );
  expect(() => script(path, undefined, { PATH: '/nosuch' })).toThrow(found('INTERPRETER_NOT_FOUND', 'no Python found'));
});

test('the title shows the words as pyinstrument does', () => {
  expect(programWords({ kind: 'script', path: 'a.py', args: ['--x', 'y z'] })).toEqual(['a.py', '--x', 'y z']);
  expect(programWords({ kind: 'module', name: 'pip', args: ['list'] })).toEqual(['pip', 'list']);
  expect(programWords({ kind: 'code', source: 'print()', args: ['a'] })).toEqual(['-c', 'a']);
  expect(programWords({ kind: 'from-path', name: 'tool', args: ['-z'] })).toEqual(['tool', '-z']);
  expect(programWords({ kind: 'command', argv: ['pytest', '-x'] })).toEqual(['pytest', '-x']);
});
