import { expect, test } from 'vitest';
import { recordedSession } from '../test/support/sessions.ts';
import { findRenderer, inferRenderer, renderers } from './formats.ts';
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
