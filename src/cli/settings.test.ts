import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GivenOptions } from './options.ts';
import { readSettings } from './settings.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'timesink-test-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
}

/** The settings that are in force in a folder below the root, which counts as the home folder. */
const settingsIn = (folder = 'project'): Promise<GivenOptions> => {
  mkdirSync(join(root, folder), { recursive: true });
  return readSettings(join(root, folder), { HOME: root });
};

const toml = (...lines: string[]): string => `[project]\nname = "x"\n\n[tool.timesink]\n${lines.join('\n')}\n`;

describe('what a file says', () => {
  test('in TOML', async () => {
    write(
      'project/pyproject.toml',
      toml(
        'interval = 0.01',
        'timeline = true',
        'threads = false',
        'color = false',
        'unicode = true',
        'renderer = "json"',
        'hide = "*/vendor/*"',
        'thread = ["a", "b"]',
        'process = 7',
        'from = 1',
        'target-description = "nightly {args}"',
        'render-option = ["flat", "time=percent_of_total"]',
      ),
    );
    expect(await settingsIn()).toEqual({
      interval: 0.01,
      timeline: true,
      color: false,
      unicode: true,
      renderer: 'json',
      hide: '*/vendor/*',
      thread: ['a', 'b'],
      process: ['7'],
      from: 1,
      targetDescription: 'nightly {args}',
      renderOption: ['flat', 'time=percent_of_total'],
    });
  });

  test('options of the format as a table, tables within included', async () => {
    write(
      'project/pyproject.toml',
      toml(
        'render-option.flat = true',
        'render-option.time = "seconds"',
        '[tool.timesink.render-option.processor_options]',
        'filter_threshold = 0.05',
      ),
    );
    expect(await settingsIn()).toEqual({
      renderOption: ['flat=true', 'time="seconds"', 'processor_options.filter_threshold=0.05'],
    });
  });

  test('in package.json', async () => {
    write('project/package.json', '\ufeff{"name": "x", "timesink": {"show-all": true, "interval": "1e-2"}}');
    expect(await settingsIn()).toEqual({ showAll: true, interval: 0.01 });
  });

  test('paths that begin with a dot are taken from the file’s folder', async () => {
    write('project/pyproject.toml', toml('renderer = "./tools/mine.ts"', 'python = "python3"', 'outfile = "../out"'));
    expect(await settingsIn('project/deep/down')).toEqual({
      renderer: join(root, 'project/tools/mine.ts'),
      python: 'python3',
      outfile: join(root, 'out'),
    });
  });
});

describe('where it is looked for', () => {
  test('the nearest file that has a section wins, as a whole', async () => {
    write('project/pyproject.toml', toml('interval = 0.01', 'timeline = true'));
    write('project/inner/pyproject.toml', '[project]\nname = "timesink-user"\n');
    write('project/inner/package.json', '{"name": "timesink"}');
    expect(await settingsIn('project/inner/deep')).toEqual({ interval: 0.01, timeline: true });
    write('project/inner/package.json', '{"timesink": {"threads": true}}');
    expect(await settingsIn('project/inner/deep')).toEqual({ threads: true });
    write('project/inner/pyproject.toml', toml('show-all = true'));
    expect(await settingsIn('project/inner/deep')).toEqual({ showAll: true });
  });

  test('nowhere is fine', async () => {
    expect(await settingsIn()).toEqual({});
  });

  test('not in the home folder and above, unless one is there', async () => {
    write('pyproject.toml', toml('threads = true'));
    expect(await settingsIn('project')).toEqual({});
    expect(await settingsIn('.')).toEqual({ threads: true });
    expect(await readSettings(join(root, 'project'), { HOME: '/nosuch' })).toEqual({ threads: true });
    expect(await readSettings(join(root, 'project'), {})).toEqual({ threads: true });
  });

  test('not in folders that everyone may write to', async () => {
    write('project/pyproject.toml', toml('threads = true'));
    chmodSync(join(root, 'project'), 0o777);
    expect(await settingsIn('project')).toEqual({});
    expect(await settingsIn('project/inner')).toEqual({});
  });

  test('not in what is no file of a sane size', async () => {
    mkdirSync(join(root, 'project/pyproject.toml'), { recursive: true });
    write('project/package.json', '{"timesink": {"threads": true}}');
    truncateSync(join(root, 'project/package.json'), 1 << 30);
    expect(await settingsIn()).toEqual({});
  });

  test('a folder that is gone is no error', async () => {
    expect(await readSettings(join(root, 'nosuch'), { HOME: root })).toEqual({});
  });
});

