import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { recordedSession } from '../../test/support/sessions.ts';
import { decodeSession } from '../session/file.ts';
import type { Session } from '../session/session.ts';
import { fillPage } from './fill-page.ts';
import { htmlRenderer } from './html.ts';
import type { PageContents } from './page-contents.ts';
import { pageTitle } from './page-title.ts';
import type { RenderOptions, SourceReader } from './renderer.ts';

const template = '@@title@@\n@@text@@\n@@session@@\n@@before@@\n@@contents@@\n@@other@@';

interface Filled {
  readonly title: string;
  readonly text: string;
  readonly session: Session;
  readonly before: string;
  readonly contents: PageContents;
  readonly rest: string;
}

function fill(session: Session, options: RenderOptions = {}, readSource?: SourceReader): Filled {
  const context = { pageTemplate: () => template, ...(readSource === undefined ? {} : { readSource }) };
  const lines = String(htmlRenderer.render(session, options, context)).split('\n');
  const [rest = '', contents = '', before = '', packed = ''] = lines.toReversed();
  return {
    title: lines[0] ?? '',
    text: lines.slice(1, -4).join('\n'),
    session: decodeSession(Buffer.from(packed, 'base64'), 'page'),
    before,
    contents: JSON.parse(gunzipSync(Buffer.from(contents, 'base64')).toString()),
    rest,
  };
}

test('a page holds the whole session, the text report, and nothing in place of an earlier session', () => {
  const session = recordedSession();
  const page = fill(session);
  expect(page.session).toEqual(session);
  expect(page.title).toBe('1.5 s · app.py · timesink');
  expect(page.text).toContain('Box.price  app.py:5');
  expect(page.before).toBe('');
  expect(page.rest).toBe('@@other@@');
});

const { defaults } = fill(recordedSession()).contents;

test('two sessions', () => {
  const [session, before] = [recordedSession(), sessionFromText('1\nearlier')];
  const page = fillPage('@@before@@', { title: '', text: '', session, before, contents: { defaults, sources: [] } });
  expect(decodeSession(Buffer.from(page, 'base64'), 'x')).toEqual(before);
});

test('what stands for something in replacements or HTML is only text', () => {
  const text = '$& $1 $` </noscript> @@session@@ &amp; "quoted"';
  const session = recordedSession();
  const page = fillPage('<@@title@@>', { title: text, text: '', session, contents: { defaults, sources: [] } });
  expect(page).toBe('<$&amp; $1 $` &lt;/noscript&gt; @@session@@ &amp;amp; &quot;quoted&quot;>');
});

test('options become what the page shows at first', () => {
  expect(defaults).toEqual({
    timeline: false,
    showAll: false,
    filterThreshold: 0.001,
    hide: null,
    show: null,
    threads: false,
    subprocesses: false,
    time: 'seconds',
  });
  const options = {
    ...{ timeline: true, show_all: true, threads: true, time: 'percent_of_total', resample_interval: 0.01 },
    processor_options: { hide_regex: '.*/lib', show_regex: '(?i)APP', filter_threshold: 0.5 },
  };
  expect(fill(recordedSession(), options).contents.defaults).toEqual({
    ...defaults,
    ...{
      timeline: true,
      showAll: true,
      threads: true,
      time: 'percent_of_total',
      hide: '^(?:.*\\/lib)',
      show: '(?i:^(?:APP))',
      filterThreshold: 0.5,
    },
  });
});

test('without a page to fill there is no report', () => {
  expect(() => htmlRenderer.render(recordedSession())).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
});

describe('source text', () => {
  const session = sessionFromText(`
    1          2                            4          1000
    main       main                         main       main
    a@cold.py  b@hot.py                     c@large.py d@<string>
               x@/usr/lib/python3.13/lib.py
  `);
  const files: Readonly<Record<string, string>> = {
    '/app/main.py': 'main text',
    '/app/cold.py': 'cold',
    '/app/large.py': 'x'.repeat(500_001),
    '/app/hot.py': 'hot',
    '/usr/lib/python3.13/lib.py': 'library',
  };

  test('is of the hot files, the hottest of the application first, as far as there is room', () => {
    const sources = fill(hotter(session), {}, (file) => files[file]).contents.sources;
    expect(sources).toEqual([
      ['/app/main.py', 'main text'],
      ['/app/hot.py', 'hot'],
      ['/usr/lib/python3.13/lib.py', 'library'],
    ]);
  });

  test('can be left out', () => {
    expect(fill(session, { source: false }, () => 'text').contents.sources).toEqual([]);
    expect(fill(session).contents.sources).toEqual([]);
  });

  /** `cold.py` has less than a two hundredth of the time. */
  function hotter(original: Session): Session {
    const [thread] = original.threads;
    if (thread === undefined) throw new Error('no thread');
    return { ...original, threads: [{ ...thread, weight: Float64Array.of(1, 150, 100, 10) }] };
  }
});

describe('the title', () => {
  test.each([
    ['Program: /srv/app/report.py --month 11', 12.31, '12.3 s · report.py · timesink'],
    ['Program: -m http.server 8000', 2, '2.0 s · http.server · timesink'],
    ['CPU profile: a/CPU.1.cpuprofile', 2, '2.0 s · CPU.1.cpuprofile · timesink'],
    ['Block at /srv/app/views.py:12', 0.0123, '12 ms · views.py:12 · timesink'],
    ['/usr/bin/', 1, '1.0 s · bin · timesink'],
    ['  ', 0, '0 ms · timesink'],
    ['a\u202eb', 1, '1.0 s · a\\u202eb · timesink'],
  ])('of %s', (description, duration, title) => {
    expect(pageTitle({ description, duration: duration as never })).toBe(title);
  });
});
