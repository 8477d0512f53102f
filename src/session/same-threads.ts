/** Which processes and threads of several recordings are the same ones, run after run? */
import type { Session } from './session.ts';

/**
 * A name for each process, unique within the session; processes of two sessions with equal names are the same. The program
 * itself is the same whatever it is called; others by their command, digits apart (descriptors and the like differ from
 * run to run), and of equal commands the first with the first.
 */
export function processKeys(session: Pick<Session, 'processes'>): readonly string[] {
  const numbered = new Occurrences();
  return session.processes.map(({ command }, index) => {
    if (index === 0) return 'program';
    return numbered.number(JSON.stringify(command.map((word) => word.replaceAll(/\d+/g, '0'))));
  });
}

/**
 * A name for each thread, unique among those with the same process; main thread is the same as main thread, others go by
 * their name, and of equal names the first with the first.
 */
export function threadKeys(session: Pick<Session, 'threads'>): readonly string[] {
  const byProcess = new Map<number, Occurrences>();
  return session.threads.map(({ process, isMain, name }) => {
    const numbered = byProcess.get(process) ?? new Occurrences();
    byProcess.set(process, numbered);
    return numbered.number(isMain ? 'main' : JSON.stringify(name));
  });
}

/** Tells equal texts apart by counting them. */
class Occurrences {
  readonly #counts = new Map<string, number>();

  number(text: string): string {
    const count = (this.#counts.get(text) ?? 0) + 1;
    this.#counts.set(text, count);
    return `${text} ${count}`;
  }
}
