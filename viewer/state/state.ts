/** What does the page show right now? One readonly value that all views share; what only one view knows is its own. */
import type { PageDefaults } from '../../src/render/page-contents.ts';
import type { TimeUnit } from '../../src/render/time-format.ts';
import type { Transform } from '../model/transform.ts';
import type { Weight } from '../model/weight.ts';

/** The views, in the order of their keys 1 to 6. */
export const viewIds = ['tree', 'timeline', 'flame', 'functions', 'source', 'diff'] as const;

/** One of {@link viewIds}. */
export type ViewId = (typeof viewIds)[number];

/** Which threads: those that the text report shows, all, or some, by position in the session. */
export type ThreadChoice =
  | { readonly kind: 'busy' }
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly positions: readonly number[] };

/** A part of the recording, in seconds from its start. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which frames are folded into `N frames hidden`. */
export type Collapse = 'library' | 'custom' | 'disabled';

/** What the options popover sets. */
export interface ViewOptions {
  readonly collapse: Collapse;
  /** Regular expressions, as typed, found anywhere in a file's path; only with `custom`. */
  readonly show: string;
  readonly hide: string;
  readonly removeImportlib: boolean;
  readonly removeTracebackhide: boolean;
  readonly removeSmall: boolean;
  /** Percent of the whole, 0 to 99. */
  readonly smallPercent: number;
  /** A function that calls itself over many levels is one row. */
  readonly foldRecursion: boolean;
  readonly time: TimeUnit;
}

/** What a person has pointed at: a function, and where that is known the way to it and the line. */
export interface Selection {
  /** Number of the function; see `Model.functionNumber`. */
  readonly function: number;
  /** Numbers of the functions from the root of the tree to it; absent where any of its calls is meant. */
  readonly path?: readonly number[];
  /** Position of the thread in the session; absent where any is meant. */
  readonly thread?: number;
  /** Line in the function's file. */
  readonly line?: number;
}

/** Choices of single views that links tell, too; each has its own name in the address. */
export const settingNames = ['sort', 'source', 'lines', 'colours', 'unit', 'order', 'changes'] as const;

/** One of {@link settingNames}. */
export type SettingName = (typeof settingNames)[number];

/** Those that were made; what the texts mean is known to the view only. */
export type ViewSettings = Readonly<Partial<Record<SettingName, string>>>;

/** Of a page with two recordings, the one that all views but the comparison show. */
export type Side = 'after' | 'before';

/** What lies over the page. */
export type Overlay = 'help' | 'options' | 'threads' | 'details' | 'export';

/** Everything that views share. */
export interface PageState {
  readonly view: ViewId;
  readonly side: Side;
  readonly threads: ThreadChoice;
  readonly weight: Weight;
  /** Null: the whole recording. */
  readonly span: Span | null;
  /** In the order in which they were made. */
  readonly transforms: readonly Transform[];
  readonly inverted: boolean;
  readonly search: string;
  readonly selection: Selection | null;
  readonly settings: ViewSettings;
  readonly options: ViewOptions;
  readonly overlay: Overlay | null;
}

/** The options with which a page begins, as whoever made it asked for. */
export function initialOptions({ showAll, filterThreshold, hide, show, time }: PageDefaults): ViewOptions {
  const isCustom = hide !== null || show !== null;
  return {
    collapse: showAll ? 'disabled' : isCustom ? 'custom' : 'library',
    show: show ?? '',
    hide: hide ?? '',
    removeImportlib: !showAll,
    removeTracebackhide: !showAll,
    removeSmall: !showAll && filterThreshold > 0,
    smallPercent: Math.min(99, filterThreshold * 100),
    foldRecursion: true,
    time,
  };
}

/** The state with which a page begins. */
export function initialState(defaults: PageDefaults): PageState {
  return {
    view: defaults.timeline ? 'timeline' : 'tree',
    side: 'after',
    threads: defaults.threads || defaults.subprocesses ? { kind: 'all' } : { kind: 'busy' },
    weight: 'wall',
    span: null,
    transforms: [],
    inverted: false,
    search: '',
    selection: null,
    settings: {},
    options: initialOptions(defaults),
    overlay: null,
  };
}
