/**
 * How does a program leave pieces of its recording although it computes on and on, so that no timer is ever due? A thread
 * beside it has V8 interrupt it, as a debugger does.
 */
import { Worker } from 'node:worker_threads';

const pieceName = 'timesink.piece';

/** So long, in ms, a piece may be late before it is asked for. */
const tolerance = 500;

/** What both threads know: pieces left; ms until the next one is due; 1 when the program ends; 1 while it is being asked. */
const known = { pieces: 0, delay: 1, ends: 2, asks: 3 } as const;

/** So long, in ms, a program that ends waits for a question to be taken back: an open one is told to the user. */
const takingBack = 200;

/** What the thread beside it runs. */
const script = `
const { Session } = require('node:inspector');
const { workerData: plan } = require('node:worker_threads');
// An open question keeps no thread alive.
setInterval(() => {}, 2 ** 30);
let seen = 0;
const ask = () => {
  Atomics.store(plan, ${known.asks}, 1);
  const session = new Session();
  const done = () => {
    session.disconnect();
    Atomics.store(plan, ${known.asks}, 0);
    Atomics.notify(plan, ${known.asks});
    look();
  };
  if (Atomics.load(plan, ${known.ends}) === 1) return Atomics.store(plan, ${known.asks}, 0);
  session.connectToMainThread();
  const expression = 'globalThis[Symbol.for("${pieceName}")]()';
  session.post('Runtime.evaluate', { expression, silent: true }, done);
};
const look = () => {
  seen = Atomics.load(plan, ${known.pieces});
  setTimeout(() => (Atomics.load(plan, ${known.pieces}) === seen ? ask() : look()), Atomics.load(plan, ${known.delay}) + ${tolerance});
};
look();
`;

/** Threads that are none of the program's. */
export const ownWorkers: WeakSet<Worker> = new WeakSet();

/** Says how far the recording is. */
export interface BlockedLoopWatch {
  /** A piece was left; the next one is due after so many ms. */
  planned(delay: number): void;
  /** The program ends: no more is asked. */
  end(): void;
}

/** @param leave leaves a piece, in the midst of whatever runs */
export function watchBlockedLoop(leave: () => void): BlockedLoopWatch {
  const plan = new Int32Array(new SharedArrayBuffer(16));
  Object.defineProperty(globalThis, Symbol.for(pieceName), { value: leave });
  // Neither our module nor any other is loaded there.
  const worker = new Worker(script, { eval: true, env: {}, execArgv: [], workerData: plan, stdin: false });
  ownWorkers.add(worker);
  worker.on('error', () => {});
  worker.unref();
  return {
    planned: (delay) => {
      Atomics.store(plan, known.delay, delay);
      Atomics.add(plan, known.pieces, 1);
    },
    end: () => {
      Atomics.store(plan, known.ends, 1);
      Atomics.wait(plan, known.asks, 1, takingBack);
    },
  };
}
