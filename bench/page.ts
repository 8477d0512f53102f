/** How large is the page, how soon can it be used, and how fast does its search answer? */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { unpackApp } from '../viewer/build/pack-app.ts';
import { openBrowser, type PageTimes, timePage } from './page-browser.ts';
import { label, prepare } from './profilers.ts';
import { run, runChecked } from './run.ts';
import { median } from './statistics.ts';
import { atMost, type Budget, chosen, type Options, progress, type Suite, type SuiteResult } from './suite.ts';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const timesink = script('../dist/timesink.js');
const program = script('programs/four_threads.py');

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;
const seconds = (value: number): string => `${value.toFixed(2)} s`;
const milliseconds = (value: number): string => `${(value * 1000).toFixed(0)} ms`;

/** A recording that somebody opens. */
interface Case {
  readonly what: string;
  /** Of one thread, made up; undefined: a program is recorded. */
  readonly samples?: number;
  /** Seconds until the page can be used; undefined: only its size matters. */
  readonly budget?: number;
  /** Whether pyinstrument is to make its page of the same samples. */
  readonly isShared: boolean;
  /** Whether its search is tried. */
  readonly isSearched: boolean;
}

const cases: readonly Case[] = [
  { what: 'four threads recorded for 10 s at 1 ms', isShared: true, isSearched: false },
  { what: '100,000 samples', samples: 100_000, budget: 1, isShared: true, isSearched: false },
  { what: '1,000,000 samples', samples: 1_000_000, budget: 4, isShared: false, isSearched: true },
  { what: 'an hour at 1 kHz', samples: 3_600_000, budget: 10, isShared: false, isSearched: false },
];

/** Typed key by key; each key asks all functions anew. */
const searchText = 'module_37';

interface Row {
  readonly who: string;
  readonly what: string;
  readonly bytes: number;
  readonly times: PageTimes | undefined;
}

