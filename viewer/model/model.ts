/** What do the views show? Works out trees, functions and lines from the session and the state, and remembers them. */
import type { PageContents } from '../../src/render/page-contents.ts';
import { type SourceLine, sourceLines } from '../../src/render/source-lines.ts';
import { cutThread } from '../../src/session/cut-time.ts';
import type { ProcessInfo, Session, ThreadSamples } from '../../src/session/session.ts';
import { seconds } from '../../src/session/units.ts';
import type { FrameIdentity } from '../../src/tree/call-node.ts';
import { buildFunctionTable, type FunctionTable } from '../../src/tree/function-table.ts';
import { libraryName } from '../../src/tree/hidden-frames.ts';
import { type HottestLines, LineTimes } from '../../src/tree/hottest-lines.ts';
import { originRule } from '../../src/tree/library-rule.ts';
import { shortPaths } from '../../src/tree/short-path.ts';
import { stackIndex } from '../../src/tree/stack-index.ts';
import { type StackTimes, stackTimes } from '../../src/tree/stack-times.ts';
import type { PageState, Span, ThreadChoice, ViewOptions } from '../state/state.ts';
import { applyTransform, withoutLeftOut } from './apply-transform.ts';
import { chosenPositions, hottestPositions } from './choose-threads.ts';
import type { Comparison } from './comparison.ts';
import { Memo } from './memo.ts';
import { buildInvertedPageTree, buildPageTree, type PageTree } from './page-tree.ts';
import { findFunctions, type SearchResult, timeWithin } from './search.ts';
import type { ShownThread, ThreadTree } from './thread-tree.ts';
import type { Transform } from './transform.ts';
import { availableWeights, type Weight, weighThread } from './weight.ts';

/** The part of the state that decides what is shown. */
export type ShownState = Pick<PageState, 'threads' | 'weight' | 'span' | 'transforms'>;

/** What all views show: the same stacks, threads and moments. */
export interface Shown {
  /** Changes when anything of it does. */
  readonly key: string;
  /**
   * With transformed stacks, to which the threads' rows belong. Frames are those of the recording. Its own threads are
   * whole, and samples that transforms left out are rows without a stack there (−2).
   */
  readonly session: Session;
  readonly threads: readonly ShownThread[];
}

/** Everything that follows from a session. Results are remembered, so asking again costs nothing. */
export class Model {
  readonly session: Session;
  readonly contents: PageContents;
  /** With another recording; null where there is none. */
  readonly comparison: Comparison | null;
  readonly weights: readonly Weight[];
  readonly sourceLine: SourceLine;
  readonly #sources: ReadonlyMap<string, string>;
  readonly #transformed = new Memo<Session>(8);
  readonly #shown = new Memo<Shown>(8);
  readonly #trees = new Memo<readonly ThreadTree[]>(6);
  readonly #functions = new Memo<FunctionTable>(4);
  readonly #hottest = new Memo<HottestLines>(8);
  readonly #found = new Memo<SearchResult | null>(32);
  readonly #times = new Memo<StackTimes>(2);
  readonly #positions = new Memo<readonly number[]>(8);
  readonly #processes = new Map<ProcessInfo | undefined, Pick<ShownThread, 'shortPath' | 'originOf'>>();
  readonly #numbers: ReadonlyMap<string, number>;
  #classByFunction: ReadonlyMap<number, string> | undefined;

  constructor(session: Session, contents: PageContents, comparison: Comparison | null = null) {
    this.session = session;
    this.contents = contents;
    this.comparison = comparison;
    this.weights = availableWeights(session);
    this.#sources = new Map(contents.sources);
    this.sourceLine = sourceLines((file) => this.#sources.get(file));
    this.#numbers = new Map(stackIndex(session).identities.map(({ identifier }, number) => [identifier, number]));
  }

  /** Whether working something out may take long enough to be felt. */
  get isLarge(): boolean {
    return (
      this.session.stacks.parent.length + this.session.threads.reduce((sum, { stack }) => sum + stack.length, 0) > 2e5
    );
  }

  /** Number by which states and links name a function; −1 for what is none. It is the same in every page of a session. */
  functionNumber(frame: FrameIdentity): number {
    return this.#numbers.get(frame.identifier) ?? -1;
  }

  /** The function with that number. */
  functionOf(number: number): FrameIdentity | undefined {
    return stackIndex(this.session).identities[number];
  }

  /** The class whose method a function is most often; null where none is known. */
  classOf(number: number): string | null {
    return this.#classes().get(number) ?? null;
  }

  /** Number of a function that was seen at a line; −1 where there is none. */
  functionAtLine(file: string, line: number): number {
    const { frames, stacks } = this.session;
    const { identity } = stackIndex(this.session);
    for (let stack = 0; stack < stacks.line.length; stack++) {
      if (stacks.line[stack] !== line) continue;
      if (frames[stacks.frame[stack] as number]?.file === file) return identity[stack] as number;
    }
    return -1;
  }

  /** Text of a source file, where the page carries it. */
  sourceOf(file: string): string | undefined {
    return this.#sources.get(file);
  }

  /** How a process names files, and whose they are. */
  filesOf(process: ProcessInfo | undefined): Pick<ShownThread, 'shortPath' | 'originOf'> {
    const known = this.#processes.get(process) ?? {
      shortPath: shortPaths(process?.sysPath ?? []),
      originOf: originRule(process),
    };
    this.#processes.set(process, known);
    return known;
  }

