// A program that computes without waiting: objects, closures, sorting, maps, strings, JSON, recursion.
//
// usage: cpu.mjs RESULT ROUNDS
import { leave, startWatch } from './work.mjs';

class Quote {
  constructor(item, rows) {
    this.item = item;
    this.rows = rows;
  }

  total() {
    return this.rows.reduce((sum, row) => sum + row.price * row.count, 0);
  }

  discount(levels) {
    return levels.find((level) => this.total() > level.above)?.share ?? 0;
  }
}

const levels = [
  { above: 4000, share: 0.2 },
  { above: 2000, share: 0.1 },
];

const rowsOf = (seed) =>
  Array.from({ length: 40 }, (_, index) => ({
    name: `item ${(seed * 31 + index * 17) % 97}`,
    price: ((seed + index) * 7919) % 101,
    count: (index % 5) + 1,
  }));

function byName(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.name, [...(groups.get(row.name) ?? []), row]);
  return groups;
}

const paths = (width, height) =>
  width === 0 || height === 0 ? 1 : paths(width - 1, height) + paths(width, height - 1);

function round(seed) {
  const rows = JSON.parse(JSON.stringify(rowsOf(seed)));
  const sorted = rows.sort((a, b) => a.name.localeCompare(b.name) || a.price - b.price);
  let sum = paths(6, 5);
  for (const [name, group] of byName(sorted)) {
    const quote = new Quote(
      name.replace(/\d+/, (digits) => digits.padStart(4, '0')),
      group,
    );
    sum += quote.total() * (1 - quote.discount(levels)) + quote.item.length;
  }
  return sum;
}

const [file, rounds] = [process.argv[2], Number(process.argv[3])];
let sum = 0;
for (let seed = 0; seed < rounds / 4; seed++) sum += round(seed);
const taken = startWatch();
for (let seed = 0; seed < rounds; seed++) sum += round(seed);
leave(file, { ...taken(), sum });
