import { expect, test } from 'vitest';
import { deepSession, sessionFromText } from '../../test/support/session-from-text.ts';
import type { Session } from '../session/session.ts';
import { diffJsonRenderer } from './diff-json.ts';
import type { RenderOptions } from './renderer.ts';

function render(before: Session, after: Session, options: RenderOptions = {}): string {
  return diffJsonRenderer.render({ name: 'a', session: before }, { name: 'b', session: after }, options);
}

const [before, after] = [sessionFromText('1    2\nmain main\n     f'), sessionFromText('1    2\nmain main\n     g')];

test('all members', () => {
  const call = { file_path_short: 'main.py', file_path: '/app/main.py', line_no: 1, is_application_code: true };
  expect(JSON.parse(render(before, after))).toEqual({
    version: 1,
    exporter: expect.stringMatching(/^timesink \d/),
    unit: 'seconds',
    before: {
      name: 'a',
      target_description: 'Program: main.py',
      start_time: 1_700_000_000.25,
      duration: 3,
      cpu_time: 0.5,
      sample_count: 2,
      interval: 0.001,
    },
    after: expect.objectContaining({ name: 'b' }),
    threads: [
      {
        process_id: { before: 4000, after: 4000 },
        thread_id: { before: 100, after: 100 },
        name: 'MainThread',
        is_main: true,
        running_time: { before: 3, after: 3 },
        least_change: 0.03,
        functions: [
          { function: 'g', ...call, status: 'new', before: 0, after: 2, change: 2, is_within_noise: false },
          { function: 'f', ...call, status: 'gone', before: 2, after: 0, change: -2, is_within_noise: false },
        ],
        root_frame: {
          function: 'main',
          ...call,
          line_no_before: 1,
          status: 'both',
          before: 3,
          after: 3,
          change: 0,
          is_within_noise: false,
          children: [
            {
              function: 'g',
              ...call,
              status: 'new',
              before: 0,
              after: 2,
              change: 2,
              is_within_noise: false,
              children: [],
            },
            {
              function: 'f',
              ...call,
              status: 'gone',
              before: 2,
              after: 0,
              change: -2,
              is_within_noise: false,
              children: [],
            },
          ],
        },
      },
    ],
  });
});

test('shares, and everything', () => {
  const { unit, threads } = JSON.parse(render(before, after, { normalize: true, show_all: true })) as {
    unit: string;
    threads: { functions: unknown[]; root_frame: { children: unknown[] } }[];
  };
  expect(unit).toBe('share');
  expect(threads[0]?.functions).toHaveLength(3);
  expect(threads[0]?.root_frame.children).toHaveLength(3);
});

test('recordings of nothing, and threads without samples', () => {
  const [none, empty] = [sessionFromText({ threads: [] }), sessionFromText({ threads: [{ samples: '' }] })];
  expect(JSON.parse(render(none, none))).toMatchObject({ threads: [] });
  expect(JSON.parse(render(empty, empty))).toMatchObject({ threads: [{ functions: [], root_frame: null }] });
});

test('nothing raw that could command a terminal', () => {
  const odd = sessionFromText({ threads: [{ samples: '1\nmain' }], meta: { description: 'a\x9b\u202eb\x7f"' } });
  const text = render(odd, odd);
  expect(text).toContain('a\\u009b\\u202eb\\u007f\\"');
  expect(JSON.parse(text)).toMatchObject({ before: { target_description: 'a\x9b\u202eb\x7f"' } });
});

test('very deep trees', () => {
  const text = render(deepSession(50_000), deepSession(50_000), { show_all: true });
  expect(text.match(/"function":"f"/g)).toHaveLength(50_001);
});
