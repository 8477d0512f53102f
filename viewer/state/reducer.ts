/** What can happen to the page, and what is shown then? */
import type { Transform } from '../model/transform.ts';
import type { Weight } from '../model/weight.ts';
import type {
  Overlay,
  PageState,
  Selection,
  SettingName,
  Side,
  Span,
  ThreadChoice,
  ViewId,
  ViewOptions,
} from './state.ts';

/** Everything that can happen. */
export type Action =
  | { readonly kind: 'show'; readonly view: ViewId }
  | { readonly kind: 'show-side'; readonly side: Side }
  | { readonly kind: 'choose-threads'; readonly threads: ThreadChoice }
  | { readonly kind: 'weigh'; readonly weight: Weight }
  | { readonly kind: 'cut'; readonly span: Span | null }
  | { readonly kind: 'transform'; readonly transform: Transform }
  /** Takes back transforms from this position on. */
  | { readonly kind: 'keep-transforms'; readonly count: number }
  | { readonly kind: 'undo' }
  | { readonly kind: 'invert' }
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'select'; readonly selection: Selection | null }
  /** Undefined: as it was at first. */
  | { readonly kind: 'set'; readonly name: SettingName; readonly value: string | undefined }
  | { readonly kind: 'set-options'; readonly options: Partial<ViewOptions> }
  | { readonly kind: 'overlay'; readonly overlay: Overlay | null }
  /** From the address or another tab. */
  | { readonly kind: 'restore'; readonly state: Partial<PageState> };

/** The next state. */
export function reduce(state: PageState, action: Action): PageState {
  switch (action.kind) {
    case 'show':
      return { ...(action.view === 'diff' ? onSide(state, 'after') : state), view: action.view, overlay: null };
    case 'show-side':
      return onSide(state, action.side);
    case 'choose-threads':
      return { ...state, threads: action.threads };
    case 'weigh':
      return { ...state, weight: action.weight };
    case 'cut':
      return { ...state, span: action.span };
    case 'transform':
      // Paths begin at another root afterwards.
      return { ...state, transforms: [...state.transforms, action.transform], selection: withoutPath(state.selection) };
    case 'keep-transforms':
      return { ...state, transforms: state.transforms.slice(0, action.count), selection: withoutPath(state.selection) };
    case 'undo':
      return undo(state);
    case 'invert':
      return { ...state, inverted: !state.inverted, selection: withoutPath(state.selection) };
    case 'search':
      return { ...state, search: action.text };
    case 'select':
      return select(state, action.selection);
    case 'set':
      return set(state, action.name, action.value);
    case 'set-options':
      return { ...state, options: { ...state.options, ...action.options } };
    case 'overlay':
      return { ...state, overlay: action.overlay };
    case 'restore':
      return { ...state, ...action.state };
  }
}

/** Functions, threads and moments of one recording mean nothing in the other. */
function onSide(state: PageState, side: Side): PageState {
  if (state.side === side) return state;
  const threads = state.threads.kind === 'some' ? ({ kind: 'busy' } as const) : state.threads;
  return { ...select(state, null), side, threads, transforms: [], span: null };
}

/** The source view follows what is selected, until a line is chosen there. */
function select(state: PageState, selection: Selection | null): PageState {
  const { function: before, line } = state.selection ?? {};
  const isSame = selection?.function === before && (selection?.line === undefined || selection.line === line);
  return { ...(isSame ? state : set(state, 'source', undefined)), selection };
}

function set(state: PageState, name: SettingName, value: string | undefined): PageState {
  const { [name]: _, ...others } = state.settings;
  return { ...state, settings: value === undefined ? others : { ...others, [name]: value } };
}

/** Takes back the last transform; without any, the inversion, then the cut. */
function undo(state: PageState): PageState {
  const { transforms } = state;
  const selection = withoutPath(state.selection);
  if (transforms.length > 0) return { ...state, transforms: transforms.slice(0, -1), selection };
  if (state.inverted) return { ...state, inverted: false, selection };
  return { ...state, span: null };
}

function withoutPath(selection: Selection | null): Selection | null {
  return selection === null ? null : { function: selection.function };
}
