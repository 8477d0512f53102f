/** What a session must say of itself where nobody will read it. */
import { flawlessQuality } from '../src/session/flawless-quality.ts';
import type { SessionMeta } from '../src/session/session.ts';
import { seconds, type UnixSeconds } from '../src/session/units.ts';

/** A recording of nothing, at 1 kHz. */
export const emptyMeta: SessionMeta = {
  description: 'Program: bench',
  startTime: 1_700_000_000 as UnixSeconds,
  duration: seconds(0),
  cpuTime: seconds(0),
  minInterval: seconds(0.001),
  maxInterval: seconds(0.001),
  sampleCount: 0,
  engine: 'outside',
  startCallStack: [],
  quality: flawlessQuality(0),
  notes: [],
};
