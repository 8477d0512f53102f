/** Which bytes did the system really hand over, where Node.js shows text that is not UTF-8 with replacement characters? */
import { readFileSync } from 'node:fs';

const replacementCharacter = '\uFFFD';

/** Arguments and environment of this process as bytes, by the text that Node.js shows for them. */
export interface OriginalBytes {
  /** The bytes of an argument; of the first one, where several look the same. Text that is no argument is taken as UTF-8. */
  argument(text: string): Buffer;
  /** The bytes of a command line whose last words are the last arguments of this process. */
  commandLine(words: readonly string[]): readonly Buffer[];
  /** The bytes of the variable's value. */
  variable(name: string, value: string): Buffer;
}

/** Looks into `/proc/self/cmdline` and `/proc/self/environ`, but only once a text needs it. */
export function originalBytes(readEntries: (name: string) => Buffer = readOwnProcess): OriginalBytes {
  const find = (entries: string, text: string): Buffer => {
    if (!text.includes(replacementCharacter)) return Buffer.from(text);
    return splitEntries(readEntries(entries)).find((entry) => entry.toString() === text) ?? Buffer.from(text);
  };
  const commandLine = (words: readonly string[]): readonly Buffer[] => {
    const bytes: Buffer[] = words.map((word) => Buffer.from(word));
    if (!words.some((word) => word.includes(replacementCharacter))) return bytes;
    const entries = splitEntries(readEntries('cmdline'));
    for (let back = 1; back <= words.length && entries.at(-back)?.toString() === words.at(-back); back++) {
      bytes[words.length - back] = entries.at(-back) as Buffer;
    }
    return bytes;
  };
  return {
    argument: (text) => find('cmdline', text),
    commandLine,
    variable: (name, value) => find('environ', `${name}=${value}`).subarray(Buffer.byteLength(name) + 1),
  };
}

/** Cuts a block of entries that each end in a zero byte. */
function splitEntries(block: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  let start = 0;
  for (let end = block.indexOf(0); end >= 0; end = block.indexOf(0, start)) {
    entries.push(block.subarray(start, end));
    start = end + 1;
  }
  return entries;
}

function readOwnProcess(name: string): Buffer {
  try {
    return readFileSync(`/proc/self/${name}`);
  } catch {
    return Buffer.alloc(0);
  }
}
