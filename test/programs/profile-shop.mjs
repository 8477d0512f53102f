/** Spends its time in known parts: 4 in a method, 3 in a callback, 2 in a getter, 1 in a function that another one made. */
import { setTimeout as sleep } from 'node:timers/promises';

const part = Number(process.argv[2] ?? 20);

function until(end) {
  let sum = 0;
  while (performance.now() < end) for (let i = 0; i < 1000; i++) sum += i % 7;
  return sum;
}

class Quote {
  constructor(rows) {
    this.rows = rows;
  }

  total(rate) {
    return this.rows.length * rate + until(performance.now() + 4 * part);
  }

  get tax() {
    return until(performance.now() + 2 * part);
  }
}

function makeRounder(digits) {
  return (value) => value.toFixed(digits) + until(performance.now() + part);
}

async function handle(round) {
  const quote = new Quote([1, 2, 3]);
  const sum = quote.total(2) + quote.tax;
  const rows = [sum].map((row) => {
    return row + until(performance.now() + 3 * part);
  });
  await sleep(2 * part);
  return round(rows[0]);
}

const rounder = makeRounder(2);
for (let request = 0; request < 4; request++) await handle(rounder);
