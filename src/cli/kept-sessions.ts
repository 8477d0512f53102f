/** Which runs were recorded of late, and where are they kept? */
import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../capture/launch/interpreter.ts';
import { TimesinkError } from '../util/errors.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';

/** A session in the folder of kept ones. */
export interface KeptSession {
  /** Such as `2026-11-22T22-14-50`: when it began, in local time; with `-2`, `-3`, … where that was taken. */
  readonly id: string;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** When it was kept, in milliseconds since 1970. */
  readonly time: number;
}

/** So many stay. */
export const keptCount = 10;

const extension = '.timesink';

const namePattern = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d)(?:-(\d{1,6}))?\.timesink$/;

/** Not yet complete ones; those older than an hour were left behind. */
const unfinishedPattern = /^\.unfinished-[0-9a-f]+$/;
const hour = 3_600_000;

/** Where sessions are kept; undefined where no folder of the user's is known. */
export function keptFolder(environment: Environment, platform: NodeJS.Platform = process.platform): string | undefined {
  const folder = dataFolder(environment, platform);
  return folder === undefined ? undefined : join(folder, 'timesink', 'sessions');
}

function dataFolder(environment: Environment, platform: NodeJS.Platform): string | undefined {
  const absolute = (path: string | undefined): string | undefined => (path && isAbsolute(path) ? path : undefined);
  const home = absolute(environment['HOME']) ?? accountHome();
  const inHome = (...names: readonly string[]): string | undefined => (home ? join(home, ...names) : undefined);
  if (platform === 'win32') return absolute(environment['LOCALAPPDATA']) ?? inHome('AppData', 'Local');
  if (platform === 'darwin') return inHome('Library', 'Application Support');
  // A relative path counts as not set (XDG Base Directory Specification 0.8).
  return absolute(environment['XDG_DATA_HOME']) ?? inHome('.local', 'share');
}

function accountHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/**
 * Keeps a session beside the others, whole, and drops all but the newest.
 * @param start in milliseconds since 1970
 * @returns its id
 * @throws Error of the system
 */
export function keepSession(folder: string, bytes: Uint8Array, start: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = join(folder, `.unfinished-${randomBytes(8).toString('hex')}`);
  let id: string;
  try {
    writeFileSync(unfinished, bytes, { flag: 'wx', mode: 0o600 });
    id = placeUnderFreeId(folder, unfinished, localTime(start));
  } finally {
    rmSync(unfinished, { force: true });
  }
  tidyUp(folder);
  return id;
}

/** Another process may look for an id at the same time: only making the file tells whether it is free. */
function placeUnderFreeId(folder: string, unfinished: string, time: string): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? time : `${time}-${number}`;
    try {
      place(unfinished, join(folder, id + extension));
      return id;
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') throw error;
    }
  }
}

function place(unfinished: string, path: string): void {
  try {
    linkSync(unfinished, path);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') throw error;
    // Some file systems have no hard links.
    copyFileSync(unfinished, path, constants.COPYFILE_EXCL);
  }
}

/** What cannot be removed stays: keeping a session does not fail for it. */
function tidyUp(folder: string): void {
  try {
    for (const { path } of keptSessions(folder).slice(keptCount)) rmSync(path, { force: true });
    for (const name of readdirSync(folder)) {
      if (!unfinishedPattern.test(name)) continue;
      const stats = fileStats(join(folder, name));
      if (stats !== undefined && Date.now() - stats.mtimeMs > hour) rmSync(join(folder, name), { force: true });
    }
  } catch {
    // Next time, perhaps.
  }
}

/**
 * Newest first; none where there is no folder.
 * @throws TimesinkError `UNREADABLE_FILE` where the folder cannot be read
 */
export function keptSessions(folder: string): readonly KeptSession[] {
  const entries = fileNames(folder).flatMap((name) => {
    const [, time, number] = namePattern.exec(name) ?? [];
    const path = join(folder, name);
    const stats = time === undefined ? undefined : fileStats(path);
    if (time === undefined || stats === undefined || !stats.isFile()) return [];
    const kept = { id: name.slice(0, -extension.length), path, size: stats.size, time: stats.mtimeMs };
    return [{ kept, start: time, number: Number(number ?? 1) }];
  });
  entries.sort((a, b) => b.kept.time - a.kept.time || compare(b.start, a.start) || b.number - a.number);
  return entries.map(({ kept }) => kept);
}

/**
 * The session with that id; without one, the newest.
 * @throws TimesinkError `UNREADABLE_FILE` where there is none
 */
export function findKept(folder: string | undefined, id: string | undefined): KeptSession {
  const sessions = folder === undefined ? [] : keptSessions(folder);
  const found = id === undefined ? sessions[0] : sessions.find((session) => session.id === id);
  if (found !== undefined) return found;
  if (sessions.length === 0) {
    throw new TimesinkError('UNREADABLE_FILE', 'no runs are kept yet', {
      hint: 'A run is kept when its text report goes to the terminal; files are shown with timesink view FILE.',
    });
  }
  throw new TimesinkError('UNREADABLE_FILE', `no run is kept as ${JSON.stringify(id)}`, {
    hint: `timesink list shows those that are; the newest is ${sessions[0]?.id}.`,
  });
}

function fileNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(cause) ?? '')) return [];
    const reason = describeSystemError(cause);
    throw new TimesinkError('UNREADABLE_FILE', `cannot read the folder ${folder}: ${reason}`, { cause });
  }
}

/** Undefined where it has gone: other processes drop sessions, too. */
function fileStats(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function localTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const parts = (values: readonly number[]): string => values.map((value) => String(value).padStart(2, '0')).join('-');
  const day = parts([date.getFullYear(), date.getMonth() + 1, date.getDate()]);
  return `${day}T${parts([date.getHours(), date.getMinutes(), date.getSeconds()])}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
