/** Is a line what the protocol says? Every member is checked before anything is done. */
import { Place } from '../session/check.ts';
import { parseJson } from '../session/check-json.ts';
import { parseFrame } from '../session/frame-text.ts';
import { TimesinkError } from '../util/errors.ts';
import { readTree } from './frame-columns.ts';
import type {
  AsyncMode,
  ContextVariable,
  Engine,
  RecorderRequest,
  RegionContext,
  RegionSamples,
  SampleRow,
  StartedThread,
} from './protocol.ts';
import { RequestError } from './request-error.ts';

/** A request and what its answer is to be called by; null: nobody wants one. */
export interface NumberedRequest {
  readonly id: number | null;
  readonly request: RecorderRequest;
}

/** What went wrong, with the id of the request where there is one. */
export class UnreadableRequest extends RequestError {
  readonly id: number | null;

  constructor(id: number | null, message: string) {
    super('MALFORMED', message);
    this.id = id;
  }
}

/** @throws UnreadableRequest */
export function parseRequest(line: string): NumberedRequest {
  let id: number | null = null;
  try {
    const root = new Place('request', '', parseJson(line, 'request'));
    id = optional(root.at('id'), (place) => place.number());
    return { id, request: readRequest(root) };
  } catch (error) {
    if (error instanceof TimesinkError) throw new UnreadableRequest(id, error.message);
    throw error;
  }
}

/** The kinds of requests, each with what reads its members. */
const readers: { readonly [Kind in RecorderRequest['kind']]: (root: Place) => RecorderRequest } = {
  hello: (root) => ({
    kind: 'hello',
    protocol: root.at('protocol').count(),
    pid: root.at('pid').count(),
    implementation: root.at('implementation').string(),
    version: root.at('version').string(),
    engine: root.at('engine').oneOf<Engine | 'auto'>(['outside', 'inprocess', 'auto']),
    packageFolder: optional(root.at('packageFolder'), text),
    innerFiles: optional(root.at('innerFiles'), texts) ?? [],
    command: optional(root.at('command'), texts) ?? [],
    sysPath: root.at('sysPath').strings(),
    sysPrefixes: root.at('sysPrefixes').strings(),
    contextVariable: optional(root.at('contextVariable'), contextVariable),
  }),
  start: (root) => ({
    kind: 'start',
    region: root.at('region').count(),
    interval: root.at('interval').number(),
    thread: startedThread(root.at('thread')),
    threads: optional(root.at('threads'), (place) => place.oneOf(['current', 'all'] as const)) ?? 'current',
    asyncMode: root.at('asyncMode').oneOf<AsyncMode>(['disabled', 'enabled', 'strict']),
    context: optional(root.at('context'), regionContext),
    description: root.at('description').string(),
    startCallStack: frames(root.at('startCallStack')),
    startTime: root.at('startTime').number(),
    at: root.at('at').amount(),
    maxSamples: optional(root.at('maxSamples'), (place) => place.count()),
  }),
  stop: (root) => ({
    kind: 'stop',
    region: root.at('region').count(),
    at: root.at('at').amount(),
    cpuTime: root.at('cpuTime').time(),
    sysPath: optional(root.at('sysPath'), texts),
    notes: optional(root.at('notes'), texts) ?? [],
  }),
  cancel: (root) => ({ kind: 'cancel', region: root.at('region').count() }),
  pause: (root) => ({ kind: 'pause', region: root.at('region').count(), at: root.at('at').amount() }),
  resume: (root) => ({ kind: 'resume', region: root.at('region').count(), at: root.at('at').amount() }),
  samples: (root) => ({
    kind: 'samples',
    reset: optional(root.at('reset'), (place) => place.boolean()) ?? false,
    stacks: optional(root.at('stacks'), newStacks) ?? [],
    threads: optional(root.at('threads'), (place) => place.entries().map(startedThread)) ?? [],
    regions: root.at('regions').entries().map(regionSamples),
  }),
  render: (root) => ({
    kind: 'render',
    session: root.at('session').count(),
    renderer: root.at('renderer').string(),
    options: optional(root.at('options'), members) ?? {},
    tree: optional(root.at('tree'), readTree),
  }),
  session: (root) => ({ kind: 'session', session: root.at('session').count() }),
  load: (root) => ({
    kind: 'load',
    source: root.at('source').oneOf(['path', 'text', 'base64'] as const),
    content: root.at('content').string(),
  }),
  combine: (root) => ({ kind: 'combine', sessions: root.at('sessions').entries().map(count) }),
  resample: (root) => ({
    kind: 'resample',
    session: root.at('session').count(),
    interval: root.at('interval').number(),
  }),
  drop: (root) => ({ kind: 'drop', sessions: root.at('sessions').entries().map(count) }),
  tree: (root) => ({
    kind: 'tree',
    session: root.at('session').count(),
    trimStem: optional(root.at('trimStem'), (place) => place.boolean()) ?? true,
  }),
  process: (root) => ({
    kind: 'process',
    tree: readTree(root.at('tree')),
    steps: root
      .at('steps')
      .entries()
      .map((step) => ({ name: step.at('name').string(), options: optional(step.at('options'), members) ?? {} })),
    sysPrefixes: optional(root.at('sysPrefixes'), texts),
  }),
};

function readRequest(root: Place): RecorderRequest {
  const kind = root.at('kind').string();
  if (!Object.hasOwn(readers, kind)) {
    throw root.at('kind').invalid(`there is no request ${JSON.stringify(kind.slice(0, 40))}`);
  }
  return readers[kind as RecorderRequest['kind']](root);
}

/** Null where the member is missing or null. */
function optional<Value>(place: Place, read: (place: Place) => Value): Value | null {
  return place.value === undefined || place.value === null ? null : read(place);
}

const text = (place: Place): string => place.string();
const texts = (place: Place): readonly string[] => place.strings();
const count = (place: Place): number => place.count();

function members(place: Place): Readonly<Record<string, unknown>> {
  // Says what it is, where it is no object.
  place.at('');
  return place.value as Readonly<Record<string, unknown>>;
}

function contextVariable(place: Place): ContextVariable {
  return { address: place.at('address').count() };
}

function startedThread(place: Place): StartedThread {
  return {
    ident: place.at('ident').count(),
    nativeId: optional(place.at('nativeId'), count) ?? 0,
    name: place.at('name').string(),
  };
}

function regionContext(place: Place): RegionContext {
  return {
    value: place.at('value').count(),
    parent: optional(place.at('parent'), count),
    coroutine: optional(place.at('coroutine'), count),
  };
}

function frames(place: Place): readonly string[] {
  const entries = place.strings();
  entries.forEach((entry, index) => {
    const parsed = parseFrame(entry);
    if (typeof parsed === 'string') throw place.entry(index).invalid(parsed);
  });
  return entries;
}

function newStacks(place: Place): readonly (readonly [number, string])[] {
  return place.list().map((entry, index) => {
    const [parent, frame] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (Number.isSafeInteger(parent) && typeof frame === 'string') return [parent as number, frame];
    throw place.entry(index).unexpected('a number and a frame');
  });
}

function regionSamples(place: Place): RegionSamples {
  const rows = place.at('rows');
  return {
    region: place.at('region').count(),
    rows: rows.list().map((row, index) => {
      if (
        Array.isArray(row) &&
        (row.length === 4 || row.length === 6) &&
        row.every((value) => Number.isFinite(value))
      ) {
        return row as unknown as SampleRow;
      }
      throw rows.entry(index).unexpected('four or six numbers');
    }),
  };
}
