/** How does a report format that is a class in Python make its report? In the program's interpreter, by the Python package. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, findInterpreter } from '../capture/launch/interpreter.ts';
import type { Renderer, RenderOptions } from '../render/renderer.ts';
import { encodeSession } from '../session/file.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';

/** Longest report that is taken, in bytes. */
const longestReport = 2 ** 30;

/**
 * The class `name`, which `-p` gives the arguments to make it with.
 * @param python of `--python`
 * @throws TimesinkError `INTERPRETER_NOT_FOUND`
 */
export function pythonRenderer(name: string, python: string | undefined, environment: Environment): Renderer {
  const interpreter = findInterpreter(python, environment);
  const checked = new Set<string>();
  const run = (options: RenderOptions, files: readonly string[]): Buffer => {
    const result = spawnSync(interpreter, ['-m', 'timesink._render', name, ...files], {
      env: { ...environment, TIMESINK_RENDER_OPTIONS: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: longestReport,
    });
    if (result.status !== 0) throw failure(name, interpreter, result);
    process.stderr.write(result.stderr);
    return result.stdout;
  };
  return {
    ...{ name, aliases: [], extensions: [], isBinary: false, summary: '', options: {} },
    check: (options) => {
      const key = JSON.stringify(options);
      if (!checked.has(key)) run(options, []);
      checked.add(key);
    },
    render: (session, options = {}) => inFile(session, (file) => run(options, [file])),
  };
}

function inFile(session: Session, use: (file: string) => Buffer): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-'));
  try {
    const file = join(folder, 'session.timesink');
    writeFileSync(file, encodeSession(session), { mode: 0o600 });
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function failure(name: string, interpreter: string, { error, stderr }: SpawnSyncReturns<Buffer>): TimesinkError {
  const said = (error?.message ?? stderr.toString()).trim();
  const last =
    said
      .split('\n')
      .at(-1)
      ?.replace(/^timesink: /, '') ?? '';
  const isMissing = /No module named '?timesink/.test(last);
  const hint = isMissing
    ? `-r ${name} needs the package timesink in it: ${interpreter} -m pip install timesink. timesink -h lists the formats.`
    : undefined;
  return new TimesinkError('USAGE', isMissing ? `no report format "${name}" in ${interpreter}` : last, {
    ...(hint === undefined ? {} : { hint }),
    cause: said,
  });
}
