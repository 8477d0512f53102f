import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { RecordedSession } from './recorded-session.ts';

/** A request that works for 2 ms and waits for 20 ms, with `other` seconds of other work of the event loop. */
const request = (other: string): RecordedSession =>
  new RecordedSession(
    sessionFromText(`
      0.002         0.02w         ${other}w
      handle@a.ts:1 handle@a.ts:1 handle@a.ts:1
      render@a.ts:9 [await]       [out-of-context]
    `),
  );

test('what a request did is seen, however long others kept the event loop busy', () => {
  const reports = (['toText', 'toMarkdown', 'toJson'] as const).map((method) => request('3')[method]());
  expect(reports.map((report) => report.includes('render'))).toEqual([true, true, true]);
});

test('a small part of its own time is left out as ever, and so is what the caller says', () => {
  expect(request('0').toText()).toContain('render');
  expect(request('0').toText({ processorOptions: { filter_threshold: 0.5 } })).not.toContain('render');
  expect(request('3').toText({ processorOptions: { filter_threshold: 0.01 } })).not.toContain('render');
  const waiting = sessionFromText(`
    0.002         0.5w
    handle@a.ts:1 handle@a.ts:1
    render@a.ts:9 [await]
  `);
  expect(new RecordedSession(waiting).toText()).not.toContain('render');
});

test('options that are no group are refused', () => {
  expect(() => request('1').toText({ processorOptions: 3 })).toThrow('option processor_options of the text report');
});
