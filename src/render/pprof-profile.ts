/** How does a session look as a pprof profile? Bytes of its protocol buffer (`profile.proto`), not yet compressed. */
import {
  emptyTableToken,
  type LabelInput,
  Profile,
  type ProfileInput,
  type SampleInput,
  StringTable,
} from 'pprof-format';
import { noStack } from '../session/ids.ts';
import type { Session, ThreadSamples } from '../session/session.ts';
import { stackIndex } from '../tree/stack-index.ts';
import { TimesinkError } from '../util/errors.ts';
import { type CodeTable, codeTable } from './code-table.ts';
import { noFrameName } from './no-frame.ts';
import { StackCounter, type StackTotals } from './pprof-samples.ts';
import { wholeUnit } from './whole-units.ts';

declare const __VERSION__: string;

/** So many locations of samples are encoded at once. */
const batchSize = 100_000;

/** Locations of all samples, of which each takes one to three bytes: the format repeats every stack in full. */
const maxLocations = 2 ** 27;

/**
 * All threads of all processes. Values of a sample: `samples`, `cpu` where the session has states, and `wall`, which is the
 * default: it stands last, since some readers take that whatever the file says.
 * @throws TimesinkError UNWRITABLE_OUTPUT for stacks of more than 134 million frames together
 */
export function encodePprof(session: Session): Uint8Array {
  checkSize(session);
  const strings = new StringTable();
  const code = codeTable(session);
  const types = sampleTypes(session);
  const labels = session.threads.map((thread) => threadLabels(session, thread, strings));
  const parts = [new Profile(profileHead(session, code, types, strings)).encode()];
  for (const sample of sampleBatches(session, code, types, labels)) {
    parts.push(new Profile({ sample, stringTable: new StringTable(emptyTableToken) }).encode());
  }
  return concatenate(parts);
}

function checkSize(session: Session): void {
  const { depth } = stackIndex(session);
  /** By stack: the last thread that was seen there, counted from 1. */
  const lastThread = new Int32Array(depth.length);
  let locations = 0;
  session.threads.forEach((thread, index) => {
    for (const stack of thread.stack) {
      if (stack === noStack || lastThread[stack] === index + 1) continue;
      lastThread[stack] = index + 1;
      locations += depth[stack] as number;
    }
  });
  if (locations <= maxLocations) return;
  throw new TimesinkError('UNWRITABLE_OUTPUT', 'this session is too large for a pprof report', {
    hint: 'Save it as a .timesink file, which is far more compact.',
  });
}

interface SampleType {
  readonly type: string;
  readonly unit: string;
  readonly value: (totals: StackTotals) => number;
}

function sampleTypes({ meta }: Session): readonly SampleType[] {
  const cpu: SampleType = { type: 'cpu', unit: 'nanoseconds', value: (totals) => totals.cpu };
  return [
    { type: 'samples', unit: 'count', value: (totals) => totals.samples },
    ...(meta.engine === 'file' ? [] : [cpu]),
    { type: 'wall', unit: 'nanoseconds', value: (totals) => totals.wall },
  ];
}

function profileHead(
  session: Session,
  code: CodeTable,
  types: readonly SampleType[],
  strings: StringTable,
): ProfileInput {
  const { meta, processes } = session;
  const text = (value: string): number => strings.dedup(value);
  const wall = { type: text('wall'), unit: text('nanoseconds') };
  return {
    sampleType: types.map(({ type, unit }) => ({ type: text(type), unit: text(unit) })),
    mapping: [
      {
        id: 1,
        filename: text(processes[0]?.command[0] ?? ''),
        hasFunctions: true,
        hasFilenames: true,
        hasLineNumbers: true,
      },
    ],
    function: functionsOf(code, text),
    location: locationsOf(code),
    stringTable: strings,
    timeNanos: wholeUnit(meta.startTime, 1e9),
    durationNanos: wholeUnit(meta.duration, 1e9),
    periodType: wall,
    period: wholeUnit(meta.minInterval, 1e9),
    comment: [meta.description, `timesink ${__VERSION__}`, ...meta.notes].map(text),
    defaultSampleType: wall.type,
  };
}

/** Ids count from 1; the last one is {@link noFrameName}. */
function functionsOf({ functions }: CodeTable, text: (value: string) => number): ProfileInput['function'] & object {
  const entries = functions.map(({ name, functionName, file, firstLine }, index) => ({
    id: index + 1,
    name: text(name),
    systemName: text(functionName),
    filename: text(file ?? ''),
    startLine: firstLine,
  }));
  const noFrame = text(noFrameName);
  return [...entries, { id: entries.length + 1, name: noFrame, systemName: noFrame }];
}

/** Ids count from 1; the last one is that of {@link noFrameName}. */
function locationsOf({ functions, functionOfPlace, lineOfPlace }: CodeTable): ProfileInput['location'] & object {
  const entries = functionOfPlace.map((code, place) => ({
    id: place + 1,
    mappingId: 1,
    line: [{ functionId: code + 1, line: Math.max(0, lineOfPlace[place] as number) }],
  }));
  return [...entries, { id: entries.length + 1, mappingId: 1, line: [{ functionId: functions.length + 1 }] }];
}

function threadLabels(session: Session, thread: ThreadSamples, strings: StringTable): readonly LabelInput[] {
  const process = session.processes[thread.process];
  const texts: readonly (readonly [string, string])[] = [
    ['thread', thread.name],
    ['thread_id', String(thread.tid)],
    ['pid', String(process?.pid ?? 0)],
    ['process', process?.command.join(' ') ?? ''],
  ];
  // Texts, also where they are numbers: pprof would show a number with the label's name for its unit, others drop it.
  return texts.map(([key, value]) => ({ key: strings.dedup(key), str: strings.dedup(value) }));
}

function* sampleBatches(
  session: Session,
  code: CodeTable,
  types: readonly SampleType[],
  labels: readonly (readonly LabelInput[])[],
): Generator<SampleInput[]> {
  const counter = new StackCounter(session);
  let batch: SampleInput[] = [];
  let size = 0;
  for (const [index, thread] of session.threads.entries()) {
    const label = [...(labels[index] ?? [])];
    for (const totals of counter.count(thread)) {
      const locationId = locationsOfStack(session, code, totals.stack);
      batch.push({ locationId, value: types.map(({ value }) => value(totals)), label });
      size += locationId.length;
      if (size < batchSize) continue;
      yield batch;
      batch = [];
      size = 0;
    }
  }
  yield batch;
}

/** Innermost first. */
function locationsOfStack({ stacks }: Session, { placeOfStack, functionOfPlace }: CodeTable, stack: number): number[] {
  if (stack === noStack) return [functionOfPlace.length + 1];
  const ids: number[] = [];
  for (let at = stack; at !== noStack; at = stacks.parent[at] as number) ids.push((placeOfStack[at] as number) + 1);
  return ids;
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
