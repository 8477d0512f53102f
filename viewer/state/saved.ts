/** What does the browser remember of a report? Its options, each report for itself, though all files share one storage. */
import type { Session } from '../../src/session/session.ts';
import type { ViewOptions } from './state.ts';

/** How the page is coloured: as the system is, or as chosen. */
export type Theme = 'auto' | 'light' | 'dark';

const prefix = 'timesink:report:';
const themeKey = 'timesink:theme';

/** Reports beyond are forgotten, the oldest first. */
const mostReports = 100;

/** The browser's storage, where it lets us have one: not in frames without an origin, nor where cookies are blocked. */
export function pageStorage(page: Window): Storage | null {
  try {
    return page.localStorage;
  } catch {
    return null;
  }
}

/** The same for every page made of a session, and hardly ever for another session. */
export function reportKey({ meta, threads, stacks }: Session): string {
  const facts = [meta.startTime, meta.duration, meta.sampleCount, threads.length, stacks.parent.length];
  return `${prefix}${facts.join(':')}`;
}

/** The options kept for a report, of those that have a value of the right kind. */
export function loadOptions(storage: Storage | null, key: string, defaults: ViewOptions): ViewOptions {
  const kept = parseObject(storage?.getItem(key) ?? null);
  const known = Object.entries(defaults).map(([name, value]) => {
    const other = Object.hasOwn(kept, name) ? kept[name] : undefined;
    return [name, isOfKind(name, other, value) ? other : value] as const;
  });
  return Object.fromEntries(known) as unknown as ViewOptions;
}

/** Keeps the options of a report. */
export function saveOptions(storage: Storage | null, key: string, options: ViewOptions, now: number): void {
  if (storage === null) return;
  try {
    storage.setItem(key, JSON.stringify({ ...options, at: now }));
    forgetOldest(storage);
  } catch {
    // No room: then nothing is remembered.
  }
}

/** The theme is kept for all reports. */
export function loadTheme(storage: Storage | null): Theme {
  const kept = storage?.getItem(themeKey);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

/** Keeps the theme. */
export function saveTheme(storage: Storage | null, theme: Theme): void {
  try {
    if (theme === 'auto') storage?.removeItem(themeKey);
    else storage?.setItem(themeKey, theme);
  } catch {
    // No room.
  }
}

const choices: Readonly<Record<string, readonly unknown[]>> = {
  collapse: ['library', 'custom', 'disabled'],
  time: ['seconds', 'percent_of_total'],
};

function isOfKind(name: string, value: unknown, model: unknown): boolean {
  if (choices[name] !== undefined) return choices[name].includes(value);
  if (typeof model === 'number') return typeof value === 'number' && value >= 0 && value <= 99;
  return typeof value === typeof model;
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function forgetOldest(storage: Storage): void {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  const reports = keys.filter((key) => key.startsWith(prefix));
  if (reports.length <= mostReports) return;
  const age = (key: string): number => Number(parseObject(storage.getItem(key))['at'] ?? 0);
  reports.sort((a, b) => age(a) - age(b));
  for (const key of reports.slice(0, reports.length - mostReports)) storage.removeItem(key);
}
