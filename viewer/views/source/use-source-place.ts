/** Which file and line does the source view show? What is selected elsewhere, until another is chosen here. */
import type { FrameIdentity } from '../../../src/tree/call-node.ts';
import { hasLines } from '../../../src/tree/line-table.ts';
import { type Page, useKept, usePage, useSetting } from '../../page.ts';
import type { ShownLines } from './line-times.ts';

/** A line of a file. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
}

/** The place, and the ways from it. */
export interface SourceMoves {
  /** Null where there is no file at all. */
  readonly place: SourcePlace | null;
  /** To a line of the same file, or to another file. */
  readonly moveTo: (place: SourcePlace) => void;
  /** The same, with a way back. */
  readonly jumpTo: (place: SourcePlace) => void;
  /** Null where there is nothing to go back to. */
  readonly back: (() => void) | null;
}

/** Steps back that are remembered. */
const mostSteps = 100;

/** Follows the selection that all views share, and changes it. */
export function useSourcePlace(lines: ShownLines | undefined): SourceMoves {
  const page = usePage();
  const { state, model, dispatch } = page;
  const [chosen, setChosen] = useSetting('source');
  const [history, setHistory] = useKept<readonly SourcePlace[]>('source.history', []);
  const isKnown = (file: string): boolean =>
    lines?.table.files.has(file) === true || model.sourceOf(file) !== undefined;
  const place = parsePlace(chosen, isKnown) ?? placeOfSelection() ?? firstPlace();

  function placeOfSelection(): SourcePlace | null {
    const frame = state.selection === null ? undefined : model.functionOf(state.selection.function);
    if (frame === undefined || lines === undefined) return null;
    return placeOfFunction(lines, frame, state.selection?.line);
  }

  function firstPlace(): SourcePlace | null {
    if (lines === undefined) return null;
    const [hottest] = model.hottest(state, 1).lines;
    if (hottest !== undefined) return hottest;
    const file = lines.files.find((each) => model.sourceOf(each.file) !== undefined) ?? lines.files[0];
    return file === undefined ? null : { file: file.file, line: hottestLine(page, lines, file.file) };
  }

  const moveTo = (next: SourcePlace): void => {
    const own = lines?.table.files.get(next.file)?.lines.find(({ line }) => line === next.line);
    // Lines without time belong to no function that is known: what was selected stays selected.
    const selection = own && { function: model.functionNumber(own.frame), line: next.line };
    if (selection !== undefined) dispatch({ kind: 'select', selection });
    setChosen(`${next.file}:${next.line}`);
  };
  const last = history.at(-1);
  return {
    place,
    moveTo,
    jumpTo(next) {
      if (place !== null) setHistory([...history, place].slice(-mostSteps));
      moveTo(next);
    },
    back:
      last === undefined
        ? null
        : () => {
            setHistory(history.slice(0, -1));
            moveTo(last);
          },
  };
}

/** From the address, perhaps of another recording. */
function parsePlace(text = '', isKnown: (file: string) => boolean): SourcePlace | null {
  const [, file, line] = /^(.+):(\d{1,9})$/s.exec(text) ?? [];
  return file === undefined || !isKnown(file) ? null : { file, line: Math.max(1, Number(line)) };
}

/** The line that is meant, or else that of the function with the most time; null for what has no file. */
export function placeOfFunction(lines: ShownLines, frame: FrameIdentity, line?: number): SourcePlace | null {
  const { file, firstLine, identifier } = frame;
  if (file === null || !hasLines(frame)) return null;
  if (line !== undefined) return { file, line };
  const own = (lines.table.files.get(file)?.lines ?? []).filter((each) => each.frame.identifier === identifier);
  const hottest = own.reduce((best, each) => (each.total > best.total ? each : best), { line: firstLine, total: 0 });
  return { file, line: Math.max(1, hottest.line) };
}

/** Hottest lines that are looked through for one of a file. */
const mostLookedAt = 1000;

/** As in the list of hottest lines; of a library, the line with the most time of its own. 1 in a file without any time. */
export function hottestLine({ model, state }: Page, lines: ShownLines, file: string): number {
  const hottest = model.hottest(state, mostLookedAt).lines.find((each) => each.file === file);
  if (hottest !== undefined) return hottest.line;
  const all = lines.table.files.get(file)?.lines ?? [];
  return all.reduce((best, each) => (each.self > best.self ? each : best), { line: all[0]?.line ?? 1, self: 0 }).line;
}
