/** How does a file get into the recording's folder whole or not at all, whatever becomes of the process? */
import { renameSync, unlinkSync, writeFileSync } from 'node:fs';

// The program may replace these later, to test itself.
const parts = { stringify: JSON.stringify, write: writeFileSync, rename: renameSync, unlink: unlinkSync };

/** Leaves `value` as JSON. @returns whether it worked: a full disk or lost rights must not disturb the program */
export function leaveFile(path: string, value: unknown): boolean {
  const draft = `${path}.part`;
  try {
    parts.write(draft, parts.stringify(value), { mode: 0o600 });
    parts.rename(draft, path);
    return true;
  } catch {
    try {
      parts.unlink(draft);
    } catch {
      // There is nothing to remove, or nothing to be done about it.
    }
    return false;
  }
}
