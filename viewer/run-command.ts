/** What does the page itself do when a key or a button asks for it? */
import { libraryName } from '../src/tree/hidden-frames.ts';
import type { Command } from './keys.ts';
import type { Model } from './model/model.ts';
import type { Transform } from './model/transform.ts';
import { placeOf } from './parts/function-name.tsx';
import type { Action } from './state/reducer.ts';
import { type PageState, type Selection, viewIds } from './state/state.ts';

/** What commands work on. */
export interface CommandContext {
  readonly state: PageState;
  readonly model: Model;
  readonly dispatch: (action: Action) => void;
  readonly focusSearch: () => void;
  readonly copy: (text: string) => void;
}

/** Does it, and says whether there was anything to do. */
export function runPageCommand(command: Command, context: CommandContext): boolean {
  const action = actionFor(command, context);
  if (action !== null) context.dispatch(action);
  if (command === 'search') context.focusSearch();
  if (command === 'copy') return copySelected(context);
  return action !== null || command === 'search';
}

function actionFor(command: Command, { state, model }: CommandContext): Action | null {
  const view = viewIds.find((id) => command === `show-${id}`);
  if (view !== undefined) return { kind: 'show', view };
  switch (command) {
    case 'other-side':
      if (model.comparison === null || state.view === 'diff') return null;
      return { kind: 'show-side', side: state.side === 'after' ? 'before' : 'after' };
    case 'invert':
      return { kind: 'invert' };
    case 'undo':
      return canUndo(state) ? { kind: 'undo' } : null;
    case 'next-thread':
    case 'previous-thread':
      return otherThread(state, model, command === 'next-thread' ? 1 : -1);
    case 'pick-threads':
      return { kind: 'overlay', overlay: state.overlay === 'threads' ? null : 'threads' };
    case 'options':
    case 'export':
    case 'help':
      return { kind: 'overlay', overlay: state.overlay === command ? null : command };
    case 'escape':
      if (state.overlay !== null) return { kind: 'overlay', overlay: null };
      return state.search === '' ? null : { kind: 'search', text: '' };
    default: {
      const transform = state.selection === null ? null : transformFor(command, state.selection, model);
      return transform === null ? null : { kind: 'transform', transform };
    }
  }
}

/** Whether there is anything to take back. */
export function canUndo({ transforms, inverted, span }: PageState): boolean {
  return transforms.length > 0 || inverted || span !== null;
}

/** The transform that a command means for what is selected; null where it means none. */
export function transformFor(command: Command, selection: Selection, model: Model): Transform | null {
  const frame = model.functionOf(selection.function);
  if (frame === undefined) return null;
  switch (command) {
    case 'focus-subtree':
    case 'merge-node':
      return selection.path === undefined ? null : { kind: command, path: selection.path };
    case 'collapse-library': {
      const { shortPath } = model.filesOf(model.session.processes[0]);
      const library = frame.file === null ? '' : libraryName(shortPath(frame.file));
      return library === '' ? null : { kind: command, library };
    }
    case 'focus-function':
    case 'merge-function':
    case 'collapse-function':
    case 'collapse-direct-recursion':
    case 'collapse-recursion':
    case 'drop-function':
      return { kind: command, function: selection.function };
    default:
      return null;
  }
}

function otherThread({ threads }: PageState, model: Model, step: 1 | -1): Action | null {
  const all = model.positions({ kind: 'all' });
  if (all.length < 2) return null;
  const current = threads.kind === 'some' ? all.indexOf(threads.positions[0] ?? -1) : step > 0 ? -1 : 0;
  const next = all[(current + step + all.length) % all.length];
  return next === undefined ? null : { kind: 'choose-threads', threads: { kind: 'some', positions: [next] } };
}

function copySelected({ state: { selection }, model, copy }: CommandContext): boolean {
  const frame = selection === null ? undefined : model.functionOf(selection.function);
  if (frame === undefined) return false;
  copy(`${frame.functionName} ${placeOf(frame)}`.trim());
  return true;
}
