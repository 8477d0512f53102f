/** What happens in the table of functions when rows are pointed at, or keys pressed? */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { displayName } from '../../../src/tree/call-node.ts';
import type { CallTimes, FunctionTable, FunctionTimes } from '../../../src/tree/function-table.ts';
import type { OriginOf } from '../../../src/tree/library-rule.ts';
import { hasLines } from '../../../src/tree/line-table.ts';
import { useCommands, useKept, usePage, useSetting } from '../../page.ts';
import { placeOf } from '../../parts/function-name.tsx';
import { type RowList, useRowLists } from '../../parts/use-row-lists.ts';
import {
  type FunctionColumn,
  type FunctionSort,
  type FunctionTexts,
  formatSort,
  nextSort,
  parseSort,
  sortFunctions,
} from './sort-functions.ts';

/** A row of one of the two lists; `entry` is null for the time in the function itself. */
export interface CallRow {
  readonly entry: FunctionTimes | null;
  readonly times: Pick<CallTimes, 'self' | 'total' | 'callSites'>;
}

/** The names of the tables. */
export const functionLists = { all: 'functions', callers: 'callers', callees: 'callees' } as const;

/** The state of the view, and what changes it. */
export interface FunctionControl extends FunctionTexts {
  readonly table: FunctionTable;
  /** Those that the search means, sorted. */
  readonly rows: readonly FunctionTimes[];
  readonly current: number;
  readonly selected: FunctionTimes | undefined;
  readonly callers: readonly CallRow[];
  readonly callees: readonly CallRow[];
  /** Selected rows of the two lists. */
  readonly currentCaller: number;
  readonly currentCallee: number;
  readonly sort: FunctionSort;
  readonly sortBy: (column: FunctionColumn) => void;
  readonly placeOf: (entry: FunctionTimes) => string;
  readonly originOf: OriginOf;
  readonly isFound: (entry: FunctionTimes) => boolean;
  /** Whether there is a file in which it can be shown. */
  readonly hasLines: (entry: FunctionTimes) => boolean;
  readonly canGoBack: boolean;
  readonly point: (index: number) => void;
  readonly goToCaller: (index: number) => void;
  readonly goToCallee: (index: number) => void;
}

const noFunctions: FunctionTable = { functions: [], total: 0 };

/** Sorts and filters the functions, and answers commands. */
export function useFunctionControl(table: FunctionTable = noFunctions): FunctionControl {
  const { state, model, dispatch } = usePage();
  const texts = useTexts();
  const [sortText, setSortText] = useSetting('sort');
  const sort = useMemo(() => parseSort(sortText), [sortText]);
  const found = model.search(state)?.found;
  const rows = useMemo(
    () =>
      sortFunctions(
        found === undefined ? table.functions : table.functions.filter(({ frame }) => found.has(frame.identifier)),
        sort,
        texts,
      ),
    [table, found, sort, texts],
  );
  const identifier = state.selection === null ? null : model.functionOf(state.selection.function)?.identifier;
  const chosen = table.functions.find(({ frame }) => frame.identifier === identifier);
  const selected = chosen ?? rows[0];
  const current = selected === undefined ? -1 : rows.indexOf(selected);
  const calls = useMemo(() => callRows(selected, table), [selected, table]);
  const select = (entry: FunctionTimes): void =>
    dispatch({ kind: 'select', selection: { function: model.functionNumber(entry.frame) } });
  const moves = useMoves({ rows, current, selected, ...calls, select });
  const { showRow } = moves;
  const isFirst = useRef(true);
  useEffect(() => {
    if (chosen !== undefined) showRow(functionLists.all, isFirst.current ? 'center' : 'nearest');
    isFirst.current = false;
  }, [identifier, sort]);
  return {
    ...{ table, rows, current, selected, sort },
    ...{ ...calls, ...texts, ...moves },
    sortBy: (column) => setSortText(formatSort(nextSort(sort, column))),
    isFound: ({ frame }) => found?.has(frame.identifier) === true,
    hasLines: ({ frame }) => hasLines(frame),
  };
}

function useTexts(): FunctionTexts & Pick<FunctionControl, 'placeOf' | 'originOf'> {
  const { state, model } = usePage();
  const [first] = model.shown(state).threads;
  const { shortPath, originOf } = model.filesOf(first?.process ?? model.session.processes[0]);
  return useMemo(
    () => ({
      nameOf: (entry) => displayName(entry),
      pathOf: ({ frame }) => (frame.file === null ? '' : shortPath(frame.file)),
      placeOf: ({ frame }) => placeOf(frame, shortPath),
      originOf,
    }),
    [shortPath, originOf],
  );
}

