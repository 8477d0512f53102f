/** Which open files did we inherit that Node.js would keep from the programs it starts? */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const closeOnExec = 0o2000000;
const highestStandard = 2;

/**
 * Descriptors above 2 that came from our parent, such as `5` in `timesink x.py 5<file`, ascending. Node.js marks those below
 * 16 close-on-exec when it starts (libuv `uv_disable_stdio_inheritance`); higher ones reach every child anyway and are
 * not listed; on other systems than Linux none is. To be asked before anything else is opened: what Node.js opens for itself is told by kind.
 */
export function inheritedDescriptors(): number[] {
  if (process.platform !== 'linux') return [];
  const targets = new Map<number, string>();
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    const target = targetOf(descriptor);
    if (descriptor > highestStandard && target !== undefined && isCloseOnExec(descriptor))
      targets.set(descriptor, target);
  }
  const ends = new Map<string, number>();
  for (const target of targets.values()) ends.set(target, (ends.get(target) ?? 0) + 1);

  // Of its own Node.js (20 to 26) has anonymous inodes, and pipes of which it holds both ends.
  const isOwn = (target: string): boolean =>
    target.startsWith('anon_inode:') || (target.startsWith('pipe:') && (ends.get(target) ?? 0) > 1);
  return [...targets.keys()].filter((descriptor) => !isOwn(targets.get(descriptor) ?? '')).sort((a, b) => a - b);
}

function targetOf(descriptor: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

function isCloseOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) !== 0;
  } catch {
    return false;
  }
}
