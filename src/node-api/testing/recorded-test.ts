/** How is one test recorded? */
import { Region } from '../../capture/node/region/region.ts';
import { regionSession } from '../../capture/node/region/region-session.ts';
import type { KnownMaps } from '../../capture/node/source-maps.ts';
import { seconds } from '../../session/units.ts';
import { hottestLine, type SlowTest } from './slow-tests.ts';

const interval = 0.001;

/** A test under way. */
export interface RecordedTest {
  /** Calls the test's function as part of it. */
  run<Result>(work: () => Result): Result;
  /**
   * It has ended.
   * @returns undefined where it took less than `threshold` seconds
   */
  end(name: string, threshold: number): SlowTest | undefined;
}

/** Gives the source map of a script, where only the test runner has it. */
export type MapOf = (url: string) => unknown;

const noMap: MapOf = () => undefined;

/**
 * Begins to record a test.
 * @param holdsEverything whether all that the thread does until its end is part of it, not only what `run` calls
 */
export function recordTest(holdsEverything: boolean, mapOf: MapOf = noMap): RecordedTest {
  const async = holdsEverything ? 'disabled' : 'enabled';
  // The runner may measure coverage, which is not to be disturbed: tests begin with the program, so nothing is hidden.
  const region = new Region({ interval: interval * 1e6, async, isFresh: true });
  return {
    run: (work) => region.run(work),
    end: (name, threshold) => {
      if (region.elapsed < threshold) {
        region.discard();
        return undefined;
      }
      const recording = region.finish();
      const maps = mapsOf(recording.profile, mapOf);
      const session = regionSession(recording, { interval: seconds(interval), description: name }, maps);
      return { name, seconds: recording.duration / 1e6, line: hottestLine(session) };
    },
  };
}

function mapsOf({ nodes }: Parameters<typeof regionSession>[0]['profile'], mapOf: MapOf): KnownMaps {
  const maps = new Map<string, unknown>();
  for (const url of new Set(nodes.map(({ callFrame }) => callFrame.url))) {
    const map = url === '' || url.startsWith('node:') ? undefined : mapOf(url);
    if (map !== undefined) maps.set(url, map);
  }
  return maps;
}
