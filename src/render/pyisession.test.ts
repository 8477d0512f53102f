import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { parsePyisession } from '../session/pyisession.ts';
import type { Session } from '../session/session.ts';
import { pyisessionRenderer } from './pyisession.ts';
import { textRenderer } from './text.ts';

const session = sessionFromText({
  threads: [
    { name: 'worker', samples: '0.5\nrun:9\nsleep()' },
    { samples: '0.25    0.125   0.25\nmain:1  main:2  main:1\nBox.f:7' },
    { name: 'other', samples: '4\nchild', process: 1 },
  ],
  processes: [{}, {}],
});

function written(options: Readonly<Record<string, boolean>>): Session {
  return parsePyisession(pyisessionRenderer.render(session, options) as string, 'x');
}

test('the main thread of the program, as it was', () => {
  const read = written({});
  expect(read.frames.map((frame) => frame.functionName)).toEqual(['MainThread', 'main', 'f']);
  expect([...(read.threads[0]?.weight ?? [])]).toEqual([0.25, 0.125, 0.25]);
});

test('with all threads of the program, each below its own entry', () => {
  const text = textRenderer.render(written({ threads: true }), { show_all: true }) as string;
  expect(text.split('\n\n')[2]).toMatchInlineSnapshot(`
    "1.125 [root]  
    |- 0.625 MainThread  <thread>:1001
    |  \`- 0.625 main  main.py:1
    |     |- 0.375 [self]  main.py
    |     \`- 0.250 Box.f  main.py:1
    \`- 0.500 worker  <thread>:1000
       \`- 0.500 run  main.py:1
          \`- 0.500 sleep  <built-in>"
  `);
});
