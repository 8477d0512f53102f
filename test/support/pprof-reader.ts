/** What does another decoder than the one we encode with find in a pprof file? */
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';

type Field = readonly [name: string, type: string, id: number, rule?: 'repeated'];

/** Messages and numbers of fields: google/pprof, `proto/profile.proto`. */
const messages: Readonly<Record<string, readonly Field[]>> = {
  Profile: [
    ['sampleType', 'ValueType', 1, 'repeated'],
    ['sample', 'Sample', 2, 'repeated'],
    ['mapping', 'Mapping', 3, 'repeated'],
    ['location', 'Location', 4, 'repeated'],
    ['function', 'Function', 5, 'repeated'],
    ['stringTable', 'string', 6, 'repeated'],
    ['timeNanos', 'int64', 9],
    ['durationNanos', 'int64', 10],
    ['periodType', 'ValueType', 11],
    ['period', 'int64', 12],
    ['comment', 'int64', 13, 'repeated'],
    ['defaultSampleType', 'int64', 14],
  ],
  ValueType: [
    ['type', 'int64', 1],
    ['unit', 'int64', 2],
  ],
  Sample: [
    ['locationId', 'uint64', 1, 'repeated'],
    ['value', 'int64', 2, 'repeated'],
    ['label', 'Label', 3, 'repeated'],
  ],
  Label: [
    ['key', 'int64', 1],
    ['str', 'int64', 2],
    ['num', 'int64', 3],
  ],
  Mapping: [
    ['id', 'uint64', 1],
    ['filename', 'int64', 5],
    ['hasFunctions', 'bool', 7],
    ['hasFilenames', 'bool', 8],
    ['hasLineNumbers', 'bool', 9],
  ],
  Location: [
    ['id', 'uint64', 1],
    ['mappingId', 'uint64', 2],
    ['line', 'Line', 4, 'repeated'],
  ],
  Line: [
    ['functionId', 'uint64', 1],
    ['line', 'int64', 2],
  ],
  Function: [
    ['id', 'uint64', 1],
    ['name', 'int64', 2],
    ['systemName', 'int64', 3],
    ['filename', 'int64', 4],
    ['startLine', 'int64', 5],
  ],
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([message, fields]) => [
      message,
      {
        fields: Object.fromEntries(fields.map(([name, type, id, rule]) => [name, { type, id, ...(rule && { rule }) }])),
      },
    ]),
  ),
});

/** One entry of a sample's stack. */
export interface PprofFrame {
  readonly name: string;
  readonly systemName: string;
  readonly file: string;
  readonly startLine: number;
  readonly line: number;
}

/** A decoded file, its numbers resolved. */
export interface ReadPprof {
  /** Such as `wall/nanoseconds`. */
  readonly sampleTypes: readonly string[];
  readonly defaultSampleType: string;
  readonly samples: readonly {
    /** Outermost first. */
    readonly frames: readonly PprofFrame[];
    readonly values: readonly number[];
    readonly labels: Readonly<Record<string, string>>;
  }[];
  readonly mappings: readonly { readonly filename: string; readonly hasFunctions: boolean }[];
  readonly comments: readonly string[];
  readonly timeNanos: number;
  readonly durationNanos: number;
  readonly period: number;
  readonly periodType: string;
}

interface Message {
  readonly [field: string]: unknown;
}

/** Decodes a compressed file. Throws where a number leads nowhere. */
export function readPprof(bytes: Uint8Array): ReadPprof {
  const type = root.lookupType('Profile');
  const profile: Message = type.toObject(type.decode(gunzipSync(bytes)), { longs: Number, defaults: true });
  const list = (field: string): readonly Message[] => profile[field] as readonly Message[];
  const strings = profile['stringTable'] as readonly string[];
  if (strings[0] !== '') throw new Error('the first string is not empty');
  const text = (number: unknown): string => known(strings[number as number], `string ${number}`);
  const valueType = (entry: Message): string => `${text(entry['type'])}/${text(entry['unit'])}`;
  const functions = byId(list('function'));
  const locations = byId(list('location'));
  const frame = (id: unknown): PprofFrame => {
    const [line, ...others] = known(locations.get(id), `location ${id}`)['line'] as readonly Message[];
    if (line === undefined || others.length > 0) throw new Error('a location without exactly one line');
    const code = known(functions.get(line['functionId']), `function ${line['functionId']}`);
    return {
      name: text(code['name']),
      systemName: text(code['systemName']),
      file: text(code['filename']),
      startLine: code['startLine'] as number,
      line: line['line'] as number,
    };
  };
  return {
    sampleTypes: list('sampleType').map(valueType),
    defaultSampleType: text(profile['defaultSampleType']),
    samples: list('sample').map((sample) => ({
      frames: (sample['locationId'] as readonly unknown[]).map(frame).reverse(),
      values: sample['value'] as readonly number[],
      labels: Object.fromEntries(
        (sample['label'] as readonly Message[]).map(({ key, str }) => [text(key), text(str)] as const),
      ),
    })),
    mappings: list('mapping').map((mapping) => ({
      filename: text(mapping['filename']),
      hasFunctions: mapping['hasFunctions'] as boolean,
    })),
    comments: (profile['comment'] as readonly unknown[]).map(text),
    timeNanos: profile['timeNanos'] as number,
    durationNanos: profile['durationNanos'] as number,
    period: profile['period'] as number,
    periodType: valueType(profile['periodType'] as Message),
  };
}

function byId(messages: readonly Message[]): ReadonlyMap<unknown, Message> {
  const found = new Map(messages.map((message) => [message['id'], message]));
  if (found.size !== messages.length || found.has(0)) throw new Error('ids are not unique and positive');
  return found;
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
}
