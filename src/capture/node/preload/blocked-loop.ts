/**
 * How does a program leave pieces of its recording although it computes on and on, so that no timer is ever due? A thread
 * beside it has V8 interrupt it, as a debugger does.
 */
import { Worker } from 'node:worker_threads';

const pieceName = 'timesink.piece';

/** So long, in ms, a piece may be late before it is asked for. */
const tolerance = 500;

/** What the thread beside it runs. */
const script = `
const { Session } = require('node:inspector');
const { workerData: plan } = require('node:worker_threads');
const session = new Session();
session.connectToMainThread();
let seen = 0;
let asked = false;
(function look() {
  const count = Atomics.load(plan, 0);
  if (count === seen && !asked) {
    asked = true;
    const expression = 'globalThis[Symbol.for("${pieceName}")]()';
    session.post('Runtime.evaluate', { expression, silent: true }, () => { asked = false; });
  }
  seen = count;
  setTimeout(look, Atomics.load(plan, 1) + ${tolerance});
})();
`;

/** Says how far the recording is. */
export interface BlockedLoopWatch {
  /** A piece was left; the next one is due after so many ms. */
  planned(delay: number): void;
}

/** @param leave leaves a piece, in the midst of whatever runs */
export function watchBlockedLoop(leave: () => void): BlockedLoopWatch {
  const plan = new Int32Array(new SharedArrayBuffer(8));
  Object.defineProperty(globalThis, Symbol.for(pieceName), { value: leave });
  // Neither our module nor any other is loaded there.
  const worker = new Worker(script, { eval: true, env: {}, execArgv: [], workerData: plan, stdin: false });
  worker.on('error', () => {});
  worker.unref();
  return {
    planned: (delay) => {
      Atomics.add(plan, 0, 1);
      Atomics.store(plan, 1, delay);
    },
  };
}
