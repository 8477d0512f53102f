/** What happens in the source view when lines are pointed at, or keys pressed? */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LineCall, LineCalls } from '../../../src/tree/line-calls.ts';
import type { FileSeconds } from '../../../src/tree/line-table.ts';
import { parseQuery } from '../../model/search.ts';
import { type CommandHandlers, useCommands, usePage, useSetting } from '../../page.ts';
import { usePrepared } from '../../parts/use-prepared.ts';
import { type RowList, useRowLists } from '../../parts/use-row-lists.ts';
import { hasWord } from './highlight.ts';
import type { ShownLines } from './line-times.ts';
import { layOutLines, rowOfLine, type SourceRow, splitLines } from './source-rows.ts';
import { hottestLine, placeOfFunction, type SourcePlace, useSourcePlace } from './use-source-place.ts';

/** The names of the tables. */
export const sourceLists = { lines: 'lines', callers: 'line-callers', callees: 'line-callees' } as const;

/** The state of the view, and what changes it. */
export interface SourceControl {
  readonly lines: ShownLines;
  readonly place: SourcePlace;
  /** Null where the page does not carry the text. */
  readonly text: readonly string[] | null;
  /** Undefined where nothing of what is shown was spent in the file. */
  readonly times: FileSeconds | undefined;
  readonly rows: readonly SourceRow[];
  readonly current: number;
  /** Those that a search asks for, in lower case. */
  readonly words: readonly string[];
  readonly isHidingCold: boolean;
  /** Of the current line. */
  readonly calls: LineCalls;
  readonly currentCaller: number;
  readonly currentCallee: number;
  readonly canGoBack: boolean;
  readonly openFile: (file: string) => void;
  readonly isPickerOpen: boolean;
  readonly setPickerOpen: (isOpen: boolean) => void;
  readonly point: (index: number) => void;
  readonly goToCall: (call: LineCall | undefined, isCaller: boolean) => void;
}

const noCalls: LineCalls = { callers: [], callees: [] };

/** Lays out the lines and answers commands; null where there is nothing to show. */
export function useSourceControl(lines: ShownLines | undefined): SourceControl | null {
  const page = usePage();
  const { state, model } = page;
  const moves = useSourcePlace(lines);
  const { place } = moves;
  const { file, line } = place ?? { file: '', line: 1 };
  const source = model.sourceOf(file);
  const text = useMemo(() => (source === undefined ? null : splitLines(source)), [source]);
  const times = lines?.table.files.get(file);
  const [shownLines, setShownLines] = useSetting('lines');
  const isHidingCold = shownLines === 'hot';
  const [opened, setOpened] = useState({ file: '', gaps: new Set<number>() as ReadonlySet<number> });
  const gaps = opened.file === file ? opened.gaps : noGaps;
  const rows = useMemo(
    () => layOutLines(text, times?.lines ?? [], isHidingCold ? gaps : null),
    [text, times, isHidingCold, gaps],
  );
  const current = rowOfLine(rows, line);
  const { value: calls = noCalls } = usePrepared(
    () => lines?.callsOf(file, line) ?? noCalls,
    !model.isLarge || lines?.hasCallsOf(file, line) === true,
  );
  const words = useMemo(() => parseQuery(state.search)?.wanted ?? [], [state.search]);
  const [isPickerOpen, setPickerOpen] = useState(false);
  const base = { place: place ?? { file, line }, text, times, rows, current, words, isHidingCold, calls };
  const own = useLineMoves({
    ...base,
    lines,
    moves,
    openGap: (from) => setOpened({ file, gaps: new Set(gaps).add(from) }),
  });
  useCommands({
    ...own.handlers,
    'hide-cold': () => setShownLines(isHidingCold ? undefined : 'hot'),
    'pick-file': () => setPickerOpen(!isPickerOpen),
  });
  if (lines === undefined || place === null) return null;
  return {
    ...base,
    ...own,
    ...{ lines, isPickerOpen, setPickerOpen, canGoBack: moves.back !== null },
    openFile(next) {
      setPickerOpen(false);
      moves.jumpTo({ file: next, line: hottestLine(page, lines, next) });
    },
  };
}

const noGaps: ReadonlySet<number> = new Set();

interface MoveContext
  extends Pick<SourceControl, 'place' | 'rows' | 'current' | 'calls' | 'words' | 'text' | 'isHidingCold'> {
  readonly lines: ShownLines | undefined;
  readonly moves: ReturnType<typeof useSourcePlace>;
  readonly openGap: (from: number) => void;
}

type LineMoves = Pick<SourceControl, 'currentCaller' | 'currentCallee' | 'point' | 'goToCall'> & {
  readonly handlers: CommandHandlers;
};

