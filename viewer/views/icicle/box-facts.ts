/** What is said of a box, in its tip and to those who cannot see it? */
import { microsecondTime, percentText, shortTime } from '../../format.ts';
import type { FunctionTexts } from './function-facts.ts';
import type { Hit } from './hit-test.ts';
import { beginOf, boxOf, endOf, timesOf } from './icicle.ts';
import type { TooltipFact } from './tooltip.tsx';
import type { Track } from './track.ts';

/** The texts about a box. */
export interface BoxFacts {
  readonly name: string;
  readonly place: string;
  readonly facts: readonly TooltipFact[];
  /** `name, 1.2 s, self 0.4 s, 34.0 % of 3.6 s, depth 7`. */
  readonly spoken: string;
}

/** Below this part of a box, its own time is not worth a line. */
const leastSelf = 0.001;

/** Null where the box is not there. */
export function boxFacts(tracks: readonly Track[], { track, place }: Hit, texts: FunctionTexts): BoxFacts | null {
  const owner = tracks[track];
  const of = owner === undefined ? undefined : boxOf(owner.icicle, place);
  if (owner === undefined || of === undefined) return null;
  const { icicle } = owner;
  const { total, self } = timesOf(icicle, place);
  const whole = endOf(icicle) - beginOf(icicle);
  const name = of < 0 ? (icicle.names[-1 - of] ?? '') : texts.factsOf(of).label;
  const share = percentText(total, whole);
  const isAllSelf = self >= total * (1 - 1e-9);
  const facts: TooltipFact[] = [];
  if (!isAllSelf) facts.push(['time', microsecondTime(total)]);
  if (isAllSelf || self >= total * leastSelf) facts.push(['self', microsecondTime(self)]);
  facts.push(['share', `${share} of ${shortTime(whole)}`]);
  const levels = icicle.recursion.get(of);
  if (levels !== undefined) facts.push(['calls', `itself, up to ${levels} deep`]);
  const recursion = levels === undefined ? '' : `, calls itself up to ${levels} deep`;
  const where = owner.name === '' ? '' : `, ${owner.name}`;
  return {
    name,
    place: of < 0 ? '' : texts.placeOf(of),
    facts,
    spoken: `${name}, ${shortTime(total)}, self ${shortTime(self)}, ${share} of ${shortTime(whole)}, depth ${place.depth + 1}${recursion}${where}`,
  };
}
