import { expect, test } from 'vitest';
import { recordedSession } from '../test/support/sessions.ts';
import {
  diffRenderers,
  findDiffRenderer,
  findRenderer,
  inferDiffRenderer,
  inferRenderer,
  renderers,
} from './formats.ts';
import * as diffRegistry from './render/diff-registry.ts';
import * as registry from './render/registry.ts';

test('the formats are those of the command line', () => {
  expect(renderers.map(({ name }) => name)).toEqual(registry.renderers.map(({ name }) => name));
  for (const renderer of renderers) expect(findRenderer(renderer.name)).toBe(renderer);
  expect(inferRenderer('a.HTML')).toBe(findRenderer('html'));
  expect(inferRenderer('a.speedscope.json').name).toBe('speedscope');
  expect(() => findRenderer('nosuch')).toThrow('there is no report format "nosuch"');
});

test('a page needs nothing else, and can be another one', () => {
  const html = findRenderer('html');
  const session = recordedSession();
  expect(html.render(session)).toMatch(/^<!doctype html>[\s\S]*id="timesink-session"/i);
  const source = { readSource: () => undefined };
  expect(html.render(session, { time: 'percent_of_total' }, source)).toMatch(/^<!doctype html>/i);
  expect(html.render(session, {}, { pageTemplate: () => '<p>@@title@@</p>' })).toMatch(/^<p>[^@]+<\/p>$/);
});

test('the formats for comparisons are those of the command line, with their page', () => {
  expect(diffRenderers.map(({ name }) => name)).toEqual(diffRegistry.diffRenderers.map(({ name }) => name));
  for (const renderer of diffRenderers) expect(findDiffRenderer(renderer.name)).toBe(renderer);
  expect(inferDiffRenderer('a.html')).toBe(findDiffRenderer('html'));
  const compared = { name: 'a', session: recordedSession() };
  expect(findDiffRenderer('html').render(compared, compared)).toMatch(/^<!doctype html>/i);
  expect(findDiffRenderer('text').render(compared, compared)).toContain('the same');
});
