import { expect, test } from 'vitest';
import { seconds } from '../../../src/session/units.ts';
import { deepSession, sessionFromText } from '../../../test/support/session-from-text.ts';
import { plainContents } from '../../dev/plain-contents.ts';
import { plainOptions } from '../../dev/plain-options.ts';
import { Model } from '../../model/model.ts';
import { exportFlameSvg, type FlameState } from './flame.ts';
import { escapeXml } from './svg.ts';

const state: FlameState = {
  ...{ threads: { kind: 'busy' }, weight: 'wall', span: null, transforms: [], inverted: false },
  options: plainOptions,
};

test('a picture has a box for each path, with its name, place and times in a tip', () => {
  const svg = exportFlameSvg(
    new Model(sessionFromText('1 3\nmain main\nBox.price@shop/box.py work'), plainContents),
    state,
  );
  const tips = [...svg.matchAll(/<g><title>([^<]*)<\/title>/g)].map(([, tip]) => tip);
  expect(tips).toEqual([
    'main\nmain.py:1\n4.0 s, 100.0 %, self 0 ms',
    'work\nmain.py:1\n3.0 s, 75.0 %, self 3.0 s',
    'Box.price\nshop/box.py:1\n1.0 s, 25.0 %, self 1.0 s',
  ]);
  expect(svg).toContain('>Box.price</text>');
  expect(svg).not.toMatch(/href|url\(|@import|<script/);
});

test('names are text, whatever is in them', () => {
  const hostile = '<script>alert(1)</script>&"\u0000\u202e\ud800';
  const session = sessionFromText('1\nmain');
  const frames = session.frames.map((frame) => ({ ...frame, functionName: hostile, file: `/app/${hostile}` }));
  const meta = { ...session.meta, description: hostile };
  const svg = exportFlameSvg(new Model({ ...session, frames, meta }, plainContents), state);
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML does not allow.
  expect(svg).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\u202e]/);
  expect(svg).not.toMatch(/\p{Surrogate}/u);
  expect(escapeXml('a\ud83d\ude00b\udc00c')).toBe('a\ud83d\ude00b\ufffdc');
});

test('what is left out is said', () => {
  const deep = exportFlameSvg(new Model(deepSession(2000), plainContents), state);
  expect(deep).toContain('500 deeper levels are left out');
  const columns = Array.from({ length: 3000 }, (_, index) => `f${index}`.padEnd(8));
  const narrow = sessionFromText(`${columns.map(() => '1'.padEnd(8)).join('')}\n${columns.join('')}`);
  const picture = exportFlameSvg(
    new Model({ ...narrow, meta: { ...narrow.meta, duration: seconds(3000) } }, plainContents),
    state,
  );
  expect(picture).toContain('boxes under a pixel are joined in grey');
  expect(picture.length).toBeLessThan(200_000);
});
