import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { decodeLines, positionOf } from './line-table.ts';

/** Prints for every code object of some standard modules its table, and what Python itself makes of it, by unit. */
const tellTables = `
import dis, json, os, sys

def lines_of(code):
    units = len(code.co_code) // 2
    lines = [-1] * units
    if hasattr(code, 'co_lines'):
        ranges = list(code.co_lines())
    else:
        starts = list(dis.findlinestarts(code))
        ends = [at for at, _ in starts[1:]] + [units * 2]
        ranges = [(start, end, line) for (start, line), end in zip(starts, ends)]
    for start, end, line in ranges:
        for unit in range(start // 2, min(units, end // 2)):
            lines[unit] = -1 if line is None else line
    return lines

def positions_of(code):
    if not hasattr(code, 'co_positions'):
        return []
    return [[-1 if part is None else part for part in position] for position in code.co_positions()]

def tell(code):
    table = code.co_linetable if hasattr(code, 'co_linetable') else code.co_lnotab
    print(json.dumps([table.hex(), code.co_firstlineno, lines_of(code), positions_of(code)]))
    for constant in code.co_consts:
        if hasattr(constant, 'co_code'):
            tell(constant)

for name in ('argparse', 'ast', 'contextlib', 'decimal', '_pydecimal', 'json/encoder', 'heapq', 'this'):
    path = os.path.join(os.path.dirname(os.__file__), name + '.py')
    with open(path, encoding='utf-8') as file:
        tell(compile(file.read(), path, 'exec'))
# Lines that go back and far ahead, and instructions that belong to no line.
source = 'try:\\n    pass\\nfinally:\\n    x = (1,' + '\\n' * 700 + '-y,' + '\\n' * 200 + 'f(' + '\\n' * 90 + '))\\n'
tell(compile(source, 'far', 'exec'))
`;

type Told = readonly [string, number, readonly number[], readonly (readonly [number, number, number, number])[]];

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describeEachPython('line tables', ({ path, minor }) => {
  const { stdout, stderr, status } = spawnSync(path, ['-c', tellTables], { encoding: 'utf8', maxBuffer: 2 ** 27 });
  const codes = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);

  test('Python tells its own', () => {
    expect([stderr, status]).toEqual(['', 0]);
    const units = codes.reduce((sum, [, , lines]) => sum + lines.length, 0);
    expect(units).toBeGreaterThan(20_000);
  });

  test('every unit has the line that Python gives it', () => {
    for (const [table, firstLine, lines] of codes) {
      expect([...decodeLines(minor, fromHex(table), firstLine, lines.length)]).toEqual(lines);
    }
  });

  if (minor < 11) return;
  test('every unit has the columns that Python gives it', () => {
    for (const [table, firstLine, , positions] of codes) {
      const bytes = fromHex(table);
      const found = positions.map((_, unit) => {
        const position = positionOf(bytes, firstLine, unit);
        return position && [position.line, position.endLine, position.column, position.endColumn];
      });
      expect(found).toEqual(positions.map((position) => (position.includes(-1) ? undefined : position)));
    }
  });
});

test('a lnotab that stops early leaves the last line to the rest, and units before its first entry the first line', () => {
  expect([...decodeLines(8, Uint8Array.of(4, 2, 2, 255), 10, 5)]).toEqual([10, 10, 12, 11, 11]);
  expect([...decodeLines(9, new Uint8Array(0), 10, 2)]).toEqual([10, 10]);
});

test('a range of 3.10 without a line does not move the line of the next one', () => {
  expect([...decodeLines(10, Uint8Array.of(2, 1, 2, 128, 4, 1), 10, 4)]).toEqual([11, -1, 12, 12]);
});

test('garbage is a table of the right length', () => {
  const table = fc.uint8Array({ maxLength: 300 });
  const properties = fc.property(table, fc.integer({ min: 8, max: 15 }), fc.nat(500), (bytes, minor, units) => {
    expect(decodeLines(minor, bytes, 1, units).length).toBe(units);
    const position = positionOf(bytes, 1, units);
    if (position) expect(position.endLine).toBeGreaterThanOrEqual(position.line);
  });
  fc.assert(properties, { numRuns: 2000, seed: 1 });
});