  /** Positions of chosen threads in the session, the busiest first. */
  positions(choice: ThreadChoice): readonly number[] {
    return this.#positions.get(JSON.stringify(choice), () => chosenPositions(this.session, choice));
  }

  /** What the views show. */
  shown(state: ShownState): Shown {
    const positions = this.positions(state.threads);
    const key = JSON.stringify([positions, state.weight, state.span, state.transforms]);
    return this.#shown.get(key, () => this.#show(positions, state, key));
  }

  /** The call tree of each shown thread. */
  trees(state: ShownState & Pick<PageState, 'options' | 'inverted'>): readonly ThreadTree[] {
    const shown = this.shown(state);
    return this.#trees.get(treesKey(shown, state), () =>
      shown.threads.map((thread) => ({ ...thread, tree: treeOf(shown.session, thread.thread, state) })),
    );
  }

  /** Whether {@link trees} has been asked this before. */
  hasTrees(state: ShownState & Pick<PageState, 'options' | 'inverted'>): boolean {
    return this.#trees.has(treesKey(this.shown(state), state));
  }

  /** All functions of the shown threads together. */
  functions(state: ShownState): FunctionTable {
    const { key, session, threads } = this.shown(state);
    return this.#functions.get(key, () => buildFunctionTable(session, threadsOf(threads)));
  }

  /** The hottest lines of the shown threads that are busy. */
  hottest(state: ShownState, count: number): HottestLines {
    const { key, session } = this.shown(state);
    return this.#hottest.get(`${count} ${state.threads.kind} ${key}`, () => {
      const { threads } = this.#show(hottestPositions(this.session, state.threads), state, key);
      return new LineTimes(session).hottest(threadsOf(threads), count);
    });
  }

  /** What the search means and how much of the shown time that is; null where nothing is searched for. */
  search(state: ShownState & Pick<PageState, 'search'>): SearchResult | null {
    const { key, session, threads } = this.shown(state);
    return this.#found.get(`${state.search}\n${key}`, () => {
      const found = findFunctions(session, this.filesOf(session.processes[0]).shortPath, state.search);
      if (found === null) return null;
      const times = this.#times.get(key, () => stackTimes(session, threadsOf(threads)));
      return timeWithin(session, times, found);
    });
  }

  #classes(): ReadonlyMap<number, string> {
    this.#classByFunction ??= new Map(
      buildFunctionTable(this.session, this.session.threads).functions.flatMap(({ frame, className }) =>
        className === null ? [] : [[this.functionNumber(frame), className] as const],
      ),
    );
    return this.#classByFunction;
  }

  #show(positions: readonly number[], { weight, span, transforms }: ShownState, key: string): Shown {
    const session = this.#transform(transforms);
    const threads = positions.flatMap((position) => {
      const whole = session.threads[position];
      const part = whole === undefined ? undefined : cut(whole, span);
      if (part === undefined) return [];
      const process = session.processes[part.process];
      const thread = withoutLeftOut(weighThread(part, weight));
      return [{ position, thread, process, ...this.filesOf(process) }];
    });
    return { key, session, threads };
  }

  #transform(transforms: readonly Transform[]): Session {
    const last = transforms.at(-1);
    if (last === undefined) return this.session;
    return this.#transformed.get(JSON.stringify(transforms), () => {
      const { shortPath } = this.filesOf(this.session.processes[0]);
      const libraryOf = this.session.frames.map(({ file }) => (file === null ? '' : libraryName(shortPath(file))));
      return applyTransform(this.#transform(transforms.slice(0, -1)), last, { libraryOf, keepsMoments: true });
    });
  }
}

function treesKey(shown: Shown, { options, inverted }: Pick<PageState, 'options' | 'inverted'>): string {
  const { time: _, ...rest } = options;
  return JSON.stringify([shown.key, inverted, rest]);
}

function treeOf(
  session: Session,
  thread: ThreadSamples,
  { options, inverted }: { readonly options: ViewOptions; readonly inverted: boolean },
): PageTree | null {
  return (inverted ? buildInvertedPageTree : buildPageTree)(session, thread, options);
}

function cut(thread: ThreadSamples, span: Span | null): ThreadSamples | undefined {
  return span === null ? thread : cutThread(thread, { from: seconds(span.from), to: seconds(span.to) });
}

function threadsOf(shown: readonly ShownThread[]): readonly ThreadSamples[] {
  return shown.map(({ thread }) => thread);
}
