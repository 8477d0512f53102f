import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import type { UnixSeconds } from '../session/units.ts';
import { unicodeGlyphs } from './style.ts';
import { drawHeader } from './text-header.ts';

test('the time of the recording is shown if anybody knows it', () => {
  const recorded = (startTime: number): string | undefined => {
    const meta = { startTime: startTime as UnixSeconds };
    return drawHeader(sessionFromText({ meta, threads: [{ samples: '1\nf' }] }), undefined, unicodeGlyphs)[1];
  };
  expect(recorded(1_700_000_000)).toMatch(/^Recorded: \d\d:\d\d:\d\d {3}Samples: /);
  for (const startTime of [0, -1, Number.MAX_VALUE])
    expect(recorded(startTime)).toMatch(/^Recorded: --:--:-- {3}Samples: /);
});
