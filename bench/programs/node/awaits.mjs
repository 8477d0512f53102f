// A program of many awaits, three functions deep, with some work beside each.
//
// usage: awaits.mjs RESULT busy|paced AWAITS STEPS
//        awaits.mjs RESULT --calibrate PER_SECOND
//
// busy: the event loop only turns between batches of 34 awaits; paced: a batch begins with each millisecond, as far as the
// timers of Node.js keep to it, and the loop sleeps between them. STEPS of work stand beside each await. Calibrating finds
// the STEPS with which a busy program comes to so many awaits in a second of CPU time.
import { setImmediate as turn } from 'node:timers/promises';
import { leave, spin, startWatch } from './work.mjs';

const awaitsInBatch = 34;

async function query(steps, seed) {
  await undefined;
  return spin(steps, seed);
}

async function load(steps, seed) {
  const row = await query(steps, seed);
  return spin(steps, row);
}

async function handler(steps, seed) {
  let sum = 0;
  for (let row = 0; row < 5; row++) sum ^= spin(steps, await load(steps, seed + row));
  return sum;
}

async function batch(steps, seed) {
  return (await handler(steps, seed)) ^ (await handler(steps, seed + 1));
}

async function run(pause, awaits, steps) {
  let sum = 0;
  for (let done = 0; done < awaits; done += awaitsInBatch) {
    sum ^= await batch(steps, done);
    await pause();
  }
  return sum;
}

/** Waits for the next of the ticks that come every millisecond. */
function ticks() {
  let next = () => {};
  const timer = setInterval(() => next(), 1);
  const pause = () =>
    new Promise((resolve) => {
      next = resolve;
    });
  return { pause, stop: () => clearInterval(timer) };
}

async function calibrated(perSecond) {
  const secondsFor = async (steps) => {
    await run(turn, 20_000, steps);
    const taken = startWatch();
    await run(turn, 20_000, steps);
    return taken().cpu / 20_000;
  };
  const [without, perStep] = [await secondsFor(0), ((await secondsFor(2000)) - (await secondsFor(1000))) / 1000];
  return Math.max(0, Math.round((1 / perSecond - without) / perStep));
}

const [file, mode, amount, given] = process.argv.slice(2);
if (mode === '--calibrate') leave(file, { steps: await calibrated(Number(amount)) });
else {
  const [awaits, steps] = [Number(amount), Number(given)];
  const { pause, stop } = mode === 'paced' ? ticks() : { pause: turn, stop: () => {} };
  await run(pause, awaits / 10, steps);
  const taken = startWatch();
  await run(pause, awaits, steps);
  leave(file, taken());
  stop();
}
