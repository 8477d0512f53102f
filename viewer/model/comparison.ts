/** What changed between the two recordings of a page? By the same comparison as `timesink diff`, and remembered. */
import type { PageComparison } from '../../src/render/page-contents.ts';
import type { ProcessInfo, Session } from '../../src/session/session.ts';
import { type DiffSessionsOptions, diffSessions, type ThreadDiff } from '../../src/tree/diff-sessions.ts';
import { hiddenFrames } from '../../src/tree/hidden-frames.ts';
import { originRule } from '../../src/tree/library-rule.ts';
import type { Pair } from '../../src/tree/paired-threads.ts';
import { shortPaths } from '../../src/tree/short-path.ts';
import type { PageState, Side, ViewOptions } from '../state/state.ts';
import { Memo } from './memo.ts';
import { collapsePatterns } from './page-tree.ts';
import { findFunctions } from './search.ts';
import type { ThreadTree } from './thread-tree.ts';
import { availableWeights, type Weight, weighSession } from './weight.ts';

/** How the comparison is looked at. */
export interface ComparisonView {
  /** Shares of each recording's total instead of seconds. */
  readonly normalize: boolean;
  /** Whether calls that changed little are left out. */
  readonly hidesUnchanged: boolean;
}

/** What of the page's state it depends on. */
export type ComparedState = Pick<PageState, 'threads' | 'weight' | 'options'>;

/** One thread, compared; `tree` has the nodes of {@link ThreadDiff.tree}, and is null where neither has samples. */
export interface ComparedThread extends ThreadTree {
  readonly diff: ThreadDiff;
  readonly owner: Pair<ProcessInfo>;
}

/** Two recordings. */
export class Comparison {
  readonly before: Session;
  readonly after: Session;
  readonly settings: PageComparison;
  readonly #known = new Memo<readonly ComparedThread[]>(4);
  readonly #weighed = new Memo<Session>(6);

  constructor(before: Session, after: Session, settings: PageComparison) {
    this.before = before;
    this.after = after;
    this.settings = settings;
  }

  /** The weight that both can be seen by: as asked, or all time where one of them does not say. */
  weightOf({ weight }: Pick<PageState, 'weight'>): Weight {
    return [this.before, this.after].every((session) => availableWeights(session).includes(weight)) ? weight : 'wall';
  }

  /** How it is looked at: as the page began, until somebody chooses otherwise. */
  viewOf({ settings }: Pick<PageState, 'settings'>): ComparisonView {
    const normalize = settings.unit === undefined ? this.settings.normalize : settings.unit === 'share';
    return { normalize, hidesUnchanged: settings.changes !== 'all' };
  }

  /** The threads that are compared, busiest first. */
  threads(state: ComparedState, view: ComparisonView): readonly ComparedThread[] {
    return this.#known.get(this.#key(state, view), () => this.#compare(state, view));
  }

  /** Whether {@link threads} has been asked this before. */
  hasThreads(state: ComparedState, view: ComparisonView): boolean {
    return this.#known.has(this.#key(state, view));
  }

  /** One of the recordings as it is shown: the chosen threads, and the time that counts. */
  shown(side: Side, state: ComparedState, view: ComparisonView): Session {
    const session = this.#weigh(side, this.weightOf(state));
    if (state.threads.kind !== 'some') return session;
    const chosen = this.threads(state, view).map(({ diff }) => diff.times[side]?.thread);
    const threads = session.threads.filter((thread) => chosen.includes(thread));
    const names = threads.map(({ name }) => name).join(', ');
    const notes = [...session.meta.notes, `Only chosen threads are compared: ${names || 'none'}.`];
    return { ...session, meta: { ...session.meta, notes }, threads };
  }

  /** Identifiers of the functions that a search means, in either recording; undefined where nothing is searched for. */
  found(search: string): ReadonlySet<string> | undefined {
    const found = [this.before, this.after].map((session) =>
      findFunctions(session, shortPaths(session.processes[0]?.sysPath ?? []), search),
    );
    return found.includes(null) ? undefined : new Set(found.flatMap((identifiers) => [...(identifiers ?? [])]));
  }

  #key(state: ComparedState, view: ComparisonView): string {
    return JSON.stringify([state.threads, this.weightOf(state), state.options, view]);
  }

  #compare(state: ComparedState, view: ComparisonView): readonly ComparedThread[] {
    const { threads: choice } = state;
    const options: DiffSessionsOptions = {
      ...treeChoices(state.options),
      ...{ normalize: view.normalize, threads: choice.kind !== 'busy', subprocesses: choice.kind !== 'busy' },
      filterThreshold: view.hidesUnchanged ? this.settings.filterThreshold : 0,
    };
    const weight = this.weightOf(state);
    const [before, after] = [this.#weigh('before', weight), this.#weigh('after', weight)];
    const { shown } = diffSessions(before, after, options);
    const all = shown.flatMap((process) => process.shown.map((diff) => ({ diff, owner: process.process })));
    const isChosen = ({ diff }: (typeof all)[number]): boolean =>
      choice.kind !== 'some' ||
      choice.positions.some((position) => diff.times.after?.thread === after.threads[position]);
    return all.filter(isChosen).map(({ diff, owner }, position) => comparedThread(diff, owner, position));
  }

  #weigh(side: Side, weight: Weight): Session {
    return this.#weighed.get(`${side} ${weight}`, () => weighSession(this[side], weight));
  }
}

function comparedThread(diff: ThreadDiff, owner: Pair<ProcessInfo>, position: number): ComparedThread {
  const { tree, times, names } = diff;
  const process = owner.after ?? owner.before ?? undefined;
  const sides = times.after ?? times.before;
  if (sides === null) throw new Error('a compared thread is in neither recording');
  return {
    ...{ diff, owner, position, thread: sides.thread, process },
    ...{ shortPath: names.after, originOf: originRule(process) },
    tree:
      tree === null
        ? null
        : {
            root: tree.root,
            isInverted: false,
            isApplication: (node) => tree.application.has(node),
            groups: tree.groups,
            hidden: hiddenFrames(tree),
          },
  };
}

/** The page's options as those of `timesink diff`. */
function treeChoices(options: ViewOptions): Pick<DiffSessionsOptions, 'showAll' | 'hide' | 'show' | 'foldRecursion'> {
  const { foldRecursion } = options;
  return { showAll: options.collapse === 'disabled', foldRecursion, ...collapsePatterns(options) };
}
