import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { defineRenderer, type Renderer } from '../render/renderer.ts';
import { readSession } from '../session/file.ts';
import { TimesinkError } from '../util/errors.ts';
import { type GivenOptions, settleOptions } from './options.ts';
import { fileOutput } from './output.ts';
import { parseRequest } from './parse.ts';
import { planReport, type ReportPlan, writeReport } from './report.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function plan(words: readonly string[], configured: GivenOptions = {}): Promise<ReportPlan> {
  const request = parseRequest([...words, 'x.py']);
  if (request.kind !== 'run') throw new Error('not a run');
  return await planReport(settleOptions(request.given, configured), 1, { LANG: 'C' });
}

const noSource = () => undefined;

const formatOf = async (words: readonly string[], configured?: GivenOptions): Promise<string> =>
  (await plan(words, configured)).renderer.name;

test('the name of the file chooses the format, -r wins', async () => {
  expect(await formatOf([])).toBe('text');
  expect(await formatOf(['-o', join(folder, 'a.json')])).toBe('json');
  expect(await formatOf(['-o', join(folder, 'a.json'), '-r', 'text'])).toBe('text');
  expect((await plan(['-r', 'json'])).options).toEqual({});
  expect((await plan(['-o', join(folder, 'a.txt')])).options).toMatchObject({ unicode: true, color: false });
  expect(readdirSync(folder)).toEqual([]);
});

test('the format of a settings file is for what says none', async () => {
  const configured = { renderer: 'json' };
  expect(await formatOf([], configured)).toBe('json');
  expect(await formatOf(['-r', 'text'], configured)).toBe('text');
  expect(await formatOf(['-o', join(folder, 'a')], configured)).toBe('json');
  expect(await formatOf(['-o', join(folder, 'a.TXT')], configured)).toBe('text');
  expect(await formatOf([], { ...configured, outfile: join(folder, 'a.txt') })).toBe('json');
});

test('--html is -r html, and wins over it', async () => {
  expect(await formatOf(['--html'])).toBe('html');
  expect(await formatOf(['--html', '-r', 'json'])).toBe('html');
  expect(await formatOf(['-r', 'json', '--html', '-o', join(folder, 'a.txt')])).toBe('html');
  expect(await formatOf(['--html'], { renderer: 'json' })).toBe('html');
});

test('a run is kept for its text on a stream', async () => {
  const isPrinted = async (...words: string[]): Promise<boolean> => (await plan(words)).isPrinted;
  expect(await isPrinted()).toBe(true);
  expect(await isPrinted('-r', 'text')).toBe(true);
  expect(await isPrinted('-r', 'json')).toBe(false);
  expect(await isPrinted('-o', join(folder, 'a.txt'))).toBe(false);
});

test('options that the format does not take are refused before anything else', async () => {
  await expect(plan(['-r', 'pyisession', '-t'])).rejects.toMatchObject({ code: 'USAGE' });
  await expect(plan(['-p', 'nosuch'])).rejects.toMatchObject({ code: 'USAGE' });
  expect(await formatOf(['-r', 'pyisession'], { timeline: true, hide: 'x' })).toBe('pyisession');
});

test('only what was selected is in the report', async () => {
  const output = fileOutput(join(folder, 'a.json'));
  await writeReport(
    { ...(await plan(['-r', 'json', '--thread', 'Thread-1*'])), output },
    recordedSession(),
    noSource,
    true,
  );
  const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'));
  expect(report.root_frame).toMatchObject({ function: 'Thread-1 (run)', time: 1 });
});

test('a recording without what was selected is kept', async () => {
  const session = recordedSession();
  const chosen = await plan(['--thread', 'nosuch']);
  const error = await writeReport(chosen, session, noSource, false).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'USAGE', message: 'the recording has no thread "nosuch"' });
  const [, kept = ''] =
    /^It has: .* The recording is in (.*\.timesink)\.$/.exec((error as { hint: string }).hint) ?? [];
  expect(readSession(readFileSync(kept), kept)).toEqual(session);
  await expect(writeReport(chosen, session, noSource, true)).rejects.toMatchObject({
    hint: 'It has: MainThread, Thread-1 (run).',
  });
});

/** A format that fails. */
function brokenRenderer(problem: Error): Renderer {
  const facts = { name: 'broken', aliases: [], extensions: ['.broken'], isBinary: false, summary: '', options: {} };
  return defineRenderer({
    ...facts,
    run: () => {
      throw problem;
    },
  });
}

test('a format may say why it cannot show a recording', async () => {
  const problem = new TimesinkError('UNWRITABLE_OUTPUT', 'too large', { hint: 'Show less.' });
  const chosen = { ...(await plan([])), renderer: brokenRenderer(problem), options: {} };
  await expect(writeReport(chosen, recordedSession(), noSource, true)).rejects.toMatchObject({
    code: 'UNWRITABLE_OUTPUT',
    message: 'cannot make the broken report: too large',
    hint: 'Show less.',
  });
});

test('where the report cannot be made, the recording is kept', async () => {
  const renderer = brokenRenderer(new Error('boom'));
  const session = recordedSession();
  const output = fileOutput(join(folder, 'report'));
  const chosen: ReportPlan = { ...(await plan([])), renderer, options: {}, output };
  const error = await writeReport(chosen, session, noSource, false).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'cannot make the broken report: boom' });
  const kept = /^The recording is in (.*\.timesink)\.$/.exec((error as { hint: string }).hint)?.[1] ?? '';
  expect(readSession(readFileSync(kept), kept)).toEqual(session);
  expect(existsSync(join(folder, 'report'))).toBe(false);
});
