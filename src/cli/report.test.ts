import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recordedSession } from '../../test/support/sessions.ts';
import { defineRenderer } from '../render/renderer.ts';
import { readSession } from '../session/file.ts';
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

function plan(...words: string[]): ReportPlan {
  const request = parseRequest([...words, 'x.py'], '');
  if (request.kind !== 'run') throw new Error('not a run');
  return planReport(request.options, 1, { LANG: 'C' });
}

const noSource = () => undefined;

test('the name of the file chooses the format, -r wins', () => {
  expect(plan().renderer.name).toBe('text');
  expect(plan('-o', join(folder, 'a.json')).renderer.name).toBe('json');
  expect(plan('-o', join(folder, 'a.json'), '-r', 'text').renderer.name).toBe('text');
  expect(plan('-r', 'json').options).toEqual({});
  expect(plan('-o', join(folder, 'a.txt')).options).toMatchObject({ unicode: true, color: false });
  expect(readdirSync(folder)).toEqual([]);
});

test('options that the format does not take are refused before anything else', () => {
  expect(() => plan('-r', 'pyisession', '-t')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  expect(() => plan('-p', 'nosuch')).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('where the report cannot be made, the recording is kept', async () => {
  const renderer = defineRenderer({
    name: 'broken',
    aliases: [],
    extensions: ['.broken'],
    isBinary: false,
    summary: '',
    options: {},
    run: () => {
      throw new Error('boom');
    },
  });
  const session = recordedSession();
  const output = fileOutput(join(folder, 'report'));
  const error = await writeReport({ renderer, options: {}, output }, session, noSource).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'cannot make the broken report: boom' });
  const kept = /^The recording is in (.*\.timesink)\.$/.exec((error as { hint: string }).hint)?.[1] ?? '';
  expect(readSession(readFileSync(kept), kept)).toEqual(session);
  expect(existsSync(join(folder, 'report'))).toBe(false);
});
