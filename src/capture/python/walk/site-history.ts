/** What was seen above a call site when it could be read coherently: who stands in when a later read came too late. */
import type { Code } from '../code/code.ts';

/** Most different callees remembered for one site. */
const mostOutcomes = 64;
/** Least confirmed looks before a site's history says anything, as a number and as a share of the looks. */
const leastConfirmed = 10;
const leastShare = 0.05;
/**
 * Share of the confirmed looks from which an outcome is believed unconfirmed, and from which it stands in. At the end of a
 * stack nothing stands above that it would have to fit: there a few looks are enough.
 */
const believable = 0.35;
const believableAtEnd = 3;
const usual = 0.9;
/** What is believed, or is never confirmed, is looked at closely only every so many times. */
const closeEvery = 8;

/**
 * What was confirmed at one place in the code. Where generators live for less than the microseconds between copy and
 * look, another one may be at the same address and look just as right. A close look (several, at irregular distance) is
 * not fooled by that; what it confirms often enough is believed in between.
 */
export class SiteHistory<Outcome> {
  #asked = 0;
  #looks = 0;
  #confirmed = 0;
  #most: { readonly outcome: Outcome; count: number } | undefined;
  readonly #counts = new Map<string | number, { readonly outcome: Outcome; count: number }>();

  /** Whether it is worth the time to look closely now. */
  shouldLook(key: string | number, isAtEnd = false): boolean {
    this.#asked++;
    const isHopeless = this.#looks >= 100 && !this.#speaks;
    return (!isHopeless && !this.believes(key, isAtEnd)) || this.#asked % closeEvery === 0;
  }

  /** Counts a close look, and what it confirmed. */
  record(isConfirmed: boolean, key: string | number, outcome: () => Outcome): void {
    this.#looks++;
    if (!isConfirmed) return;
    let entry = this.#counts.get(key);
    if (entry === undefined) {
      if (this.#counts.size >= mostOutcomes) return;
      entry = { outcome: outcome(), count: 0 };
      this.#counts.set(key, entry);
    }
    entry.count++;
    this.#confirmed++;
    if (this.#most === undefined || entry.count > this.#most.count) this.#most = entry;
  }

  /**
   * Whether this outcome was confirmed so often here that it is right without a close look.
   * @param isAtEnd no frame stands above it. What is seldom here must be believed, too: looks fail more often for what is
   * short, and if only that were left out, its share would be too small.
   */
  believes(key: string | number, isAtEnd = false): boolean {
    const count = this.#counts.get(key)?.count ?? 0;
    return this.#speaks && count >= (isAtEnd ? believableAtEnd : believable * this.#confirmed);
  }

  /** The outcome that nearly all close looks confirmed, if there is one. */
  get usual(): Outcome | undefined {
    const most = this.#most;
    return this.#speaks && most && most.count >= usual * this.#confirmed ? most.outcome : undefined;
  }

  get #speaks(): boolean {
    return this.#confirmed >= leastConfirmed && this.#confirmed >= leastShare * this.#looks;
  }
}

/** Histories by place: a code object, a unit in it, and where it matters the code above it. */
export class SiteHistories<Outcome> {
  readonly #sites = new WeakMap<Code, Map<number, Map<Code | undefined, SiteHistory<Outcome>>>>();

  at(code: Code, unit: number, above?: Code): SiteHistory<Outcome> {
    let units = this.#sites.get(code);
    if (!units) {
      units = new Map();
      this.#sites.set(code, units);
    }
    let site = units.get(unit);
    if (!site) {
      site = new Map();
      units.set(unit, site);
    }
    let history = site.get(above);
    if (!history) {
      if (site.size >= mostOutcomes) site.clear();
      history = new SiteHistory();
      site.set(above, history);
    }
    return history;
  }
}
