/** Which tables do all threads of a Firefox profile share? Strings, functions, frames and stacks. */
import type { Session } from '../session/session.ts';
import { type CodeFunction, codeTable } from './code-table.ts';
import { categoryNumber, categoryRule } from './firefox-categories.ts';
import { noFrameName } from './no-frame.ts';

type Column<Value = number> = readonly Value[];

/** Columns of equal length, by name, and their length. */
type Table = Readonly<Record<string, Column<number | boolean | null> | number>>;

/** `shared` of a profile of version 60 (firefox-devtools/profiler, `src/types/profile.ts`). */
export interface SharedTables {
  readonly stackTable: Table;
  readonly frameTable: Table;
  readonly funcTable: Table;
  readonly resourceTable: Table;
  readonly nativeSymbols: Table;
  readonly sources: Table;
  readonly stringArray: readonly string[];
}

/** The tables, and where time without any frame is to be found in them. */
export interface FirefoxTables {
  /** Stacks have the numbers that they have in the session. */
  readonly shared: SharedTables;
  readonly idleStack: number;
  readonly noFrameStack: number;
}

/** Makes the tables. O(frames + stacks). */
export function firefoxTables(session: Session): FirefoxTables {
  const code = codeTable(session);
  const strings = new Strings();
  const { funcTable, sources } = functionTables(code.functions, strings);
  const categories = code.functions.map(categoryRule(session));
  const noFrame = code.functions.length;
  const frameTable = frameColumns(
    [...code.functionOfPlace, noFrame, noFrame],
    [...code.functionOfPlace.map((number) => categories[number] as number | null), categoryNumber('Idle'), 0],
    [...code.lineOfPlace.map((line) => (line > 0 ? line : null)), null, null],
  );
  const places = code.functionOfPlace.length;
  const frame = [...code.placeOfStack, places, places + 1];
  const prefix = [...Array.from(session.stacks.parent, (parent) => (parent < 0 ? null : parent)), null, null];
  return {
    shared: {
      stackTable: { frame, prefix, length: frame.length },
      frameTable,
      funcTable,
      resourceTable: { lib: [], name: [], host: [], type: [], length: 0 },
      nativeSymbols: { libIndex: [], address: [], name: [], functionSize: [], length: 0 },
      sources,
      stringArray: strings.values,
    },
    idleStack: frame.length - 2,
    noFrameStack: frame.length - 1,
  };
}

class Strings {
  readonly values: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(value: string): number {
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.#numbers.set(value, number);
    }
    return number;
  }
}

/** With the one for time without any frame as the last function. */
function functionTables(
  functions: readonly CodeFunction[],
  strings: Strings,
): Pick<SharedTables, 'funcTable' | 'sources'> {
  const filename: number[] = [];
  const sourceOf = new Map<string, number>();
  const source = functions.map(({ kind, file }) => {
    if (file === null || file === '' || kind === 'builtin' || kind === 'thread') return null;
    const number = sourceOf.get(file) ?? filename.push(strings.numberOf(file)) - 1;
    sourceOf.set(file, number);
    return number;
  });
  const funcTable = {
    name: [...functions.map(({ name }) => strings.numberOf(name)), strings.numberOf(noFrameName)],
    isJS: [...functions.map(({ kind }) => kind === 'javascript'), false],
    relevantForJS: new Array<boolean>(functions.length + 1).fill(false),
    resource: new Array<number>(functions.length + 1).fill(-1),
    source: [...source, null],
    lineNumber: [...functions.map(({ firstLine }) => (firstLine > 0 ? firstLine : null)), null],
    columnNumber: new Array<null>(functions.length + 1).fill(null),
    length: functions.length + 1,
  };
  const id = new Array<null>(filename.length).fill(null);
  return { funcTable, sources: { length: filename.length, id, filename } };
}

function frameColumns(func: Column, category: Column<number | null>, line: Column<number | null>): Table {
  const { length } = func;
  return {
    address: new Array<number>(length).fill(-1),
    inlineDepth: new Array<number>(length).fill(0),
    category,
    subcategory: category.map((number) => (number === null ? null : 0)),
    func,
    nativeSymbol: new Array<null>(length).fill(null),
    innerWindowID: new Array<number>(length).fill(0),
    line,
    column: new Array<null>(length).fill(null),
    length,
  };
}
