/** Which source line (and columns) an instruction belongs to: the three formats of CPython's line tables. */

/** Where a call stands in the source: 1-based lines, 0-based UTF-8 byte columns, the end exclusive. */
export interface Position {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

/** `co_lnotab` of 3.8 and 3.9 (Objects/lnotab_notes.txt): pairs of address and line increments. */
function decodeLnotab(table: Uint8Array, firstLine: number, lines: Int32Array): void {
  let line = firstLine;
  let unit = 0;
  let address = 0;
  for (let at = 0; at + 1 < table.length; at += 2) {
    address += table[at] as number;
    for (; unit * 2 < address && unit < lines.length; unit++) lines[unit] = line;
    line += ((table[at + 1] as number) << 24) >> 24;
  }
  lines.fill(line, unit);
}

/** `co_linetable` of 3.10 (Objects/lnotab_notes.txt): pairs of range size and line delta, −128 for "no line". */
function decodeRanges(table: Uint8Array, firstLine: number, lines: Int32Array): void {
  let line = firstLine;
  let unit = 0;
  for (let at = 0; at + 1 < table.length; at += 2) {
    const delta = ((table[at + 1] as number) << 24) >> 24;
    if (delta !== -128) line += delta;
    const end = Math.min(lines.length, unit + ((table[at] as number) >> 1));
    lines.fill(delta === -128 ? -1 : line, unit, end);
    unit = end;
  }
}

/** Reads the variable-length numbers of the 3.11+ location table. */
class Varints {
  readonly #table: Uint8Array;
  at: number;

  constructor(table: Uint8Array, at: number) {
    this.#table = table;
    this.at = at;
  }

  byte(): number {
    return this.#table[this.at++] ?? 0;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 30; shift += 6) {
      const byte = this.byte();
      value |= (byte & 63) << shift;
      if ((byte & 64) === 0) break;
    }
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    return value & 1 ? -(value >> 1) : value >> 1;
  }
}

/**
 * Walks `co_linetable` of 3.11+ (Objects/locations.md): calls `visit` for each entry with its first unit, the unit after
 * its last, and its position, until that returns true. Line −1: the entry has none; column −1: no columns.
 */
function visitLocations(
  table: Uint8Array,
  firstLine: number,
  visit: (from: number, to: number, line: number, endLine: number, column: number, endColumn: number) => boolean,
): void {
  const reader = new Varints(table, 0);
  let line = firstLine;
  let unit = 0;
  while (reader.at < table.length) {
    const head = reader.byte();
    const code = (head >> 3) & 15;
    const from = unit;
    unit += (head & 7) + 1;
    let [endLine, column, endColumn] = [line, -1, -1];
    if (code <= 9) {
      const byte = reader.byte();
      column = code * 8 + (byte >> 4);
      endColumn = column + (byte & 15);
    } else if (code <= 12) {
      endLine = line += code - 10;
      column = reader.byte();
      endColumn = reader.byte();
    } else if (code === 13) {
      endLine = line += reader.signed();
    } else if (code === 14) {
      line += reader.signed();
      endLine = line + reader.unsigned();
      column = reader.unsigned() - 1;
      endColumn = reader.unsigned() - 1;
    }
    if (visit(from, unit, code === 15 ? -1 : line, endLine, column, endColumn)) return;
  }
}

/**
 * The line of every code unit (2 bytes of bytecode).
 * @param minor CPython's minor version, which decides the format
 * @param table bytes of `co_lnotab` (3.8, 3.9) or `co_linetable` (3.10+); may be garbage
 * @returns lines counted from 1; −1 where the code has none
 */
export function decodeLines(minor: number, table: Uint8Array, firstLine: number, units: number): Int32Array {
  const lines = new Int32Array(units).fill(firstLine);
  if (minor <= 9) decodeLnotab(table, firstLine, lines);
  else if (minor === 10) decodeRanges(table, firstLine, lines);
  else {
    visitLocations(table, firstLine, (from, to, line) => {
      lines.fill(line, from, Math.min(to, units));
      return to >= units;
    });
  }
  return lines;
}

/** Source position of the instruction at `unit`, from a 3.11+ `co_linetable`; undefined where it has no columns. */
export function positionOf(table: Uint8Array, firstLine: number, unit: number): Position | undefined {
  let found: Position | undefined;
  visitLocations(table, firstLine, (_from, to, line, endLine, column, endColumn) => {
    if (unit >= to) return false;
    if (line >= 0 && column >= 0 && endColumn >= 0) found = { line, endLine, column, endColumn };
    return true;
  });
  return found;
}
