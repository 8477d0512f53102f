/** What happens in a tree of rows when they are pointed at, or keys pressed? */
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ThreadTree } from '../model/thread-tree.ts';
import { type CommandHandlers, useKept, usePage } from '../page.ts';
import { findMatch, type Match, openHotPath, setSubtree } from './open-rows.ts';
import { RowKeys } from './row-keys.ts';
import { layOutRows, type Openness, type Row, type RowOrder } from './rows.ts';

/** What a view says of its tree. */
export interface TreeRowsProps {
  /** Under which the page keeps what is open; the view's id. */
  readonly name: string;
  readonly trees: readonly ThreadTree[];
  /** Identifiers of the functions that a search found. */
  readonly found: ReadonlySet<string> | undefined;
  readonly order?: RowOrder;
  /** Hears where the current row is whenever a person moved it. */
  readonly onCurrent?: (rows: readonly Row[], index: number) => void;
}

/** The rows, and what changes them. */
export interface TreeRows {
  readonly rows: readonly Row[];
  /** Position of the row that has, or would have, the focus. */
  readonly current: number;
  /** In CSS pixels. */
  readonly rowHeight: number;
  readonly keys: RowKeys;
  readonly handlers: CommandHandlers;
  readonly onPoint: (row: Row, event: MouseEvent, isTwisty: boolean) => void;
  /** Opens the way to a row, and goes there. */
  readonly reveal: (match: Match) => void;
}

/** Fingers need more room than a mouse. */
const rowHeights = { fine: 24, coarse: 36 } as const;

/** Everything that a tree remembers while other views are shown. */
interface Kept {
  readonly openness: Openness;
  /** Key of the current row; −1: the first. */
  readonly current: number;
}

const nothing: Kept = { openness: new Map(), current: -1 };

/** Lays out the rows and answers commands. */
export function useTreeRows({ name, trees, found, order, onCurrent }: TreeRowsProps): TreeRows {
  const { kept: pageKept } = usePage();
  const keys = useMemo(() => {
    const known = (pageKept.get(`${name}.keys`) as RowKeys | undefined) ?? new RowKeys();
    pageKept.set(`${name}.keys`, known);
    return known;
  }, [pageKept]);
  const [kept, setKept] = useKept<Kept>(`${name}.rows`, nothing);
  const { openness } = kept;
  const rows = useMemo(() => layOutRows(trees, openness, keys, order), [trees, openness, keys, order]);
  const current = Math.max(
    0,
    rows.findIndex(({ key }) => key === kept.current),
  );
  const rowHeight = useMemo(() => (matchMedia('(pointer: coarse)').matches ? rowHeights.coarse : rowHeights.fine), []);
  const moved = useFocusMoves(rows, current, rowHeight);
  const tellCurrent = useTellCurrent(rows, onCurrent);
  const set = (change: Partial<Kept>, isMove = false): void => {
    setKept({ ...kept, ...change });
    if (change.current !== undefined) tellCurrent(change.current);
    if (isMove) moved();
  };
  const context: HandlerContext = { trees, rows, current, keys, set, openness, found };
  return {
    ...{ rows, current, rowHeight, keys },
    handlers: useHandlers(context),
    onPoint(row, event, isTwisty) {
      const isDouble = event.type === 'dblclick';
      if (event.type === 'click' && event.detail > 1) return;
      const toggles = isTwisty && (!isDouble || !isOnTwisty(event)) && row.hasChildren;
      const toggled = event.altKey
        ? setSubtree(row, !row.isOpen, openness, keys)
        : new Map(openness).set(row.key, !row.isOpen);
      set({ current: row.key, ...(toggles ? { openness: toggled } : {}) }, true);
    },
    reveal(match) {
      setKept({ openness: withOpen(openness, match), current: match.key });
      moved();
    },
  };
}

function withOpen(openness: Openness, { openKeys }: Match): Openness {
  const opened = new Map(openness);
  for (const key of openKeys) opened.set(key, true);
  return opened;
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
  readonly found: ReadonlySet<string> | undefined;
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

function useMatchHandlers({ trees, keys, openness, set, found }: HandlerContext): CommandHandlers {
  const { state, announce } = usePage();
  const cursor = useRef({ text: '', number: -1 });
  const go = (step: 1 | -1): void => {
    if (found === undefined || found.size === 0) return;
    const before = cursor.current.text === state.search ? cursor.current.number : step > 0 ? -1 : 0;
    const result = findMatch(trees, found, before + step, keys);
    if (result === null) return;
    const { match, count, isWhole } = result;
    const number = (((before + step) % count) + count) % count;
    cursor.current = { text: state.search, number };
    set({ openness: withOpen(openness, match), current: match.key }, true);
    announce(`Match ${number + 1} of ${isWhole ? '' : 'the first '}${count}`);
  };
  return { 'next-match': () => go(1), 'previous-match': () => go(-1) };
}

/** Says where the current row is. A row that has only just been opened is there with the next layout. */
function useTellCurrent(rows: readonly Row[], onCurrent: TreeRowsProps['onCurrent']): (key: number) => void {
  const pending = useRef(-1);
  const tell = (key: number): boolean => {
    const index = rows.findIndex((row) => row.key === key);
    if (index >= 0) onCurrent?.(rows, index);
    return index >= 0;
  };
  useEffect(() => {
    if (pending.current >= 0 && tell(pending.current)) pending.current = -1;
  }, [rows]);
  return (key) => {
    pending.current = tell(key) ? -1 : key;
  };
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
