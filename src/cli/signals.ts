/** How do signals reach the program and not end us before the report is out? */
import type { HeldProgram } from '../capture/launch/launch.ts';
import { SignalWitness } from '../capture/launch/signal-witness.ts';

/** Signals that ask a process to stop or do something, and that would end this one. */
const passedOn = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

/** Keeps this process alive through signals, and passes on those that the program did not get itself. */
export interface SignalRelay {
  /** From now on signals go to `program`. */
  attach(program: HeldProgram): void;
  /** Stops passing on; signals are ignored from here, so that the report is written whatever is pressed. */
  detach(): void;
}

/** Begins to catch signals at once: those before `attach` are passed on then. */
export function relaySignals(): SignalRelay {
  const early: NodeJS.Signals[] = [];
  let program: HeldProgram | undefined;
  let witness: SignalWitness | undefined;
  let last = Promise.resolve();

  const handle = async (signal: NodeJS.Signals, arrived: number): Promise<void> => {
    if (program === undefined) return;
    const sentToAll = await witness?.sawSignal(arrived);
    if (sentToAll === false) program?.kill(signal);
  };
  for (const signal of passedOn) {
    process.on(signal, () => {
      const arrived = performance.now();
      if (program === undefined) early.push(signal);
      else last = last.then(() => handle(signal, arrived));
    });
  }
  return {
    attach: (started) => {
      program = started;
      // Windows sends Ctrl-C to all programs of a console, and has no other signals to pass on.
      if (process.platform !== 'win32') witness = new SignalWitness();
      for (const signal of early) started.kill(signal);
    },
    detach: () => {
      program = undefined;
      witness?.end();
    },
  };
}
