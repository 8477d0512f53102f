/** What may a `.pyisession` hold? Any small one that pyinstrument itself could read, for property tests. */
import fc from 'fast-check';

/** The members of a `.pyisession`, as JSON has them. */
export interface PyinstrumentFile {
  readonly start_time: number;
  readonly duration: number;
  readonly min_interval: number;
  readonly max_interval: number;
  readonly sample_count: number;
  readonly start_call_stack: readonly string[];
  readonly target_description: string;
  readonly cpu_time: number;
  readonly sys_path: readonly string[];
  readonly sys_prefixes: readonly string[];
  readonly frame_records: readonly PyinstrumentRecord[];
}

/** A stack, outermost frame first, and its seconds. */
export type PyinstrumentRecord = readonly [stack: readonly string[], seconds: number];

/** Which odd cases may occur. */
export interface PyinstrumentFileOptions {
  /** Records in which pyinstrument's own command line stands above the program. */
  readonly launcher: boolean;
}

const names = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('f', 'g', '<module>', '__proto__', 'toString', 'größe', '関数', '😀e\u0301'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }).map(withoutSeparators) },
  { weight: 1, arbitrary: fc.constantFrom('', 'a b', '\x1b[2J', '\r\x07', '\u009b1m', 'a\u202eb', '"\\\u2028\x7f') },
);

const files = fc.constantFrom(
  '/srv/app/main.py',
  '/srv/app/store/db.py',
  '/srv/app/Ünï/模块.py',
  'app.py',
  'C:\\app\\main.py',
  '/usr/lib/python3.13/json/decoder.py',
  '/usr/lib/python3.13/asyncio/base_events.py',
  '/usr/lib/python3.13/site-packages/a_library_with_a_long_name/api.py',
  '/usr/lib/python3.13/site-packages/another_library/models.py',
  '<frozen importlib._bootstrap>',
  '<frozen importlib._bootstrap_external>',
  '<string>',
  '<stdin>',
  '<ipython-input-1-a>',
  '<__array_function__ internals>',
  '',
);

const line = fc.option(fc.constantFrom(1, 7, 88), { nil: undefined, freq: 3 });

/** `FUNCTION NUL FILE NUL FIRSTLINE`, then marks. */
const codeFrame = fc
  .record({
    name: names,
    file: files,
    firstLine: fc.constantFrom(0, 1, 40),
    className: fc.constantFrom(undefined, undefined, undefined, 'A', 'Box', 'Ü'),
    line,
    hidden: fc.integer({ min: 0, max: 9 }).map((number) => number === 9),
  })
  .map(({ name, file, firstLine, className, line: current, hidden }) => {
    const marks = [
      className === undefined ? '' : `\u0001c${className}`,
      current === undefined ? '' : `\u0001l${current}`,
      hidden ? '\u0001h1' : '',
    ];
    return `${name}\0${file}\0${firstLine}${marks.join('')}`;
  });

const frame = fc.oneof(
  { weight: 12, arbitrary: codeFrame },
  { weight: 1, arbitrary: fc.constantFrom('nofile', 'sleep\0<built-in>\x000', 'str.join\0<built-in>\x000') },
);

const leaf = fc.constantFrom(
  ...[undefined, undefined, undefined, undefined, 'sleep\0<built-in>\x000', '[await]', '[out-of-context]'],
);

/** Sums that depend on the order of adding, ties, nothing at all. */
const seconds = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0.1, 0.2, 0.3, 0.001, 0.125, 0.0005) },
  { weight: 2, arbitrary: fc.double({ min: 0, max: 2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(1e-9, 1e5, 1 / 3, 5e-324) },
);

/** Positions in a pool of frames, so that the same frames meet again; repeated, for deep recursion. */
const shape = fc.record({
  positions: fc.array(fc.nat(11), { maxLength: 6 }),
  repeat: fc.oneof(
    { weight: 19, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 50 }) },
  ),
  leaf,
  seconds,
  /** 0: no thread and no stem, so that there is a second root. */
  root: fc.integer({ min: 0, max: 19 }),
});

const thread = 'MainThread\0<thread>\x00140235';
const otherThread = 'Thread-1 (run)\0<thread>\x0077';

const launcher: readonly string[] = [
  '<module>\0/opt/tools/bin/pyinstrument\x001',
  'main\0/opt/tools/pyinstrument/__main__.py\x0028',
  '<module>\0<string>\x001',
  'run_module\0<frozen runpy>\x00201',
  '_run_code\0/usr/lib/python3.13/runpy.py\x0065',
];

const head = fc.record({
  start_time: fc.double({ min: 1, max: 2e9, noNaN: true }),
  duration: fc.double({ min: 0, max: 1e5, noNaN: true }),
  sample_count: fc.nat(),
  target_description: fc.oneof(
    fc.constantFrom('Program: app.py --month 11', ''),
    fc.string({ maxLength: 30 }).map(withoutSeparators),
  ),
  // Not 0, which pyinstrument saves as a whole number.
  cpu_time: fc.double({ min: 1e-6, max: 1e5, noNaN: true }),
  sys_path: fc.subarray([
    ...['/srv/app', '/srv', '/usr/lib/python3.13', '/usr/lib/python3.13/site-packages', '/', '/srv/app/store/../../'],
  ]),
  // Without any, pyinstrument takes the standard library for code of the application.
  sys_prefixes: fc.constantFrom(['/usr', '/usr', '/usr', '/usr'], ['/opt/env', '/usr/'], ['/usr']),
});

const interval = fc.constantFrom(0.001, 0.001, 0.01, 0.1, 1, 5, 0.003, 1e-6, 0);

/** Any small session in which names, stacks and odd cases meet often. It always names the place where it was started. */
export function pyinstrumentFile({ launcher: hasLauncher }: PyinstrumentFileOptions): fc.Arbitrary<PyinstrumentFile> {
  return fc
    .record({
      head,
      intervals: fc.tuple(interval, interval),
      pool: fc.array(frame, { minLength: 1, maxLength: 12 }),
      stem: fc.array(frame, { maxLength: 3 }),
      start: fc.integer({ min: 1, max: 4 }),
      shapes: fc.array(shape, { maxLength: 20 }),
    })
    .map(({ head, intervals, pool, stem, start, shapes }) => {
      const above = hasLauncher ? [...launcher, ...stem] : [thread, ...stem];
      return {
        ...head,
        min_interval: Math.min(...intervals),
        max_interval: Math.max(...intervals),
        start_call_stack: above.slice(0, start).map((entry) => entry.split('\u0001', 1)[0] as string),
        frame_records: shapes.map(({ positions, repeat, leaf, seconds, root }): PyinstrumentRecord => {
          const frames = positions.map((position) => pool[position % pool.length] as string);
          const own = Array.from({ length: repeat }, () => frames).flat();
          const outer = root === 0 ? [otherThread] : above;
          return [[...outer, ...own, ...(leaf === undefined ? [] : [leaf])], seconds];
        }),
      };
    });
}

/** What would end a name or a line. */
function withoutSeparators(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: two of them are the format's separators.
  return text.replaceAll(/[\0\u0001\n]/g, '');
}
