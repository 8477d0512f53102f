/** What does an ELF file say about itself: segments, sections, the interpreter it asks for? */

/**
 * Reads up to `length` bytes at a position of the file; fewer at its end, none where it cannot be read. Every size that
 * comes from a file is bounded before it is passed on.
 */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** A program header of type PT_LOAD, PT_DYNAMIC or PT_INTERP. */
export interface ElfSegment {
  readonly type: number;
  readonly offset: number;
  readonly fileSize: number;
  readonly address: number;
  readonly memorySize: number;
}

/** A section header, its name resolved. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
}

/** A 64-bit little-endian ELF file. Addresses are those in the file: add the load bias for a running process. */
export interface ElfImage {
  readonly kind: 'elf';
  /** `x86-64`, `aarch64`, or the number of `e_machine` in words. */
  readonly machine: string;
  /** Linked for fixed addresses (ET_EXEC): its load bias is 0. */
  readonly isFixed: boolean;
  readonly segments: readonly ElfSegment[];
  /** Empty where section headers are stripped. */
  readonly sections: readonly ElfSection[];
  /** The dynamic loader that PT_INTERP names; `''` for libraries and static programs. */
  readonly interpreter: string;
}

/** What {@link parseElf} makes of a file. `other-elf` is an ELF file that is not for a 64-bit little-endian machine. */
export type ElfResult =
  | ElfImage
  | { readonly kind: 'other-elf'; readonly what: '32-bit' | 'big-endian' }
  | { readonly kind: 'not-elf' };

export const segmentType = { load: 1, dynamic: 2, interpreter: 3 } as const;

const headerSize = 64;
const segmentSize = 56;
const sectionSize = 64;
const maximumSections = 4096;
const maximumNames = 1 << 20;
const typeExec = 2;
const machines: Readonly<Record<number, string>> = { 62: 'x86-64', 183: 'aarch64' };

/** The 64-bit number at `at`; above 2^53 only its order of magnitude, which no size or position in a file can have. */
export const uint64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x1_0000_0000;

/** A view of just these bytes. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The text up to the first zero byte, byte by byte (Latin-1), from `at`. */
export function zeroTerminated(bytes: Uint8Array, at = 0): string {
  const end = bytes.indexOf(0, at);
  return String.fromCharCode(...bytes.subarray(at, end < 0 ? bytes.length : end));
}

/**
 * Parses the headers. Never throws, whatever the bytes are: parts that make no sense are left out.
 * Source: System V gABI, "Object Files".
 */
export function parseElf(read: ReadAt): ElfResult {
  const header = read(0, headerSize);
  if (header.length < headerSize || !isElf(header)) return { kind: 'not-elf' };
  if (header[4] !== 2) return { kind: 'other-elf', what: '32-bit' };
  if (header[5] !== 1) return { kind: 'other-elf', what: 'big-endian' };
  const view = viewOf(header);
  const machine = view.getUint16(18, true);
  const segments = readSegments(read, uint64(view, 32), view.getUint16(54, true), view.getUint16(56, true));
  return {
    kind: 'elf',
    machine: machines[machine] ?? `machine ${machine}`,
    isFixed: view.getUint16(16, true) === typeExec,
    segments,
    sections: readSections(read, view),
    interpreter: readInterpreter(read, segments),
  };
}

const isElf = (header: Uint8Array): boolean =>
  header[0] === 0x7f && header[1] === 0x45 && header[2] === 0x4c && header[3] === 0x46;

/** `count` is 16 bits wide: at most 3.6 MB. */
function readSegments(read: ReadAt, offset: number, size: number, count: number): ElfSegment[] {
  if (size !== segmentSize) return [];
  const view = viewOf(read(offset, count * segmentSize));
  const segments: ElfSegment[] = [];
  for (let at = 0; at + segmentSize <= view.byteLength; at += segmentSize) {
    const type = view.getUint32(at, true);
    if (type < segmentType.load || type > segmentType.interpreter) continue;
    segments.push({
      type,
      offset: uint64(view, at + 8),
      address: uint64(view, at + 16),
      fileSize: uint64(view, at + 32),
      memorySize: uint64(view, at + 40),
    });
  }
  return segments;
}

function readSections(read: ReadAt, header: DataView): ElfSection[] {
  const count = Math.min(header.getUint16(60, true), maximumSections);
  if (header.getUint16(58, true) !== sectionSize || count === 0) return [];
  const view = viewOf(read(uint64(header, 40), count * sectionSize));
  const namesAt = header.getUint16(62, true) * sectionSize;
  if (namesAt + sectionSize > view.byteLength) return [];
  const names = read(uint64(view, namesAt + 24), Math.min(uint64(view, namesAt + 32), maximumNames));
  const sections: ElfSection[] = [];
  for (let at = 0; at + sectionSize <= view.byteLength; at += sectionSize) {
    const name = view.getUint32(at, true);
    sections.push({
      name: name < names.length ? zeroTerminated(names.subarray(name, name + 256)) : '',
      type: view.getUint32(at + 4, true),
      address: uint64(view, at + 16),
      offset: uint64(view, at + 24),
      size: uint64(view, at + 32),
    });
  }
  return sections;
}

function readInterpreter(read: ReadAt, segments: readonly ElfSegment[]): string {
  const segment = segments.find(({ type }) => type === segmentType.interpreter);
  return segment ? zeroTerminated(read(segment.offset, Math.min(segment.fileSize, 4096))) : '';
}
