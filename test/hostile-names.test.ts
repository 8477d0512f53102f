/** Can a name in a recording do harm in any report: command the terminal, break its lines or its syntax, stop it? */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderers } from '../src/render/registry.ts';
import type { Renderer, RenderOptions } from '../src/render/renderer.ts';
import type { Session } from '../src/session/session.ts';
import { sessionFromText } from './support/session-from-text.ts';

const template = sessionFromText({
  threads: [
    {
      samples: `
  1       2       4       0.5    0.25
  main:1  main:2  main:3  [await]  [not sampled]
  Box.f:4 Box.f:5 g@/usr/lib/python3.13/json/decoder.py:6
          f:8     h@/usr/lib/python3.13/site-packages/lib/a.py:9
                  sleep()
`,
    },
    { name: 'worker', samples: '3w 8\nrun:7! run:9' },
    { name: 'child', samples: '2\nchild:3', process: 1 },
  ],
  processes: [{ sysPath: ['/app', '/usr/lib/python3.13'], sysPrefixes: ['/usr'] }, { command: ['/bin/python3', '-m'] }],
  meta: { notes: ['A note.'] },
});

const hostileText = fc.oneof(
  fc.constantFrom(
    '\x1b]0;title\x07',
    '\x1b[2J\x1b[H',
    '\x1b[31m',
    '\u009b31m',
    '\u202egnp.exe',
    '\u2066x\u2069',
    '\x7f',
  ),
  fc.constantFrom(
    'a\nb',
    'a\r\nb',
    '\u2028',
    '\u2029',
    '\0',
    '\u0001',
    '\t',
    '\x0b',
    '\u0085',
    '\ud800',
    '\udc00\ud800',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '',
    ' ',
    ';',
    ';;1',
    '|',
    '`',
    '```',
    '*_#<>&"\'\\',
    '</script>',
  ),
  fc.constantFrom('x'.repeat(10_000), '\x1b'.repeat(1000), '/'.repeat(1000), '../'.repeat(100), '[self]', '[root]'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const texts = fc.array(hostileText, { minLength: 1, maxLength: 8 });

/** Every text of the session, with one of `texts` in it. Numbers keep apart what was not the same. */
function withTexts(session: Session, texts: readonly string[]): Session {
  let number = 0;
  const next = (before: string): string => `${before}${texts[number % texts.length]}${number++}`;
  const alike = new Map<string, string>();
  const consistent = (text: string): string => {
    const known = alike.get(text) ?? next(text);
    alike.set(text, known);
    return known;
  };
  return {
    ...session,
    meta: { ...session.meta, description: next(''), notes: session.meta.notes.map(next) },
    frames: session.frames.map((frame) => ({
      ...frame,
      functionName: consistent(frame.functionName),
      // In the same folder, so that it stays code of the application or of a library.
      file: frame.file?.startsWith('/') ? consistent(frame.file) : frame.file,
      className: frame.className === null ? null : consistent(frame.className),
    })),
    processes: session.processes.map((process) => ({
      ...process,
      command: process.command.map(next),
      runtimeVersion: next(''),
    })),
    threads: session.threads.map((thread) => ({ ...thread, name: next(thread.name) })),
  };
}

const tame = withTexts(template, ['n']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: what colours look like on a terminal.
const colour = /\x1b\[(?:0|2|31|32|33|92|48;5;24|38;5;15)m/g;

/** What commands a terminal, or reorders what stands beside it: C0 without tab and line feed, DEL, C1, bidi marks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
const unsafe = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const flagsOf = (renderer: Renderer, without: readonly string[]): RenderOptions =>
  Object.fromEntries(
    Object.entries(renderer.options).flatMap(([name, { kind }]) =>
      kind === 'flag' && !without.includes(name) ? [[name, true]] : [],
    ),
  );

/** Ways to write that go through different code, as JSON. */
function settingsOf(renderer: Renderer): readonly string[] {
  const color = Object.hasOwn(renderer.options, 'color') ? { color: true } : {};
  const flags = [flagsOf(renderer, ['flat']), flagsOf(renderer, ['timeline', 'short_mode', 'show_all'])];
  return [...new Set([{}, color, ...flags].map((options) => JSON.stringify(options)))];
}

const isJson = (text: string): boolean => /^[{[]/.test(text);

const page = '<title>@@title@@</title>\n<pre>@@text@@</pre>\n<script>@@session@@ @@before@@ @@contents@@</script>\n';

function render(renderer: Renderer, session: Session, options: RenderOptions, source: string): string | Uint8Array {
  return renderer.render(session, options, {
    readSource: () => `${source}\n`.repeat(10),
    pageTemplate: () => page,
  });
}

describe.each(renderers.map((renderer) => ({ name: renderer.name, renderer })))('$name', ({ renderer }) => {
  test.each(settingsOf(renderer))('%s', (setting) => {
    const options = JSON.parse(setting) as RenderOptions;
    const plain = render(renderer, tame, options, 'pass');
    fc.assert(
      fc.property(texts, (chosen) => {
        const report = render(renderer, withTexts(template, chosen), options, chosen.join('').slice(0, 200));
        if (typeof report !== 'string' || typeof plain !== 'string') {
          expect([typeof report, typeof plain]).toEqual(['object', 'object']);
          return;
        }
        expect(report.match(colour)?.length).toBe(plain.match(colour)?.length);
        expect(unsafe.exec(report.replaceAll(colour, ''))).toBeNull();
        if (renderer.name === 'html') expect(report.split('<').length).toBe(plain.split('<').length);
        if (isJson(plain)) JSON.parse(report);
        else expect(report.split('\n').length).toBe(plain.split('\n').length);
      }),
      { numRuns: 100 },
    );
  });
});