/** From line to line, by call, and back. */
function useLineMoves(context: MoveContext): LineMoves {
  const { place, rows, calls, lines, moves, openGap } = context;
  const { dispatch, model } = usePage();
  const [places, setPlaces] = useState({ of: calls, caller: 0, callee: 0 });
  const known = places.of === calls ? places : { of: calls, caller: 0, callee: 0 };
  const go = (index: number): void => {
    const row = rows[index];
    if (row?.kind === 'line') moves.moveTo({ file: place.file, line: row.line });
    else if (row !== undefined) moves.moveTo({ file: place.file, line: row.from });
  };
  const enterRow = (index: number, enterLine: () => void): void => {
    const row = rows[index];
    if (row?.kind === 'gap') openGap(row.from);
    else enterLine();
  };
  const goToCall: SourceControl['goToCall'] = (call, isCaller) => {
    if (call === undefined || lines === undefined) return;
    const target = placeOfFunction(lines, call.frame, isCaller && call.line > 0 ? call.line : undefined);
    if (target === null) {
      // There is nothing to be read of it: the table of functions knows more.
      dispatch({ kind: 'select', selection: { function: model.functionNumber(call.frame) } });
      dispatch({ kind: 'show', view: 'functions' });
      return;
    }
    moves.jumpTo(target);
    keys.focusList(sourceLists.lines, 'center');
  };
  const keys = useRowLists(
    linesLists({
      ...{ context, known, go, goToCall, enterRow, setPlaces },
      focus: (name) => keys.focusList(name),
    }),
    sourceLists.lines,
  );
  useShowCurrent(context, keys.showRow);
  return {
    ...{ currentCaller: known.caller, currentCallee: known.callee, goToCall },
    handlers: { ...keys.handlers, ...stepHandlers(context, go, () => keys.focusList(sourceLists.lines, 'center')) },
    point(index) {
      go(index);
      enterRow(index, () => {});
      keys.focusList(sourceLists.lines);
    },
  };
}

interface CallPlaces {
  readonly of: LineCalls;
  readonly caller: number;
  readonly callee: number;
}

interface ListContext extends Pick<SourceControl, 'goToCall'> {
  readonly context: MoveContext;
  readonly known: CallPlaces;
  readonly go: (index: number) => void;
  readonly enterRow: (index: number, enterLine: () => void) => void;
  readonly setPlaces: (places: CallPlaces) => void;
  readonly focus: (name: string) => void;
}

/** Callers are on the left, callees on the right, the lines above both. */
function linesLists({
  context,
  known,
  go,
  goToCall,
  enterRow,
  setPlaces,
  focus,
}: ListContext): Readonly<Record<string, RowList>> {
  const { rows, current, calls } = context;
  const toCallers = (): void => (calls.callers.length > 0 ? focus(sourceLists.callers) : undefined);
  const toCallees = (): void => (calls.callees.length > 0 ? focus(sourceLists.callees) : undefined);
  const above = (): void => focus(sourceLists.lines);
  return {
    [sourceLists.lines]: {
      ...{ count: rows.length, current, go, left: toCallers, right: toCallees },
      enter: () => enterRow(current, calls.callees.length > 0 ? toCallees : toCallers),
    },
    [sourceLists.callers]: {
      ...{ count: calls.callers.length, current: known.caller, above, right: toCallees },
      go: (caller) => setPlaces({ ...known, caller }),
      enter: () => goToCall(calls.callers[known.caller], true),
    },
    [sourceLists.callees]: {
      ...{ count: calls.callees.length, current: known.callee, above, left: toCallers },
      go: (callee) => setPlaces({ ...known, callee }),
      enter: () => goToCall(calls.callees[known.callee], false),
    },
  };
}

/** To the next line with time, or with what is searched for; around at the ends. */
function stepHandlers(
  { rows, current, words, moves }: MoveContext,
  go: (index: number) => void,
  focus: () => void,
): CommandHandlers {
  const step = (by: 1 | -1, isMeant: (row: SourceRow) => boolean): void => {
    for (let distance = 1; distance <= rows.length; distance++) {
      const index = (current + by * distance + rows.length * 2) % rows.length;
      if (!isMeant(rows[index] as SourceRow)) continue;
      go(index);
      focus();
      return;
    }
  };
  const isHot = (row: SourceRow): boolean => row.kind === 'line' && row.times !== undefined;
  const isMatch = (row: SourceRow): boolean =>
    row.kind === 'line' && hasWord(row.text ?? row.times?.frame.functionName ?? '', words);
  return {
    'next-hot': () => step(1, isHot),
    'previous-hot': () => step(-1, isHot),
    'next-match': () => step(1, isMatch),
    'previous-match': () => step(-1, isMatch),
    'go-back': () => {
      if (moves.back === null) return;
      moves.back();
      focus();
    },
  };
}

/** Brings the current line onto the screen: in the middle when the file is another one, or what is hidden changes. */
function useShowCurrent(
  { place, isHidingCold, text }: MoveContext,
  showRow: ReturnType<typeof useRowLists>['showRow'],
): void {
  const before = useRef<unknown>(null);
  useEffect(() => {
    const now = `${isHidingCold} ${text !== null} ${place.file}`;
    showRow(sourceLists.lines, before.current === now ? 'nearest' : 'center');
    before.current = now;
  }, [place.file, place.line, isHidingCold, text !== null]);
}
