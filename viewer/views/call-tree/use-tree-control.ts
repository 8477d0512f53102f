/** What happens in the call tree when rows are pointed at, or keys pressed? */
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ThreadTree } from '../../model/model.ts';
import { type CommandHandlers, useKept, usePage } from '../../page.ts';
import type { Selection } from '../../state/state.ts';
import { findMatch, findSelected, openHotPath, setSubtree } from '../../tree-rows/open-rows.ts';
import { RowKeys } from '../../tree-rows/row-keys.ts';
import { layOutRows, type Openness, type Row } from '../../tree-rows/rows.ts';

/** The state of the tree, and what changes it. */
export interface TreeControl {
  readonly trees: readonly ThreadTree[];
  readonly rows: readonly Row[];
  /** Position of the row that has, or would have, the focus. */
  readonly current: number;
  /** In CSS pixels. */
  readonly rowHeight: number;
  readonly handlers: CommandHandlers;
  readonly onPoint: (row: Row, event: MouseEvent, isTwisty: boolean) => void;
}

/** Fingers need more room than a mouse. */
const rowHeights = { fine: 24, coarse: 36 } as const;

/** Everything that the tree remembers while other views are shown. */
interface Kept {
  readonly openness: Openness;
  /** Key of the current row; −1: the first. */
  readonly current: number;
}

const nothing: Kept = { openness: new Map(), current: -1 };

/** Lays out the rows and answers commands. */
export function useTreeControl(trees: readonly ThreadTree[]): TreeControl {
  const { kept: pageKept } = usePage();
  const keys = useMemo(() => {
    const known = (pageKept.get('tree.keys') as RowKeys | undefined) ?? new RowKeys();
    pageKept.set('tree.keys', known);
    return known;
  }, [pageKept]);
  const [kept, setKept] = useKept<Kept>('tree.rows', nothing);
  const rows = useMemo(() => layOutRows(trees, kept.openness, keys), [trees, kept.openness, keys]);
  const current = Math.max(
    0,
    rows.findIndex(({ key }) => key === kept.current),
  );
  const rowHeight = useMemo(() => (matchMedia('(pointer: coarse)').matches ? rowHeights.coarse : rowHeights.fine), []);
  const moved = useFocusMoves(rows, current, rowHeight);
  const selectRow = useSelectRow(rows);
  const set = (change: Partial<Kept>, isMove = false): void => {
    const next = { ...kept, ...change };
    setKept(next);
    if (change.current !== undefined) selectRow(change.current);
    if (isMove) moved();
  };
  useSelectedElsewhere(rows[current], (selection, numberOf) => {
    const match = findSelected(trees, selection, numberOf, keys);
    if (match === null) return;
    const openness = new Map(kept.openness);
    for (const key of match.openKeys) openness.set(key, true);
    setKept({ openness, current: match.key });
    moved();
  });
  const cursor = useRef({ text: '', number: -1 });
  const context: HandlerContext = { trees, rows, current, keys, set, openness: kept.openness, cursor };
  return {
    ...{ trees, rows, current, rowHeight },
    handlers: useHandlers(context),
    onPoint(row, event, isTwisty) {
      const isDouble = event.type === 'dblclick';
      if (event.type === 'click' && event.detail > 1) return;
      const toggles = isTwisty && (!isDouble || !isOnTwisty(event)) && row.hasChildren;
      const openness = event.altKey
        ? setSubtree(row, !row.isOpen, kept.openness, keys)
        : new Map(kept.openness).set(row.key, !row.isOpen);
      set({ current: row.key, ...(toggles ? { openness } : {}) }, true);
    },
  };
}

function isOnTwisty(event: MouseEvent): boolean {
  return event.target instanceof Element && event.target.closest('.twisty') !== null;
}

interface HandlerContext {
  readonly trees: readonly ThreadTree[];
  readonly rows: readonly Row[];
  readonly current: number;
  readonly keys: RowKeys;
  readonly openness: Openness;
  readonly set: (change: Partial<Kept>, isMove?: boolean) => void;
  readonly cursor: { current: { text: string; number: number } };
}

function useHandlers(context: HandlerContext): CommandHandlers {
  const { rows, current, keys, openness, set } = context;
  const row = rows[current];
  const goTo = (index: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (next !== undefined) set({ current: next.key }, true);
  };
  const setOpen = (isOpen: boolean): void => {
    if (row !== undefined) set({ openness: new Map(openness).set(row.key, isOpen) }, true);
  };
  const page = (): number => Math.max(1, Math.floor((window.innerHeight * 0.6) / rowHeights.fine));
  return {
    'row-up': () => goTo(current - 1),
    'row-down': () => goTo(current + 1),
    'page-up': () => goTo(current - page()),
    'page-down': () => goTo(current + page()),
    first: () => goTo(0),
    last: () => goTo(rows.length - 1),
    toggle: () => setOpen(row?.isOpen === false),
    open: () =>
      row?.hasChildren === true && !row.isOpen ? setOpen(true) : row?.isOpen === true ? goTo(current + 1) : undefined,
    close: () => (row?.isOpen === true ? setOpen(false) : goToParent(rows, row, goTo)),
    'open-subtree': () => row !== undefined && set({ openness: setSubtree(row, true, openness, keys) }, true),
    'close-all': () => set(closeAll(context), true),
    'open-hot-path': () => {
      const from = row?.kind === 'node' ? row : rows.find((other) => other.kind === 'node');
      if (from?.kind !== 'node') return;
      const path = openHotPath(from, openness, keys);
      set({ openness: path.openness, current: path.key }, true);
    },
    ...useMatchHandlers(context),
  };
}

