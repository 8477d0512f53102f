/** What was recorded, how long, how well? */
import type { VNode } from 'preact';
import { unicodeGlyphs } from '../../src/render/style.ts';
import { qualityLines } from '../../src/render/text-header.ts';
import { counted } from '../../src/render/time-format.ts';
import type { Session, SessionMeta } from '../../src/session/session.ts';
import { countText, intervalTime, percentText, shortTime } from '../format.ts';
import { usePage } from '../page.ts';
import { shownText } from './function-name.tsx';

/** A fact, and more about it in its tip. */
interface Fact {
  readonly name: string;
  readonly value: string;
  readonly tip: string;
}

/** Title, facts, and whatever a reader must know before trusting the numbers. */
export function Header(): VNode {
  const { session } = usePage().model;
  const remarks = [...qualityLines(session.meta, unicodeGlyphs), ...session.meta.notes];
  return (
    <header class="header">
      <h1 title={session.meta.description}>
        <bdi>{shownText(session.meta.description)}</bdi>
      </h1>
      <dl class="facts">
        {factsOf(session).map(({ name, value, tip }) => (
          <div key={name} title={tip}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {remarks.length === 0 ? null : (
        <ul class="remarks" aria-label="About this recording">
          {remarks.map((remark) => (
            <li key={remark}>{shownText(remark)}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

function factsOf({ meta, processes, threads }: Session): readonly Fact[] {
  const { duration, cpuTime, quality } = meta;
  const [main] = processes;
  const recorded = new Date(meta.startTime * 1000);
  const facts: (Fact | null)[] = [
    { name: 'Duration', value: shortTime(duration), tip: `${duration} s of wall time` },
    samplesFact(meta),
    lossFact('Missed', quality.missedTicks, quality.ticks + quality.missedTicks, 'moments to sample were missed'),
    lossFact('Incomplete', quality.incompleteSamples, quality.samples, 'stacks could not be read whole'),
    duration > 0
      ? {
          name: 'CPU',
          value: `${Math.round((cpuTime / duration) * 100)} %`,
          tip: `${shortTime(cpuTime)} on CPUs in ${shortTime(duration)}; several at once make more than 100 %`,
        }
      : null,
    main === undefined || main.runtime === 'other' || main.runtimeVersion === ''
      ? null
      : {
          name: main.runtime === 'python' ? 'Python' : 'Node.js',
          value: shownText(main.runtimeVersion),
          tip: `Recorded by ${engines[meta.engine]}`,
        },
    threads.length > 1
      ? {
          name: 'Threads',
          value: countText(threads.length),
          tip: `${counted(threads.length, 'thread')} in ${counted(processes.length, 'process', 'processes')}`,
        }
      : null,
    Number.isNaN(recorded.getTime()) || meta.startTime <= 0
      ? null
      : { name: 'Recorded', value: shortDate(recorded), tip: recorded.toString() },
  ];
  return facts.filter((fact) => fact !== null);
}

const engines: Readonly<Record<Session['meta']['engine'], string>> = {
  outside: 'reading the memory of the running program',
  inprocess: 'a sampler inside the program',
  v8: 'V8’s own sampler',
  file: 'another profiler',
};

function samplesFact({ sampleCount, minInterval, maxInterval, quality, duration }: SessionMeta): Fact {
  const isKnown = minInterval > 0 && maxInterval > 0;
  const asked =
    minInterval === maxInterval
      ? intervalTime(minInterval)
      : `${intervalTime(minInterval)}–${intervalTime(maxInterval)}`;
  const mean = quality.ticks > 0 ? Number((duration / quality.ticks).toPrecision(3)) : maxInterval;
  const reached = `reached ${intervalTime(mean)}`;
  const isAsAsked = mean === 0 || (mean >= minInterval * 0.99 && mean <= maxInterval * 1.01);
  return {
    name: 'Samples',
    value: `${countText(sampleCount)}${isKnown ? ` every ${asked}` : ''}${isKnown && !isAsAsked ? `, ${reached}` : ''}`,
    tip: `${isKnown ? `Asked for one every ${asked}` : 'Interval unknown'}${quality.ticks > 0 ? `; ${reached}` : ''}`,
  };
}

/** A part that readers should know of; null where it is too small to be written. */
function lossFact(name: string, lost: number, all: number, what: string): Fact | null {
  const text = percentText(lost, all);
  if (all === 0 || Number.parseFloat(text) === 0) return null;
  return { name, value: text, tip: `${countText(lost)} of ${countText(all)} ${what}` };
}

function shortDate(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
