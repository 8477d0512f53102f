import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import type { Renderer } from '../render/renderer.ts';
import { loadRenderer } from './custom-renderer.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(source: string, name = `my-format-${count++}.mjs`): Promise<Renderer> {
  writeFileSync(join(folder, name), source);
  return loadRenderer(join(folder, name));
}

test('a function is all it needs', async () => {
  const renderer = await load('export default { run: (session) => session.meta.description + "\\n" }', 'brief.mjs');
  expect(renderer).toMatchObject({ name: 'brief', aliases: [], extensions: [], isBinary: false, options: {} });
  expect(renderer.render(recordedSession())).toBe('Program: app.py\n');
  expect(() => renderer.check({ flat: true })).toThrow('the brief report has no option flat');
});

test('options are checked as those of our own formats', async () => {
  const renderer = await load(`export default {
    name: 'mine',
    options: { top: { kind: 'number', default: 3, help: '' } },
    checkTogether({ top }) { if (top > 9) throw new Error('that many') },
    run(session, { top }) { return this.name + top },
  }`);
  expect(renderer.render(recordedSession(), {})).toBe('mine3');
  expect(renderer.render(recordedSession(), { top: 5 })).toBe('mine5');
  expect(() => renderer.check({ top: 'x' })).toThrow('option top of the mine report must be a number');
  expect(() => renderer.check({ top: 10 })).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(/refuses: that many$/) }),
  );
});

test('it gets the source reader', async () => {
  const renderer = await load('export default { run: (session, options, { readSource }) => readSource("x") }');
  expect(renderer.render(recordedSession(), {}, { readSource: (file) => `text of ${file}` })).toBe('text of x');
});

test('a whole renderer is taken as it is, be it an object of a class', async () => {
  const renderer = await load(`class Whole {
    #word = 'whole';
    name = 'whole';
    isBinary = true;
    extensions = ['.whole'];
    check(options) { if (options.bad) throw new TypeError(this.#word) }
    render() { return new TextEncoder().encode(this.#word) }
  }
  export default new Whole()`);
  expect(renderer).toMatchObject({ name: 'whole', isBinary: true, extensions: ['.whole'], options: {} });
  expect(Buffer.from(renderer.render(recordedSession()) as Uint8Array).toString()).toBe('whole');
  expect(() => renderer.check({ bad: true })).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test.each([
  ['syntax error(', /cannot load the report format .*\.mjs: \S/],
  ['throw new Error("at once")', /at once$/],
  ['import "./nosuch.mjs"', /nosuch\.mjs/],
  ['export const run = () => ""', /its default export has no function run/],
  ['export default () => ""', /its default export has no function run/],
  ['export default null', /its default export has no function run/],
  ['export default { run: 1 }', /its default export has no function run/],
  ['export default { run() {}, name: 1 }', /its name is no text/],
  ['export default { run() {}, isBinary: "yes" }', /its isBinary is neither/],
  ['export default { run() {}, extensions: ".x" }', /its extensions are no list/],
  ['export default { run() {}, options: null }', /its options are no table/],
  ['export default { run() {}, options: { a: { kind: "flog" } } }', /its option a has none of the kinds flag, /],
  ['export default { run() {}, options: { a: true } }', /its option a has none of the kinds/],
])('%s is a usage error', async (source, message) => {
  await expect(load(source)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
});

test('a file that is not there, or none', async () => {
  await expect(loadRenderer(join(folder, 'nosuch.mjs'))).rejects.toThrow('there is no such file');
  await expect(loadRenderer(folder)).rejects.toThrow('there is no such file');
});

test.each([
  ['a promise', 'async run() { return "x" }'],
  ['undefined', 'run() {}'],
  ['object', 'run() { return {} }'],
])('%s is no report', async (what, method) => {
  const renderer = await load(`export default { ${method} }`);
  expect(() => renderer.render(recordedSession())).toThrow(`gave ${what}, not text or bytes`);
});

const loadsTypeScript = 'typescript' in process.features && Boolean(process.features.typescript);

test.skipIf(loadsTypeScript)('TypeScript needs a Node.js that loads it', async () => {
  await expect(load('export default { run: () => "" }', 'typed.ts')).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining(`Node.js ${process.version} does not load TypeScript`),
    hint: expect.stringContaining('22.18'),
  });
});
