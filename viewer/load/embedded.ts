/** What does this page hold? Unpacks the data that it was filled with. */
import { type PageContents, pageElements } from '../../src/render/page-contents.ts';
import { PartsParser } from '../../src/session/parts-reader.ts';
import type { Session } from '../../src/session/session.ts';
import { unpackedText } from './unpack.ts';

/** Everything in the page, unpacked and checked. */
export interface Embedded {
  readonly session: Session;
  /** An earlier session to compare with; null where there is none. */
  readonly before: Session | null;
  /** The bytes of its `.timesink` file; none where there is none. */
  readonly beforeFile: Uint8Array<ArrayBuffer>;
  readonly contents: PageContents;
  /** The bytes of the session's `.timesink` file. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** @throws Error where the page is damaged or the browser too old */
export async function readEmbedded(page: Document): Promise<Embedded> {
  if (typeof DecompressionStream === 'undefined') {
    throw new Error('This browser is too old to unpack the recording; a version of 2023 or later can.');
  }
  const file = bytesOf(page, pageElements.session);
  if (file.length === 0) throw new Error('This page holds no recording.');
  const contents = await readContents(bytesOf(page, pageElements.contents));
  const session = await readTimesink(file, 'this page');
  const beforeFile = bytesOf(page, pageElements.before);
  const before = beforeFile.length === 0 ? null : await readTimesink(beforeFile, 'the earlier recording in this page');
  return { session, before, beforeFile, contents, file };
}

/**
 * Reads the bytes of a `.timesink` file, as they are unpacked.
 * @param name for error messages
 * @throws TimesinkError INVALID_FILE
 */
export async function readTimesink(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Session> {
  const parser = new PartsParser(name);
  let pending = '';
  for await (const text of unpackedText(bytes)) {
    const lines = text.split('\n');
    lines[0] = pending + (lines[0] ?? '');
    pending = lines.pop() ?? '';
    for (const line of lines) parser.addLine(line);
  }
  return parser.finish();
}

async function readContents(bytes: Uint8Array<ArrayBuffer>): Promise<PageContents> {
  let text = '';
  for await (const piece of unpackedText(bytes)) text += piece;
  // Written by the same version of timesink as this script.
  return JSON.parse(text) as PageContents;
}

/** The elements stay: the page can be saved again from the browser. */
function bytesOf(page: Document, id: string): Uint8Array<ArrayBuffer> {
  return fromBase64((page.getElementById(id)?.textContent ?? '').trim());
}

interface NativeBase64 {
  readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
}

/** @throws Error for anything else */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = (Uint8Array as NativeBase64).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, text);
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}
