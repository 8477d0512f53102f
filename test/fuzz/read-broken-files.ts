/**
 * Reads broken files and says on stdout how that went; run by files.test.ts in a process of its own.
 *
 *     mutated FORMAT GOLDEN-FOLDER FROM TO    the files of these seeds; some of those that are sessions are rendered, too
 *     file PATH                               one file
 *     render PATH                             one file, rendered in every format if it is a session
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderers } from '../../src/render/registry.ts';
import type { Renderer, RenderOptions } from '../../src/render/renderer.ts';
import { readSession } from '../../src/session/file.ts';
import type { Session } from '../../src/session/session.ts';
import { TimesinkError } from '../../src/util/errors.ts';
import { randomNumbers } from '../support/mutations.ts';
import { brokenFormats } from './broken-files.ts';

/** What the process prints, as JSON. */
export interface FuzzResult {
  readonly read: number;
  readonly refused: number;
  readonly rendered: number;
  /** What went wrong, with the file: its seed, or its path. */
  readonly failures: readonly string[];
  /** CPU time of the slowest read, in milliseconds, and the file. */
  readonly slowest: { readonly milliseconds: number; readonly file: string };
  /** Resident memory at its highest, in MB. */
  readonly peak: number;
}

const fileName = 'broken.file';

/** Of the sessions that can be read, every so many is rendered. */
const renderEvery = 20;

const goldenNames = ['basic', 'attributes', 'async', 'threads', 'edge', 'empty'];

let [read, refused, rendered] = [0, 0, 0];
let slowest = { milliseconds: 0, file: '' };
const failures: string[] = [];

function tryFile(file: string, bytes: Uint8Array, isRendered: () => boolean): void {
  const before = process.cpuUsage();
  let session: Session | undefined;
  try {
    session = readSession(bytes, fileName);
    read++;
  } catch (error) {
    const isRefusal = error instanceof TimesinkError && error.code === 'INVALID_FILE';
    if (isRefusal && error.message.startsWith(`${fileName}: `)) refused++;
    else failures.push(`${file}: read: ${describe(error)}`);
  }
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1000;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, file };
  if (session !== undefined && isRendered()) for (const renderer of renderers) tryRenderer(file, renderer, session);
}

function tryRenderer(file: string, renderer: Renderer, session: Session): void {
  for (const options of [{}, allFlags(renderer)]) {
    rendered++;
    try {
      const report = renderer.render(session, options, { pageTemplate: () => '@@title@@ @@text@@ @@session@@' });
      if (typeof report === 'string' && /^\s*\{/.test(report)) JSON.parse(report);
    } catch (error) {
      const isRefusal = error instanceof TimesinkError && error.code === 'UNWRITABLE_OUTPUT';
      if (!isRefusal) failures.push(`${file}: ${renderer.name}: ${describe(error)}`);
    }
  }
}

/** Every switch that the format has, where they go together. */
function allFlags(renderer: Renderer): RenderOptions {
  const flags = Object.entries(renderer.options).filter(([name, { kind }]) => kind === 'flag' && name !== 'flat');
  return Object.fromEntries(flags.map(([name]) => [name, true]));
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, 1000) : String(error);
}

function tryMutated(formatName: string, goldenFolder: string, from: number, to: number): void {
  const goldens = goldenNames.map((name) => readFileSync(join(goldenFolder, `${name}.pyisession`), 'utf8'));
  const format = brokenFormats(goldens).find(({ name }) => name === formatName);
  if (format === undefined) throw new Error(`no format ${formatName}`);
  const isRendered = (): boolean => to - from < renderEvery || read % renderEvery === 0;
  for (let seed = from; seed < to; seed++) tryFile(String(seed), format.breakOne(randomNumbers(seed)), isRendered);
}

const [mode = '', path = '', ...rest] = process.argv.slice(2);
if (mode === 'mutated') tryMutated(path, rest[0] ?? '', Number(rest[1]), Number(rest[2]));
else tryFile(path, readFileSync(path), () => mode === 'render');

// Not that of resourceUsage, which counts what our parent had when it made us.
const peak = Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
const result: FuzzResult = { read, refused, rendered, failures, slowest, peak };
process.stdout.write(JSON.stringify(result));
