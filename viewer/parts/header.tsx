/** What was recorded, how long, how well? */
import type { VNode } from 'preact';
import { unicodeGlyphs } from '../../src/render/style.ts';
import { qualityLines } from '../../src/render/text-header.ts';
import { counted } from '../../src/render/time-format.ts';
import type { Session } from '../../src/session/session.ts';
import { countText, intervalTime, shortTime } from '../format.ts';
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
  const { duration, cpuTime, sampleCount } = meta;
  const [main] = processes;
  const recorded = new Date(meta.startTime * 1000);
  const facts: (Fact | null)[] = [
    { name: 'Duration', value: shortTime(duration), tip: `${duration} s of wall time` },
    samplesFact(meta),
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
    Number.isNaN(recorded.getTime())
      ? null
      : { name: 'Recorded', value: shortDate(recorded), tip: recorded.toString() },
  ];
  return sampleCount === 0 ? facts.filter((fact) => fact !== null) : facts.filter((fact) => fact !== null);
}

const engines: Readonly<Record<Session['meta']['engine'], string>> = {
  outside: 'reading the memory of the running program',
  inprocess: 'a sampler inside the program',
  v8: 'V8’s own sampler',
  file: 'another profiler',
};

function samplesFact({ sampleCount, minInterval, maxInterval, quality, duration }: Session['meta']): Fact {
  const isKnown = minInterval > 0 && maxInterval > 0;
  const asked =
    minInterval === maxInterval
      ? intervalTime(minInterval)
      : `${intervalTime(minInterval)}–${intervalTime(maxInterval)}`;
  const reached =
    quality.ticks > 0 ? `; reached ${intervalTime(Number((duration / quality.ticks).toPrecision(3)))}` : '';
  const missed =
    quality.ticks > 0
      ? `; ${countText(quality.missedTicks)} of ${countText(quality.ticks + quality.missedTicks)} moments missed`
      : '';
  const incomplete =
    quality.samples > 0
      ? `; ${countText(quality.incompleteSamples)} of ${countText(quality.samples)} stacks incomplete`
      : '';
  return {
    name: 'Samples',
    value: `${countText(sampleCount)}${isKnown ? ` every ${asked}` : ''}`,
    tip: `${isKnown ? `Asked for one every ${asked}` : 'Interval unknown'}${reached}${missed}${incomplete}`,
  };
}

function shortDate(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
