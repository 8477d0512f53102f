/** Does the Python package do on every CPython what its own tests say, and does its wheel hold all it needs? */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { declareMissing, providedFolder } from '../support/provided.ts';
import { describeEachPython, testWithPackage, testWithPyinstrument } from '../support/pythons.ts';

const folder = fileURLToPath(new URL('../../python/', import.meta.url));
const files = readdirSync(join(folder, 'tests')).filter((name) => /^test_.*\.py$/.test(name));

/** The recorder runs on the Node.js that runs this. */
const environment = { ...process.env, TIMESINK_NODE: process.execPath, PYTHONDONTWRITEBYTECODE: '1' };

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = environment): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8', timeout: 290_000 });
  return { status, output: stdout + stderr };
}

/** What pytest says of each file, and all that it printed. */
interface Results {
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  readonly output: string;
}

function runTests(python: string, names: readonly string[]): Results {
  const paths = names.map((name) => `tests/${name}`);
  const { output } = run(python, ['-m', 'pytest', '-q', '-rA', '--no-header', '--tb=short', ...paths]);
  const outcomes = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [, outcome = '', name = ''] of output.matchAll(/^([A-Z]{4,}) (?:\[\d+\] )?tests\/(test_\w+\.py)/gm)) {
    outcomes.get(name)?.push(outcome);
  }
  return { outcomes, output };
}

describeEachPython('the tests of the Python package', ({ minor }) => {
  const python = join(providedFolder, `python-venvs/3.${minor}/bin/python`);
  // All in one go: starting pytest takes as long as many a file. Only a file that is tried again has a run of its own.
  let all: Results | undefined;
  const seen = new Set<string>();
  for (const file of files) {
    const name = `python/tests/${file}`;
    if (!existsSync(python)) declareMissing(name, `pytest for Python 3.${minor}`);
    else {
      test(name, { timeout: 300_000 }, () => {
        if (!seen.has(file)) all ??= runTests(python, files);
        const { outcomes, output } = seen.has(file) ? runTests(python, [file]) : (all as Results);
        seen.add(file);
        const found = outcomes.get(file) ?? [];
        expect(found, output).not.toEqual([]);
        expect(new Set(found), output).toEqual(new Set(['PASSED']));
      });
    }
  }
});

/** Parts of pyinstrument's renderers and processors that its documentation does not name. */
const inner = [
  'merge_consecutive_self_time(recursive)',
  'remove_irrelevant_nodes(total_time)',
  'Frame.new_subclass_with_frame_info',
  ...['colors_disabled', 'colors_enabled', 'frame_description', 'frame_proportion_of_total_time', 'group_description']
    .concat(['libraries_for_frames', 'render_frame', 'render_frame_flat', 'render_preamble', 'should_ignore_group'])
    .concat(['should_render_frame', 'should_render_frame_in_group'])
    .map((name) => `ConsoleRenderer.${name}`),
  'JSONRenderer.render_frame',
  'PstatsRenderer.frame_key',
  'PstatsRenderer.render_frame',
  'SpeedscopeRenderer.render_frame',
];

testWithPyinstrument('the Python package has the names, arguments and defaults of pyinstrument', (python) => {
  const env = { ...environment, PYTHONPATH: join(folder, 'src') };
  const { status, output } = run(python, ['tests/pyinstrument_names.py'], env);
  expect(status, output).toBe(0);
  expect(output.trim().split('\n')).toEqual(inner);
});

const greenlets = `
from gevent import monkey
monkey.patch_all()
import gevent, time, timesink
log = []
def busy(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end: sum(range(200))
def other():
    for _ in range(20):
        log.append("other")
        busy(0.01)
        gevent.sleep(0)
def work():
    profiler = timesink.Profiler(async_mode="disabled")
    log.append("start")
    profiler.start()
    log.append("started")
    gevent.sleep(0.1)
    return profiler.stop()
worker, rest = gevent.spawn(work), gevent.spawn(other)
session = worker.get()
print(log[log.index("start") + 1], "busy" in {frame.function for frame in session.root_frame().walk()})
[thread] = {stack[0].split("\\0")[0] for stack, _ in session.frame_records}
print(thread)
`;

testWithPackage('gevent', 'no other greenlet runs while a recording starts', (python) => {
  for (const engine of ['outside', 'inprocess']) {
    const env = { ...environment, PYTHONPATH: join(folder, 'src'), TIMESINK_ENGINE: engine };
    expect(run(python, ['-c', greenlets], env), engine).toEqual({ status: 0, output: 'started True\nMainThread\n' });
  }
});

describe('the wheel', () => {
  let built = '';
  beforeAll(() => {
    built = mkdtempSync(join(tmpdir(), 'timesink-wheel-'));
  });
  afterAll(() => rmSync(built, { recursive: true }));

  testWithPackage('hatchling', 'is small, and runs where it is installed', (python) => {
    const building = run(python, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', built]);
    expect(building.status, building.output).toBe(0);
    const [wheel = ''] = readdirSync(built);
    expect(wheel).toMatch(/^timesink-\d+\.\d+\.\d+-py3-none-any\.whl$/);
    expect(statSync(join(built, wheel)).size).toBeLessThan(2_000_000);

    const site = join(built, 'site');
    const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-index', '--disable-pip-version-check'];
    const installing = run(python, [...pip, '--target', site, join(built, wheel)]);
    expect(installing.status, installing.output).toBe(0);
    const env = { ...environment, PYTHONPATH: [site, process.env['PYTHONPATH']].filter(Boolean).join(delimiter) };
    const version = run(join(site, 'bin/timesink'), ['--version'], env);
    expect(version.output).toContain(/-(.*?)-/.exec(wheel)?.[1]);
    const program = 'import time, timesink\nwith timesink.profile(): time.sleep(0.1)\nprint(timesink.__file__)';
    const recorded = run(python, ['-c', program], env);
    expect(recorded.status, recorded.output).toBe(0);
    expect(recorded.output).toContain(site);
    expect(recorded.output).toMatch(/<module> {2}<string>:1/);
    checkCommandLine(site, env);
  });
});

/** What the installed command line reads from beside it: the page, the sampler of Python programs, that of Node.js programs. */
function checkCommandLine(site: string, env: NodeJS.ProcessEnv): void {
  const command = (more: NodeJS.ProcessEnv, ...words: readonly string[]) =>
    run(join(site, 'bin/timesink'), words, { ...env, ...more });
  const waiting = 'import time; time.sleep(0.1)';
  const itself = command({ TIMESINK_ENGINE: 'inprocess' }, '-c', waiting);
  expect(itself.output).toMatch(/in-process sampler\n(?:.*\n)*.*<module>/);
  const page = command({}, '-r', 'html', '-c', waiting);
  expect(page.output.slice(-500)).toContain('</html>');
  expect(page.output).not.toMatch(/^timesink: /m);
  const spinning = 'const end = Date.now() + 100; function spin() { while (Date.now() < end); } spin();';
  writeFileSync(join(site, 'wait.js'), spinning);
  expect(command({}, join(site, 'wait.js')).output).toMatch(/spin {2}/);
  // Only joined to one file.
  expect(existsSync(join(site, 'timesink/_bootstrap'))).toBe(false);
}
