/** Which functions does a search mean, and how much of the time were they running? */
import type { FrameInfo, Session } from '../../src/session/session.ts';
import type { ShortPath } from '../../src/tree/short-path.ts';
import { stackIndex } from '../../src/tree/stack-index.ts';
import type { StackTimes } from '../../src/tree/stack-times.ts';

/** What a search found. */
export interface SearchResult {
  /** `FrameIdentity.identifier` of each function found. */
  readonly found: ReadonlySet<string>;
  /** Seconds in which at least one of them was running. */
  readonly seconds: number;
  /** Seconds of all samples. */
  readonly total: number;
}

/** What must and what must not be in a function's text; in lower case. */
interface Query {
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
}

/** `cache, -redis`: words that must all be there, those after `-` must not. Null where nothing is asked. */
export function parseQuery(text: string): Query | null {
  const words = text
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const unwanted = words.filter((word) => word.length > 1 && word.startsWith('-')).map((word) => word.slice(1).trim());
  const wanted = words.filter((word) => word !== '' && word !== '-' && !word.startsWith('-'));
  return wanted.length + unwanted.length === 0 ? null : { wanted, unwanted };
}

/**
 * Looks through functions, not through samples: a keystroke costs O(functions + stacks).
 * @returns null where the text asks for nothing
 */
export function findFunctions(session: Session, shortPath: ShortPath, text: string): ReadonlySet<string> | null {
  const query = parseQuery(text);
  if (query === null) return null;
  const found = new Set<string>();
  for (const frame of session.frames) {
    const haystack = frameText(frame, shortPath);
    if (query.unwanted.some((word) => haystack.includes(word))) continue;
    if (query.wanted.every((word) => haystack.includes(word))) found.add(identifierOf(frame));
  }
  return found;
}

/** The time of a set of functions, where `times` are those of a session's stacks: O(stacks). */
export function timeWithin(session: Session, { own, sum }: StackTimes, found: ReadonlySet<string>): SearchResult {
  const { identity, identities } = stackIndex(session);
  const { parent } = session.stacks;
  const isFound = identities.map(({ identifier }) => found.has(identifier));
  const isWithin = new Uint8Array(parent.length);
  let seconds = 0;
  for (let stack = 0; stack < isWithin.length; stack++) {
    const caller = parent[stack] as number;
    const within = isFound[identity[stack] as number] === true || (caller >= 0 && isWithin[caller] === 1);
    if (!within) continue;
    isWithin[stack] = 1;
    seconds += own[stack] as number;
  }
  return { found, seconds, total: sum };
}

/** As `FrameIdentity.identifier`. */
function identifierOf({ file, functionName, firstLine }: FrameInfo): string {
  return file === null ? functionName : `${functionName}\0${file}\0${firstLine}`;
}

const texts = new WeakMap<FrameInfo, string>();

/** Name with class, path and line, as rows show them, and the module as Python names it. */
function frameText(frame: FrameInfo, shortPath: ShortPath): string {
  let text = texts.get(frame);
  if (text === undefined) {
    const { className, functionName, file, firstLine } = frame;
    const name = className === null ? functionName : `${className}.${functionName}`;
    const path = file === null ? '' : shortPath(file);
    const module = path.replace(/\.\w+$/, '').replaceAll(/[/\\]/g, '.');
    text = `${name} ${path}:${firstLine} ${module}`.toLowerCase();
    texts.set(frame, text);
  }
  return text;
}
