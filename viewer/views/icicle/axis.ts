/** Where does an axis of time have its marks, and what is written there? */
import { formatFixed } from '../../../src/render/fixed-point.ts';
import type { Viewport } from './viewport.ts';

/** A mark. */
export interface Tick {
  /** Seconds. */
  readonly moment: number;
  readonly label: string;
}

/** At most so many labels; more would be a mistake. */
const mostTicks = 200;

/** Marks at round times, at least `spacing` pixels apart; all labels with the same unit and number of decimals. */
export function axisTicks({ begin, end }: Viewport, width: number, spacing: number): readonly Tick[] {
  if (!(end > begin) || width <= 0) return [];
  const step = roundStep(((end - begin) / width) * spacing);
  const label = labelsFor(step, end);
  const ticks: Tick[] = [];
  const first = Math.ceil(begin / step - 1e-9);
  for (let number = first; number * step <= end && ticks.length < mostTicks; number++) {
    ticks.push({ moment: number * step, label: label(number * step) });
  }
  return ticks;
}

/** The next larger of 1, 2, 5, 10, 20, … and their fractions. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function labelsFor(step: number, end: number): (moment: number) => string {
  const [unit, perSecond] =
    end < 1e-3 ? (['µs', 1e6] as const) : end < 1 ? (['ms', 1e3] as const) : (['s', 1] as const);
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step * perSecond) - 1e-9)));
  return (moment) => `${formatFixed(moment * perSecond, decimals)} ${unit}`;
}
