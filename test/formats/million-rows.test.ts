/** Do long recordings become files of other profilers, with every row's time in them? */
import { beforeAll, describe, expect, test } from 'vitest';
import { cpuprofileRenderer } from '../../src/render/cpuprofile.ts';
import { firefoxRenderer } from '../../src/render/firefox.ts';
import { pprofRenderer } from '../../src/render/pprof.ts';
import type { SessionBuilder } from '../../src/session/builder.ts';
import type { StackIndex } from '../../src/session/ids.ts';
import type { Session } from '../../src/session/session.ts';
import { mainThreadOf } from '../support/arbitrary-session.ts';
import { longSession } from '../support/long-session.ts';
import { readPprof } from '../support/pprof-reader.ts';
import { frameInfo } from '../support/sessions.ts';

const rows = 1_000_000;

/** Each calls one more function than the one before. */
function nestedStacks(builder: SessionBuilder): readonly StackIndex[] {
  const frames = Array.from({ length: 50 }, (_, index) => builder.frame(frameInfo(`f${index}`)));
  return frames.map((_, last) => builder.stack(frames.slice(0, last + 1).map((frame) => [frame, 1 + last])));
}

describe('a million rows', () => {
  let session: Session;
  let total: number;
  beforeAll(() => {
    // Each row lasts a bit over a microsecond.
    session = longSession(rows, 1.0000004e-6, nestedStacks);
    const { weight } = mainThreadOf(session);
    expect(weight).toHaveLength(rows);
    total = weight.reduce((sum, seconds) => sum + seconds, 0);
  });

  test('as cpuprofile', () => {
    const { samples, timeDeltas } = JSON.parse(cpuprofileRenderer.render(session) as string) as {
      readonly samples: readonly number[];
      readonly timeDeltas: readonly number[];
    };
    expect(samples).toHaveLength(rows + 1);
    expect(timeDeltas.reduce((sum, delta) => sum + delta, 0)).toBe(Math.round(total * 1e6));
  });

  test('as pprof', () => {
    const { samples } = readPprof(pprofRenderer.render(session) as Uint8Array);
    const sums = [0, 1, 2].map((index) => samples.reduce((sum, { values }) => sum + (values[index] ?? Number.NaN), 0));
    expect(sums).toEqual([rows, Math.round(total * 1e9), Math.round(total * 1e9)]);
  });

  test('as firefox', () => {
    const { threads } = JSON.parse(firefoxRenderer.render(session) as string) as {
      readonly threads: readonly { readonly samples: { readonly weight: readonly number[] } }[];
    };
    const weight = threads[0]?.samples.weight ?? [];
    expect(weight).toHaveLength(rows + 1);
    expect(weight.reduce((sum, milliseconds) => sum + milliseconds, 0)).toBeCloseTo(total * 1e3, 5);
  });
});
