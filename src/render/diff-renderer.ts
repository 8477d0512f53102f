/** What is a format for comparing two recordings? */
import type { Session } from '../session/session.ts';
import type { DiffSessionsOptions } from '../tree/diff-sessions.ts';
import { checkOptions, type OptionTable, type OptionValues } from './options.ts';
import type { RenderContext, RenderOptions } from './renderer.ts';
import { treeOptions, treeOptionTable } from './tree-options.ts';

/** One of the two recordings that are compared. */
export interface ComparedSession {
  /** What the reader knows it by, such as the name of its file. */
  readonly name: string;
  readonly session: Session;
}

/** A format for comparisons. */
export interface DiffRenderer {
  /** What `-r` calls it. */
  readonly name: string;
  /** Other names that `-r` takes. */
  readonly aliases: readonly string[];
  /** Ends of file names that mean this format, with their dot, in lower case. */
  readonly extensions: readonly string[];
  /** For the help, in a few words. */
  readonly summary: string;
  readonly options: OptionTable;
  /**
   * Says before anything is read whether `render` would take these options.
   * @throws TimesinkError USAGE
   */
  check(options: RenderOptions): void;
  /**
   * The whole comparison, ended by a newline.
   * @throws TimesinkError USAGE as `check` does
   */
  render(before: ComparedSession, after: ComparedSession, options?: RenderOptions, context?: RenderContext): string;
}

const { timeline: _, ...orderless } = treeOptionTable;

/** Options of all formats for comparisons. */
export const diffOptionTable = {
  ...orderless,
  normalize: { kind: 'flag', help: 'shares of the total instead of seconds' },
  threads: { kind: 'flag', help: 'compare every thread' },
  subprocesses: { kind: 'flag', help: 'compare every process' },
} as const satisfies OptionTable;

/** What to compare; recursion is not folded. */
export function diffSessionsOptions(values: OptionValues<typeof diffOptionTable>): DiffSessionsOptions {
  const { timeline: _, ...tree } = treeOptions({ ...values, timeline: false });
  const { normalize, threads, subprocesses } = values;
  return { ...tree, normalize, threads, subprocesses };
}

/** What a format says of itself; the rest of a {@link DiffRenderer} follows from it. */
export interface DiffRendererSpec<Options extends OptionTable>
  extends Pick<DiffRenderer, 'name' | 'aliases' | 'extensions' | 'summary'> {
  readonly options: Options;
  readonly run: (
    before: ComparedSession,
    after: ComparedSession,
    values: OptionValues<Options>,
    context: RenderContext,
  ) => string;
}

/** Makes a format whose options are checked against its table. */
export function defineDiffRenderer<Options extends OptionTable>(spec: DiffRendererSpec<Options>): DiffRenderer {
  const { run, ...facts } = spec;
  const owner = `${spec.name} difference`;
  return {
    ...facts,
    check: (options) => void checkOptions(spec.options, options, owner),
    render: (before, after, options = {}, context = {}) =>
      run(before, after, checkOptions(spec.options, options, owner), context),
  };
}
