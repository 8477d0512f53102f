/** Was a signal sent to us alone, or to our whole process group, as a terminal does? */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Time for the kernel to mark every member of the group; it does so in one go, hence far below this. */
const settlingMs = 10;

/** Waits for the end of its input. Leaves no core file: some of the signals it is there for would make one. */
const script = 'ulimit -c 0; read -r REPLY <&3';

/**
 * A small process in our group that does nothing but receive the signals sent to all of it. POSIX tells a handler who sent a
 * signal but not to whom, and Node.js tells neither; without knowing, a Ctrl-C would be passed on to a program that had it
 * already, or a `kill` of this process alone would never reach it.
 */
export class SignalWitness {
  #process: ChildProcess = spawnWitness();
  #since: number = performance.now();

  /**
   * Whether a signal was sent to every process of the group. One witness dies of it, the next takes its place.
   * @param arrived when this process got the signal, on the clock of `performance.now()`
   */
  async sawSignal(arrived: number): Promise<boolean> {
    // Came before this witness, hence together with what its predecessor died of.
    if (arrived < this.#since) return true;
    await delay(settlingMs);
    const saw = hasEnded(this.#process) || hasPendingSignal(this.#process.pid);
    if (saw) {
      this.#process = spawnWitness();
      this.#since = performance.now();
    }
    return saw;
  }

  end(): void {
    this.#process.kill('SIGKILL');
  }
}

function spawnWitness(): ChildProcess {
  const witness = spawn('/bin/sh', ['-c', script, 'timesink-signal-witness'], {
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  witness.on('error', () => {});
  const control = witness.stdio[3] as (Writable & { unref?: () => void }) | null;
  control?.on('error', () => {});
  control?.unref?.();
  witness.unref();
  return witness;
}

function hasEnded(witness: ChildProcess): boolean {
  return witness.pid === undefined || witness.exitCode !== null || witness.signalCode !== null;
}

/** Whether the process is dead but not yet collected, or a signal for it waits to be delivered. */
function hasPendingSignal(pid: number | undefined): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^State:\s*[ZX]/m.test(status) || /^(SigPnd|ShdPnd):\s*0*[1-9a-f]/m.test(status);
  } catch {
    // Gone; or there is no /proc to tell, where its end says enough.
    return process.platform === 'linux';
  }
}