describe('mistakes name the file', () => {
  const problem = async (name: string, text: string): Promise<string> => {
    write(`project/${name}`, text);
    const error = await settingsIn().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(join(root, 'project', name)) });
    return `${(error as Error).message}\n${(error as { hint?: string }).hint ?? ''}`;
  };

  test.each([
    ['intervall = 1', 'there is no option "intervall"'],
    ['load = "x"', 'there is no option "load"'],
    ['debug = true', 'there is no option "debug"'],
    ['m = "x"', 'there is no option "m"'],
    ['no-color = true', 'there is no option "no-color"'],
    ['__proto__ = 1', 'there is no option "__proto__"'],
    ['timeline = 1', 'timeline must be true or false'],
    ['timeline = "yes"', 'timeline must be true or false'],
    ['interval = "abc"', 'the interval "abc" is not a number'],
    ['interval = 1000', 'out of range'],
    ['interval = true', 'interval must be text or a number'],
    ['interval = [1]', 'interval must be text or a number'],
    ['hide = 2026-01-01', 'hide must be text or a number'],
    ['thread = [["a"]]', 'thread must be text or a number, or a list of them'],
    ['hide = "a"\nhide-regex = "b"', '--hide and --hide-regex exclude each other'],
    ['hide-regex = "("', 'Unterminated group'],
    ['from = 5\nto = 1', 'there is nothing from 5 s to 1 s'],
    ['renderer = "jsonx"', 'there is no report format "jsonx"'],
    ['render-option = { time = "bogus" }', 'must be seconds or percent_of_total'],
    ['render-option = { processor_options = { nosuch = 1 } }', 'has no option processor_options.nosuch'],
  ])('%s', async (line, message) => {
    expect(await problem('pyproject.toml', toml(line))).toContain(message);
  });

  test('options too deep in each other', async () => {
    const deep = `render-option = ${'{ a = '.repeat(20)}1${' }'.repeat(20)}`;
    expect(await problem('pyproject.toml', toml(deep))).toContain('too deep');
  });

  test('a section that is no table', async () => {
    expect(await problem('package.json', '{"timesink": true}')).toContain('not a table of options');
    expect(await problem('pyproject.toml', 'tool.timesink = 1')).toContain('not a table of options');
  });

  test('what cannot be read is told with its line', async () => {
    expect(await problem('pyproject.toml', `${toml('a = 1')}b = = 2\n`)).toMatch(/pyproject\.toml, line 6: \S/);
    rmSync(join(root, 'project/pyproject.toml'));
    for (const [text, line] of [
      ['{\n"timesink": {\n"threads": tru\n}}', 3],
      ['{\n"timesink": {}\n"threads": true}', 3],
      ['{"timesink": {},\n}\n', 2],
      ['{"timesink": {', 1],
      ['{"timesink": {\n\n\n', 4],
      ['{"timesink": "\n"}', 1],
      ['x "timesink"', 1],
    ] as const) {
      expect(await problem('package.json', text), text).toContain(`package.json, line ${line}: not valid JSON`);
    }
  });

  test('what does not mention timesink need not be right', async () => {
    write('project/pyproject.toml', '[[[');
    write('project/package.json', '{');
    expect(await settingsIn()).toEqual({});
  });
});