async function runSuite(options: Options): Promise<SuiteResult> {
  const setup = prepare();
  const browser = await openBrowser();
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  const notes = [...setup.notes, ...(browser === undefined ? ['Chromium was not found: no times.'] : [])];
  const rounds = options.quick ? 1 : 5;
  const wanted = chosen(options, cases, ({ what }) => what);
  const rows: Row[] = [];
  const own = ownSize();
  const sizes = [own];
  const budgets: Budget[] = [
    atMost('script and style of the page, unpacked', own.script + own.style, 120_000, kilobytes),
    atMost('what each file carries besides the recording', own.page, 120_000, kilobytes),
  ];
  const peer = setup.profilers.find(({ name }) => name === 'pyinstrument');
  try {
    for (const each of options.quick && options.only.length === 0 ? cases.slice(0, 2) : wanted) {
      const files = await makeFiles(each, folder, peer === undefined ? undefined : setup.python, notes);
      const own = { rows: '[role=treegrid] [data-row]', ...(each.isSearched ? { text: searchText } : {}) };
      const times = await timed(browser, files.page, own, rounds);
      const bytes = statSync(files.page).size;
      rows.push({ who: 'timesink', what: each.what, bytes, times });
      budgets.push(...budgetsOf(each, bytes, times));
      if (files.other === undefined || peer === undefined) continue;
      if (sizes.length === 1) sizes.push(sizeOfOther(label(peer), readFileSync(files.other, 'utf8')));
      const theirs = await timed(browser, files.other, { rows: '.frame' }, rounds);
      rows.push({ who: label(peer), what: each.what, bytes: statSync(files.other).size, times: theirs });
    }
  } finally {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { tables: [appTable(sizes), pageTable(rows, rounds)], budgets, notes: [...notes, ...readersNotes] };
}

const readersNotes: readonly string[] = [
  'The program of four threads is recorded by each profiler; pyinstrument records its main thread.',
  'Made-up stacks are random ones, 5 to 40 frames deep, a new one at nearly every sample: real programs repeat themselves.',
  'Times are from the beginning of loading a local file until rows are on the screen and the browser has nothing else to do.',
];

/** Bytes of a page without a recording. */
interface AppSize {
  readonly who: string;
  readonly script: number;
  readonly style: number;
  /** Everything in the file that is not the recording. */
  readonly page: number;
}

function ownSize(): AppSize {
  const page = readFileSync(script('../dist/page.html'), 'utf8');
  const app = unpackApp(page);
  const [code, style] = [Buffer.byteLength(app.script), Buffer.byteLength(app.style)];
  return { who: 'timesink', script: code, style, page: Buffer.byteLength(page) };
}

/** pyinstrument's page holds its script, its style and, as the value of one constant, the recording. */
function sizeOfOther(who: string, page: string): AppSize {
  const bytesOf = (pattern: RegExp): number => Buffer.byteLength(pattern.exec(page)?.[1] ?? '');
  const recording = bytesOf(/const sessionData = (.*?);\s*pyinstrumentHTMLRenderer/s);
  return {
    ...{ who, script: bytesOf(/<script>(.*?)<\/script>/s), style: bytesOf(/<style>(.*?)<\/style>/s) },
    page: Buffer.byteLength(page) - recording,
  };
}

function appTable(sizes: readonly AppSize[]): SuiteResult['tables'][number] {
  return {
    title: 'Pages without a recording',
    columns: ['page', 'script', 'style', 'both, as a browser runs them', 'what each file carries'],
    rows: sizes.map(({ who, script: code, style, page: bytes }) => [
      ...[who, kilobytes(code), kilobytes(style), kilobytes(code + style), kilobytes(bytes)],
    ]),
  };
}

function budgetsOf({ what, samples, budget }: Case, bytes: number, times: PageTimes | undefined): readonly Budget[] {
  const found: Budget[] = [];
  if (samples === undefined) found.push(atMost(`the page for ${what}`, bytes, 400_000, kilobytes));
  if (budget !== undefined)
    found.push(atMost(`${what}: until the page can be used`, times?.interactive, budget, seconds));
  const slowest = times === undefined || times.searches.length === 0 ? undefined : Math.max(...times.searches);
  if (slowest !== undefined)
    found.push(atMost(`${what}: the slowest answer to a key of a search`, slowest, 0.1, milliseconds));
  return found;
}

interface Files {
  readonly page: string;
  /** pyinstrument's page. */
  readonly other: string | undefined;
}

/** @param python with pyinstrument; undefined where there is none */
async function makeFiles(each: Case, folder: string, python: string | undefined, notes: string[]): Promise<Files> {
  progress(`page: ${each.what}`);
  const path = (end: string): string => join(folder, `${each.samples ?? 'recorded'}${end}`);
  const [page, other] = [path('.html'), path('.other.html')];
  await (each.samples === undefined
    ? runChecked([process.execPath, timesink, '-o', path('.timesink'), program, '10'])
    : makeSession(each.samples, [path('.timesink'), ...(each.isShared ? [path('.pyisession')] : [])]));
  await runChecked([process.execPath, timesink, 'view', path('.timesink'), '-o', page]);
  if (!each.isShared || python === undefined) return { page, other: undefined };
  const source = each.samples === undefined ? [program, '10'] : ['--load', path('.pyisession')];
  const place = ['-r', 'html', '-o', other];
  const { status } = await run([python, '-m', 'pyinstrument', ...place, ...source], { limit: 300 });
  if (status === 0) return { page, other };
  notes.push(`pyinstrument made no page of ${each.what} within five minutes.`);
  return { page, other: undefined };
}

async function makeSession(samples: number, files: readonly string[]): Promise<void> {
  // The arguments of this process make TypeScript run there too.
  const command = [process.execPath, ...process.execArgv, script('page-session.ts'), String(samples)];
  await runChecked([...command, ...files]);
}

/** The median of the rounds; all searches. */
async function timed(
  browser: Browser | undefined,
  path: string,
  how: Parameters<typeof timePage>[2],
  rounds: number,
): Promise<PageTimes | undefined> {
  if (browser === undefined) return undefined;
  const all: PageTimes[] = [];
  for (let round = 0; round < rounds; round++) all.push(await timePage(browser, path, how));
  return {
    interactive: median(all.map(({ interactive }) => interactive)),
    searches: all.flatMap(({ searches }) => searches),
  };
}

function pageTable(rows: readonly Row[], rounds: number): SuiteResult['tables'][number] {
  const shown = (value: number | undefined, show: (value: number) => string): string =>
    value === undefined ? '' : show(value);
  return {
    title: `Pages of recordings (median of ${rounds})`,
    columns: ['page', 'recording', 'size', 'until it can be used', 'a key of a search', 'the slowest'],
    rows: rows.map(({ who, what, bytes, times }) => {
      const searches = times === undefined || times.searches.length === 0 ? undefined : times.searches;
      return [
        ...[who, what, kilobytes(bytes), shown(times?.interactive, seconds)],
        ...[shown(searches && median(searches), milliseconds), shown(searches && Math.max(...searches), milliseconds)],
      ];
    }),
  };
}

export const page: Suite = { name: 'page', title: 'The page', run: runSuite };
