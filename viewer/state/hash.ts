/** How does a link reproduce a view? What is shown, as the part of the address after `#`, and back. */
import { isPathTransform, type Transform, transformKinds } from '../model/transform.ts';
import { isWeight } from '../model/weight.ts';
import {
  type PageState,
  type Selection,
  type Span,
  settingNames,
  type ThreadChoice,
  type ViewId,
  type ViewSettings,
  viewIds,
} from './state.ts';

/** The part of the state that a link holds: what is looked at, not how it is set out. */
export type LinkedState = Pick<
  PageState,
  'view' | 'side' | 'threads' | 'weight' | 'span' | 'transforms' | 'inverted' | 'search' | 'selection' | 'settings'
>;

/** Longer addresses are cut off somewhere on the way. */
const mostTransforms = 100;
const longestPath = 300;
const longestSetting = 1000;

/**
 * Without `#`; empty for the state with which pages begin.
 * @param home the view with which this one begins
 */
export function formatHash(state: LinkedState, home: ViewId = 'tree'): string {
  const parts = new URLSearchParams();
  if (state.view !== home) parts.set('view', state.view);
  if (state.side === 'before') parts.set('side', 'before');
  if (state.threads.kind === 'all') parts.set('threads', 'all');
  if (state.threads.kind === 'some') parts.set('threads', state.threads.positions.join('.'));
  if (state.weight !== 'wall') parts.set('weight', state.weight);
  if (state.span !== null) parts.set('span', `${state.span.from}-${state.span.to}`);
  if (state.transforms.length > 0) parts.set('steps', state.transforms.map(formatTransform).join('/'));
  if (state.inverted) parts.set('inverted', '1');
  if (state.search !== '') parts.set('search', state.search);
  if (state.selection !== null) parts.set('select', formatSelection(state.selection));
  for (const name of settingNames) {
    const value = state.settings[name];
    if (value !== undefined && value.length <= longestSetting) parts.set(name, value);
  }
  return parts.toString();
}

/** What the address says; anything that makes no sense is passed over. */
export function parseHash(hash: string, home: ViewId = 'tree'): LinkedState {
  const parts = new URLSearchParams(hash.replace(/^#/, ''));
  const weight = parts.get('weight') ?? '';
  return {
    view: viewIds.find((id) => id === parts.get('view')) ?? home,
    side: parts.get('side') === 'before' ? 'before' : 'after',
    threads: parseThreads(parts.get('threads')),
    weight: isWeight(weight) ? weight : 'wall',
    span: parseSpan(parts.get('span')),
    transforms: (parts.get('steps') ?? '').split('/', mostTransforms).flatMap((text) => parseTransform(text) ?? []),
    inverted: parts.get('inverted') === '1',
    search: parts.get('search') ?? '',
    selection: parseSelection(parts.get('select')),
    settings: parseSettings(parts),
  };
}

function formatTransform(transform: Transform): string {
  if (transform.kind === 'collapse-library')
    return `${transform.kind}:${encodeURIComponent(wellFormed(transform.library))}`;
  return `${transform.kind}:${isPathTransform(transform) ? transform.path.join('.') : transform.function}`;
}

function parseTransform(text: string): Transform | null {
  const colon = text.indexOf(':');
  const kind = transformKinds.find((known) => known === text.slice(0, colon));
  const value = text.slice(colon + 1);
  if (colon < 0 || kind === undefined) return null;
  if (kind === 'collapse-library') return { kind, library: decode(value) };
  const numbers = parseNumbers(value);
  const [first] = numbers;
  if (first === undefined) return null;
  return kind === 'focus-subtree' || kind === 'merge-node' ? { kind, path: numbers } : { kind, function: first };
}

function parseThreads(text: string | null): ThreadChoice {
  if (text === 'all') return { kind: 'all' };
  const positions = parseNumbers(text ?? '');
  return positions.length === 0 ? { kind: 'busy' } : { kind: 'some', positions };
}

/** `12`: a function; `.0.3.12`: a way to it. After it, the thread and the line: `12@1:47`. */
function formatSelection({ function: number, path, thread, line }: Selection): string {
  const way =
    path !== undefined && path.at(-1) === number && path.length <= longestPath ? `.${path.join('.')}` : number;
  return `${way}${thread === undefined ? '' : `@${thread}`}${line === undefined ? '' : `:${line}`}`;
}

function parseSelection(text: string | null): Selection | null {
  const [, dot, numbers = '', thread, line] = /^(\.?)([\d.]+)(?:@(\d{1,9}))?(?::(\d{1,9}))?$/.exec(text ?? '') ?? [];
  const path = parseNumbers(numbers);
  const last = path.at(-1);
  if (last === undefined) return null;
  return {
    function: last,
    ...(dot === '.' ? { path } : {}),
    ...(thread === undefined ? {} : { thread: Number(thread) }),
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

function parseSettings(parts: URLSearchParams): ViewSettings {
  return Object.fromEntries(settingNames.flatMap((name) => (parts.has(name) ? [[name, parts.get(name) ?? '']] : [])));
}

function parseSpan(text: string | null): Span | null {
  const [, from, to] = /^([\d.]+(?:e-\d+)?)-([\d.]+(?:e-\d+)?)$/.exec(text ?? '') ?? [];
  const span = { from: Number(from), to: Number(to) };
  return span.from < span.to ? span : null;
}

/** Whole numbers with dots between; none where anything else is among them. */
function parseNumbers(text: string): readonly number[] {
  return /^\d{1,9}(?:\.\d{1,9})*$/.test(text) ? text.split('.').map(Number) : [];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Halves of characters cannot be in an address. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}
