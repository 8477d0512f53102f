/** The recording on a time line, as a file for https://www.speedscope.app. */
import type { Session } from '../session/session.ts';
import { mainThread } from '../tree/shown-threads.ts';
import { buildTimeOrder } from '../tree/time-order.ts';
import { BoundedText } from './bounded-text.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';
import { writeEvents } from './speedscope-events.ts';
import { SpeedscopeFrameTable } from './speedscope-frames.ts';
import { escapeControlsInJson } from './terminal-text.ts';
import { threadNames } from './thread-names.ts';
import { treeOptions, treeOptionTable } from './tree-options.ts';

declare const __VERSION__: string;

const optionTable = {
  ...treeOptionTable,
  timeline: { kind: 'flag', help: 'accepted for uniformity: the order of time is always kept' },
  threads: { kind: 'flag', help: 'accepted for uniformity: the file holds all threads' },
  subprocesses: { kind: 'flag', help: 'accepted for uniformity: the file holds all processes' },
} as const satisfies OptionTable;

type SpeedscopeOptions = OptionValues<typeof optionTable>;

/** `-r speedscope`. */
export const speedscopeRenderer: Renderer = defineRenderer({
  name: 'speedscope',
  aliases: [],
  extensions: ['.speedscope.json'],
  isBinary: false,
  summary: 'every thread on a time line, for speedscope.app',
  options: optionTable,
  run: renderSpeedscope,
});

const schema = 'https://www.speedscope.app/file-format-schema.json';

/** Sums of times differ in their last digits; up to this share of the duration, that is all. */
const roundingError = 1e-9;

/**
 * One evented profile for each thread, all on the session's clock: zero is its start, and each thread begins at its own.
 * Written piece by piece, since the events of a long recording are many millions of characters.
 */
export function renderSpeedscope(session: Session, values: SpeedscopeOptions): string {
  const { meta, threads } = session;
  const title = `CPU profile for '${meta.description}' at ${localTime(meta.startTime)}`;
  const main = mainThread(session);
  const active = main === undefined ? 0 : threads.indexOf(main);
  const names = threadNames(session, threads);
  const text = new BoundedText('speedscope');
  const frames = new SpeedscopeFrameTable();
  text.add(`{"$schema":"${schema}","name":${JSON.stringify(title)},"activeProfileIndex":${active},`);
  text.add(`"exporter":"timesink@${__VERSION__}","profiles":[`);
  if (threads.length === 0) text.add(`${profileStart(title)}],"endValue":${meta.duration}}`);
  threads.forEach((thread, index) => {
    text.add(`${index === 0 ? '' : ','}${profileStart(threads.length === 1 ? title : names.fullName(thread))}`);
    const order = buildTimeOrder(session, thread, treeOptions(values));
    const clock = { start: thread.start, drawsRoot: meta.engine === 'file' };
    const end = order === null ? 0 : writeEvents(order, clock, frames, text);
    text.add(`],"endValue":${end > meta.duration * (1 + roundingError) ? end : meta.duration}}`);
  });
  text.add('],"shared":{"frames":[');
  text.add(frames.frames.map((frame) => JSON.stringify(frame)).join(','));
  text.add(']}}\n');
  return escapeControlsInJson(text.finish());
}

/** A profile as far as its list of events. */
function profileStart(name: string): string {
  return `{"type":"evented","name":${JSON.stringify(name)},"unit":"seconds","startValue":0,"events":[`;
}

/** Such as `2023-11-14T22-13-20`. */
function localTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  if (Number.isNaN(date.getTime())) return 'an unknown time';
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())];
  return `${day.join('-')}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('-')}`;
}
