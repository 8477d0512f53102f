/** How many files may the program open? Node.js raises its own limit when it starts, and with it that of its children. */
import { readFileSync } from 'node:fs';

/**
 * The soft limit that was ours before Node.js raised it to the hard one: our parent's, from whom we have it. Undefined where
 * it was not raised, or cannot be told.
 * @param ownLimits text of `/proc/PID/limits` (proc_pid_limits(5)); `parentLimits` that of the parent
 */
export function limitBeforeRaise(ownLimits: string, parentLimits: string): number | undefined {
  const [own, parents] = [openFiles(ownLimits), openFiles(parentLimits)];
  return own?.soft === own?.hard && parents && parents.soft < (own?.soft ?? 0) ? parents.soft : undefined;
}

/** The same for this process. */
export function originalOpenFileLimit(): number | undefined {
  try {
    const [own, parents] = ['self', process.ppid].map((id) => readFileSync(`/proc/${id}/limits`, 'latin1'));
    return limitBeforeRaise(own ?? '', parents ?? '');
  } catch {
    return undefined;
  }
}

function openFiles(limits: string): { readonly soft: number; readonly hard: number } | undefined {
  const match = /^Max open files\s+(\d+|unlimited)\s+(\d+|unlimited)\s/m.exec(limits);
  const [soft, hard] = [match?.[1], match?.[2]].map((text) => Number(text?.replace('unlimited', 'Infinity')));
  return match && soft !== undefined && hard !== undefined ? { soft, hard } : undefined;
}