function callRows(
  selected: FunctionTimes | undefined,
  { functions }: FunctionTable,
): Pick<FunctionControl, 'callers' | 'callees'> {
  const rowsOf = (calls: readonly CallTimes[] = []): CallRow[] =>
    calls.flatMap((times) => {
      const entry = functions[times.function];
      return entry === undefined ? [] : [{ entry, times }];
    });
  const callees = rowsOf(selected?.callees);
  const self = selected?.self ?? 0;
  if (callees.length > 0 && self > 0) callees.push({ entry: null, times: { self, total: self, callSites: 0 } });
  return { callers: rowsOf(selected?.callers), callees: callees.sort((a, b) => b.times.total - a.times.total) };
}

interface MoveContext extends Pick<FunctionControl, 'rows' | 'current' | 'selected' | 'callers' | 'callees'> {
  readonly select: (entry: FunctionTimes) => void;
}

type Moves = Pick<
  FunctionControl,
  'currentCaller' | 'currentCallee' | 'canGoBack' | 'point' | 'goToCaller' | 'goToCallee'
> &
  Pick<ReturnType<typeof useRowLists>, 'showRow'>;

/** From one function to another, by row, by call, and back. */
function useMoves(context: MoveContext): Moves {
  const { rows, current, selected, callers, callees, select } = context;
  const { dispatch, model } = usePage();
  const [places, setPlaces] = useState({ of: selected, caller: 0, callee: 0 });
  const known = places.of === selected ? places : { of: selected, caller: 0, callee: 0 };
  const [history, setHistory] = useKept<readonly number[]>('functions.history', []);
  const jump = (calls: readonly CallRow[], index: number, name: string): void => {
    const next = calls[index]?.entry;
    if (next === undefined || next === null || next === selected) return;
    if (selected !== undefined) setHistory([...history, model.functionNumber(selected.frame)].slice(-mostSteps));
    select(next);
    const isEmpty = (name === functionLists.callers ? next.callers : next.callees).length === 0;
    lists.focusList(isEmpty ? functionLists.all : name);
  };
  const goToCaller = (index: number): void => jump(callers, index, functionLists.callers);
  const goToCallee = (index: number): void => jump(callees, index, functionLists.callees);
  const focus = (name: string, isThere: boolean): void => {
    if (isThere) lists.focusList(name);
  };
  const toCallers = (): void => focus(functionLists.callers, callers.length > 0);
  const toCallees = (): void => focus(functionLists.callees, callees.length > 0);
  const toAll = (): void => focus(functionLists.all, true);
  const go = (index: number): void => {
    const entry = rows[index];
    if (entry !== undefined) select(entry);
  };
  const lists = useRowLists(
    {
      [functionLists.all]: {
        ...{ count: rows.length, current, go, left: toCallers, right: toCallees },
        enter: callees.length > 0 ? toCallees : toCallers,
      },
      [functionLists.callers]: {
        ...{ count: callers.length, current: known.caller, above: toAll, right: toCallees },
        go: (caller) => setPlaces({ ...known, caller }),
        enter: () => goToCaller(known.caller),
      },
      [functionLists.callees]: {
        ...{ count: callees.length, current: known.callee, above: toAll, left: toCallers },
        go: (callee) => setPlaces({ ...known, callee }),
        enter: () => goToCallee(known.callee),
      },
    } satisfies Record<string, RowList>,
    functionLists.all,
  );
  const step = (by: number): void => {
    if (rows.length === 0) return;
    go((current + by + rows.length) % rows.length);
    lists.focusList(functionLists.all);
  };
  useCommands({
    ...lists.handlers,
    'next-match': () => step(1),
    'previous-match': () => step(-1),
    'go-back': () => {
      const last = history.at(-1);
      if (last === undefined) return;
      setHistory(history.slice(0, -1));
      dispatch({ kind: 'select', selection: { function: last } });
    },
  });
  return {
    ...{ currentCaller: known.caller, currentCallee: known.callee, canGoBack: history.length > 0 },
    ...{ goToCaller, goToCallee, showRow: lists.showRow },
    point: (index) => {
      go(index);
      lists.focusList(functionLists.all);
    },
  };
}

/** Steps back that are remembered. */
const mostSteps = 100;
