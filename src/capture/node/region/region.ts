/** How is a part of a Node.js program recorded from inside: what a function does, or what happens between two moments? */

import type { V8Profile } from '../../../session/cpuprofile-profile.ts';
import { TimesinkError } from '../../../util/errors.ts';
import { AwaitStacks, captureStack } from '../preload/stack-capture.ts';
import { moment } from './moments.ts';
import { RegionLog } from './region-log.ts';
import { pathOfStack, type RegionStart, withoutMachinery } from './region-paths.ts';
import { type ElsewhereMode, type EndedRegion, profileOfRegion } from './region-profile.ts';
import { regionSampler, type SamplerUse } from './sampler.ts';
import { closeScope, currentScope, goInside, openScope, runInside, type Scope } from './scope.ts';

/** What a region holds. `enabled`, `strict` and `disabled` mean what they mean to pyinstrument 5.1.3 (`async_mode`). */
export type AsyncMode = 'enabled' | 'strict' | 'disabled';

/** How to record a region. */
export interface RegionOptions {
  /** Time between samples in µs. */
  readonly interval: number;
  readonly async: AsyncMode;
  /** The program has hardly begun: see `RegionSampler.use`. */
  readonly isFresh?: boolean;
}

/** What was recorded. */
export interface RegionRecording {
  readonly profile: V8Profile;
  /** ms since 1970. */
  readonly startTime: number;
  /** In µs. */
  readonly duration: number;
  /** CPU time of the whole process meanwhile, in µs. */
  readonly cpu: number;
  /** How often V8 looked. */
  readonly samples: number;
}

const elsewhereOf: Readonly<Record<AsyncMode, ElsewhereMode>> = {
  enabled: 'waiting',
  strict: 'out-of-context',
  disabled: 'everything',
};

/** Regions whose functions are under way, and have not returned yet. */
let depth = 0;

/** A region that is being recorded. */
export class Region {
  readonly #options: RegionOptions;
  readonly #log = new RegionLog();
  readonly #use: SamplerUse;
  readonly #scope: Scope;
  readonly #startTime = Date.now();
  readonly #cpu = process.cpuUsage();
  readonly #begin: number;
  #start: RegionStart = { kind: 'function', outerRegions: depth };

  /** @throws TimesinkError `UNSUPPORTED_RUNTIME` */
  constructor(options: RegionOptions) {
    this.#options = options;
    this.#use = regionSampler.use(options.interval, options.isFresh ?? false);
    this.#scope = openScope(this.#log, options.async === 'disabled');
    this.#begin = moment();
  }

  /** Seconds since the region began. */
  get elapsed(): number {
    return (moment() - this.#begin) / 1e6;
  }

  /** Calls `work`: it, and what comes of it, belongs to the region. */
  run<Result>(work: () => Result): Result {
    return runInside(this.#scope, () => {
      depth++;
      try {
        return work();
      } finally {
        depth--;
      }
    });
  }

  /** From here on, what the caller does, and what comes of it, belongs to the region. @param below whose caller that is */
  enter(below: (...args: never[]) => unknown): void {
    const stacks = new AwaitStacks();
    const number = stacks.numberOf(captureStack(below), false);
    const stack = number === undefined ? [] : pathOfStack(stacks.stacks[number] ?? []);
    this.#start = { kind: 'caller', stack: withoutMachinery(stack) };
    goInside(this.#scope);
  }

  /** Ends the region, and what {@link enter} began. */
  finish(): RegionRecording {
    const end = moment();
    this.#leave();
    const { user, system } = process.cpuUsage(this.#cpu);
    const region: EndedRegion = {
      begin: this.#begin,
      end,
      start: this.#start,
      elsewhere: elsewhereOf[this.#options.async],
      runs: this.#log.finish(),
    };
    const joined = regionSampler.take(this.#use);
    const samples = joined.times.reduce((count, time) => (time > this.#begin && time <= end ? count + 1 : count), 0);
    const profile = profileOfRegion(joined, region);
    return { profile, startTime: this.#startTime, duration: end - this.#begin, cpu: user + system, samples };
  }

  /** Ends the region; nobody wants to know what it did. */
  discard(): void {
    this.#leave();
    regionSampler.release(this.#use);
  }

  #leave(): void {
    if (!this.#log.isOpen) throw new TimesinkError('USAGE', 'the region has ended already');
    closeScope(this.#scope);
    if (currentScope() === this.#scope.outer && this.#start.kind === 'caller') goInside(this.#scope.outer);
  }
}
