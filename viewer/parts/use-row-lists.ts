/** How does one get around with keys where a view has several tables? */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CommandHandlers } from '../page.ts';

/** A table, as far as keys are concerned. */
export interface RowList {
  readonly count: number;
  /** −1: none. */
  readonly current: number;
  /** Selects a row. */
  readonly go: (index: number) => void;
  /** Enter on the selected row. */
  readonly enter?: () => void;
  /** What is beside it, and above its first row. */
  readonly left?: () => void;
  readonly right?: () => void;
  readonly above?: () => void;
}

/** What moves between and within tables. */
export interface RowLists {
  readonly handlers: CommandHandlers;
  /** Gives the selected row of a table the focus once it is drawn, and brings it onto the screen. */
  readonly focusList: (name: string, block?: ScrollLogicalPosition) => void;
  /** Only brings it onto the screen: the one that is drawn now. */
  readonly showRow: (name: string, block?: ScrollLogicalPosition) => void;
}

interface Pending {
  readonly name: string;
  readonly block: ScrollLogicalPosition;
}

const showRow: RowLists['showRow'] = (name, block = 'nearest') => {
  selectedRow(name)?.scrollIntoView({ block });
};

function selectedRow(name: string): HTMLElement | null {
  return document.querySelector(`[data-list="${name}"] [role="row"][tabindex="0"]`);
}

/**
 * Keys for rows, for the table that has the focus.
 * @param lists by the names of their `RowGrid`
 * @param main the one that is meant while none has the focus
 */
export function useRowLists(lists: Readonly<Record<string, RowList>>, main: string): RowLists {
  const pending = useRef<Pending | null>(null);
  const [, redraw] = useState(0);
  useLayoutEffect(() => {
    if (pending.current === null) return;
    const { name, block } = pending.current;
    pending.current = null;
    showRow(name, block);
    // Who steps through matches goes on typing.
    if (!(document.activeElement instanceof HTMLInputElement)) selectedRow(name)?.focus({ preventScroll: true });
  });
  const focusList: RowLists['focusList'] = (name, block = 'nearest') => {
    pending.current = { name, block };
    redraw((count) => count + 1);
  };
  return { handlers: handlersOf(lists, main, focusList), focusList, showRow };
}

function handlersOf(
  lists: Readonly<Record<string, RowList>>,
  main: string,
  focusList: RowLists['focusList'],
): CommandHandlers {
  const withFocused = (act: (list: RowList, name: string) => void) => (): void => {
    const focused = document.activeElement?.closest('[data-list]')?.getAttribute('data-list') ?? main;
    const name = lists[focused] === undefined ? main : focused;
    const list = lists[name];
    if (list !== undefined) act(list, name);
  };
  const goBy = (step: (list: RowList, name: string) => number): (() => void) =>
    withFocused((list, name) => {
      const index = list.current < 0 ? 0 : list.current + step(list, name);
      if (index < 0 && list.current <= 0 && list.above !== undefined) {
        list.above();
        return;
      }
      if (list.count === 0) return;
      list.go(Math.min(list.count - 1, Math.max(0, index)));
      focusList(name);
    });
  return {
    'row-up': goBy(() => -1),
    'row-down': goBy(() => 1),
    'page-up': goBy((_, name) => -pageRows(name)),
    'page-down': goBy((_, name) => pageRows(name)),
    first: goBy(({ current }) => (current <= 0 ? 0 : -current)),
    last: goBy(({ count, current }) => count - 1 - current),
    toggle: withFocused(({ enter }) => enter?.()),
    close: withFocused(({ left }) => left?.()),
    open: withFocused(({ right }) => right?.()),
  };
}

/** Rows of a table that are on the screen at once, but one. */
function pageRows(name: string): number {
  const list = document.querySelector<HTMLElement>(`[data-list="${name}"]`);
  const row = list?.querySelector<HTMLElement>('.rows .row');
  const room = list?.closest('.pane')?.clientHeight ?? window.innerHeight * 0.6;
  return Math.max(1, Math.floor(room / Math.max(1, row?.offsetHeight ?? 24)) - 2);
}
