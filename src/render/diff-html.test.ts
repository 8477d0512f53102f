import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { decodeSession } from '../session/file.ts';
import { diffHtmlRenderer } from './diff-html.ts';
import { diffTextRenderer } from './diff-text.ts';
import type { PageContents } from './page-contents.ts';
import type { RenderOptions } from './renderer.ts';

const before = { name: 'before.timesink', session: sessionFromText('1\nmain\nold') };
const after = { name: 'after.timesink', session: sessionFromText('3\nmain\nfresh') };
const pageTemplate = (): string => '@@title@@\n@@session@@\n@@before@@\n@@contents@@\n@@text@@';

function fill(options: RenderOptions = {}) {
  const page = diffHtmlRenderer.render(before, after, options, { pageTemplate, readSource: () => 'text' });
  const [title = '', session = '', earlier = '', contents = '', ...text] = page.split('\n');
  const read = (packed: string) => decodeSession(Buffer.from(packed, 'base64'), 'page');
  return {
    ...{ title, text: text.join('\n'), session: read(session), before: read(earlier) },
    contents: JSON.parse(gunzipSync(Buffer.from(contents, 'base64')).toString()) as PageContents,
  };
}

test('a page holds both recordings, their names, and the text comparison', () => {
  const page = fill();
  expect(page.session).toEqual(after.session);
  expect(page.before).toEqual(before.session);
  expect(page.contents.comparison).toEqual({
    names: { before: 'before.timesink', after: 'after.timesink' },
    normalize: false,
    filterThreshold: 0.01,
  });
  expect(page.text).toBe(diffTextRenderer.render(before, after, { unicode: true }));
  expect(page.title).toMatch(/^\S+ s → \S+ s · .*timesink$/);
});

test('options are what the page begins with', () => {
  const { contents } = fill({
    ...{ normalize: true, show_all: true, threads: true, source: false },
    processor_options: { filter_threshold: 0.2, hide_regex: '.*/lib' },
  });
  expect(contents.comparison).toMatchObject({ normalize: true, filterThreshold: 0.2 });
  expect(contents.defaults).toMatchObject({ showAll: true, threads: true, hide: expect.stringContaining('/lib') });
  expect(contents.sources).toEqual([]);
});

test('needs the empty page', () => {
  expect(() => diffHtmlRenderer.render(before, after)).toThrow('needs the page');
});