function goToParent(rows: readonly Row[], row: Row | undefined, goTo: (index: number) => void): void {
  const parent = rows.findIndex(({ key }) => key === row?.parentKey);
  if (parent >= 0) goTo(parent);
}

function closeAll({ rows, keys }: HandlerContext): Partial<Kept> {
  let closed: Openness = new Map();
  for (const row of rows) if (row.level === 1) closed = setSubtree(row, false, closed, keys);
  return { openness: closed, current: rows[0]?.key ?? -1 };
}

function useMatchHandlers({ trees, rows, current, keys, openness, set, cursor }: HandlerContext): CommandHandlers {
  const { state, model, announce } = usePage();
  const go = (step: 1 | -1): void => {
    const found = model.search(state)?.found;
    if (found === undefined || found.size === 0) return;
    if (state.inverted) {
      // Rows that were never asked for do not exist yet.
      const order = rows.map((_, index) => rows[(current + step * (index + 1) + rows.length * 2) % rows.length]);
      const next = order.find((row) => row?.kind === 'node' && found.has(row.node.frame.identifier));
      if (next !== undefined) set({ current: next.key }, true);
      return;
    }
    const before = cursor.current.text === state.search ? cursor.current.number : step > 0 ? -1 : 0;
    const result = findMatch(trees, found, before + step, keys);
    if (result === null) return;
    const { match, count } = result;
    const number = (((before + step) % count) + count) % count;
    cursor.current = { text: state.search, number };
    const opened = new Map(openness);
    for (const key of match.openKeys) opened.set(key, true);
    set({ openness: opened, current: match.key }, true);
    announce(`Match ${number + 1} of ${count}`);
  };
  return { 'next-match': () => go(1), 'previous-match': () => go(-1) };
}

/** When the tree is shown again, and something else was selected meanwhile, calls `reveal` with it. */
function useSelectedElsewhere(row: Row | undefined, reveal: (selection: Selection, numberOf: NumberOf) => void): void {
  const { state, model } = usePage();
  useEffect(() => {
    const { selection } = state;
    const numberOf: NumberOf = (frame) => model.functionNumber(frame);
    const isHere = row?.kind === 'node' && numberOf(row.node.frame) === selection?.function;
    if (selection !== null && selection.function >= 0 && !isHere) reveal(selection, numberOf);
  }, []);
}

/** Makes the row with this key what is selected in the whole page. */
function useSelectRow(rows: readonly Row[]): (key: number) => void {
  const { dispatch, model, state } = usePage();
  const pending = useRef(-1);
  const select = (key: number): boolean => {
    const index = rows.findIndex((row) => row.key === key);
    if (index < 0) return false;
    dispatch({
      kind: 'select',
      selection: selectionOf(rows, index, (frame) => model.functionNumber(frame), state.inverted),
    });
    return true;
  };
  // A row that has only just been opened is there with the next layout.
  useEffect(() => {
    if (pending.current >= 0 && select(pending.current)) pending.current = -1;
  }, [rows]);
  return (key) => {
    pending.current = select(key) ? -1 : key;
  };
}

type NumberOf = (frame: Extract<Row, { kind: 'node' }>['node']['frame']) => number;

/** Time that is no code, and bars, select nothing. Upside down there is no path from a root. */
function selectionOf(rows: readonly Row[], index: number, numberOf: NumberOf, isInverted: boolean): Selection | null {
  const row = rows[index];
  if (row?.kind !== 'node' || row.node.frame.kind === 'self' || row.node.frame.kind === 'root') return null;
  const selected = { function: numberOf(row.node.frame), thread: row.owner.position };
  if (isInverted) return selected;
  const path: number[] = [];
  let key = row.key;
  for (let at = index; at >= 0; at--) {
    const above = rows[at];
    if (above?.key !== key) continue;
    key = above.parentKey;
    if (above.kind === 'node' && above.node.frame.kind !== 'root') path.unshift(numberOf(above.node.frame));
  }
  return { ...selected, path };
}

/** Brings the current row onto the screen and gives it the focus, after it was moved. */
function useFocusMoves(rows: readonly Row[], current: number, rowHeight: number): () => void {
  const isMoved = useRef(false);
  useLayoutEffect(() => {
    if (!isMoved.current) return;
    isMoved.current = false;
    const element = document.querySelector<HTMLElement>(`[data-keys="rows"] [data-row="${current}"]`);
    element?.scrollIntoView({ block: 'nearest' });
    // Who steps through matches goes on typing.
    if (!(document.activeElement instanceof HTMLInputElement)) element?.focus({ preventScroll: true });
  }, [rows, current, rowHeight]);
  return () => {
    isMoved.current = true;
  };
}
