/** What stands above the tree: who recorded, when, how much, and how far it can be trusted? */
import type { ProcessInfo, Session, SessionMeta } from '../session/session.ts';
import { formatFixed } from './fixed-point.ts';
import type { Glyphs } from './style.ts';
import { escapeControls } from './terminal-text.ts';
import { counted, exactTime, roundTime } from './time-format.ts';

declare const __VERSION__: string;

/** This program and its version. */
export const exporterName: string = `timesink ${__VERSION__}`;

const engineNames: Readonly<Record<SessionMeta['engine'], string>> = {
  outside: 'outside sampler',
  inprocess: 'in-process sampler',
  v8: 'V8 sampler',
  file: 'imported session',
};

/** Up to this share, missed moments and incomplete stacks do not change what a report says. */
const acceptableShare = 0.01;

/**
 * The lines of the header, without the empty one after it.
 * @param process whose runtime to name
 */
export function drawHeader({ meta }: Session, process: ProcessInfo | undefined, glyphs: Glyphs): string[] {
  return [
    recorderTitle(meta, process, glyphs),
    [
      `Recorded: ${localTime(meta.startTime)}`,
      `Samples: ${meta.sampleCount}${intervalText(meta, glyphs)}`,
      `Duration: ${formatFixed(meta.duration, 3)}`,
      `CPU time: ${formatFixed(meta.cpuTime, 3)}`,
    ].join('   '),
    ...qualityLines(meta, glyphs),
    ...meta.notes.map((note) => `Note: ${escapeControls(note)}`),
  ];
}

/** `timesink 0.1.0 · python 3.13.0 · outside sampler`. */
export function recorderTitle(meta: SessionMeta, process: ProcessInfo | undefined, glyphs: Glyphs): string {
  const title = [exporterName, runtimeName(process), engineNames[meta.engine]];
  return title.filter((part) => part !== '').join(` ${glyphs.separator} `);
}

function runtimeName(process: ProcessInfo | undefined): string {
  if (process === undefined || process.runtime === 'other' || process.runtimeVersion === '') return '';
  return escapeControls(`${process.runtime} ${process.runtimeVersion}`);
}

/** Files of others may not say when they were recorded: zero, then. */
function localTime(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  if (unixSeconds <= 0 || Number.isNaN(date.getTime())) return '--:--:--';
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** ` every 1 ms`; nothing where the interval is not known. */
export function intervalText({ minInterval, maxInterval }: SessionMeta, glyphs: Glyphs): string {
  if (!(minInterval > 0 && maxInterval > 0)) return '';
  const shortest = exactTime(minInterval, glyphs);
  return minInterval === maxInterval ? ` every ${shortest}` : ` every ${shortest} to ${exactTime(maxInterval, glyphs)}`;
}

/** Says only what a reader must know; no text from elsewhere. */
export function qualityLines({ quality }: SessionMeta, glyphs: Glyphs): string[] {
  const lines: string[] = [];
  const due = quality.ticks + quality.missedTicks;
  if (quality.missedTicks > acceptableShare * due) {
    lines.push(`Missed: ${percent(quality.missedTicks, due)} of the moments to sample; times are less exact.`);
  }
  if (quality.incompleteSamples > acceptableShare * quality.samples) {
    const share = percent(quality.incompleteSamples, quality.samples);
    lines.push(`Incomplete: ${share} of the stacks could not be read whole; some time may be charged to callers.`);
  }
  if (quality.notSampled > 0) {
    lines.push(`Not sampled: ${roundTime(quality.notSampled, glyphs)}, while the recorder could not run.`);
  }
  if (quality.unseenProcesses > 0) {
    lines.push(`Not seen: ${counted(quality.unseenProcesses, 'process', 'processes')} that ended too soon to be read.`);
  }
  return lines;
}

function percent(part: number, whole: number): string {
  return `${formatFixed((part / whole) * 100, 1)} %`;
}
