/** How are script and style carried in a page? Packed, as letters that mean nothing in HTML, with the script that unpacks them. */
import { inflateRawSync } from 'node:zlib';
import { deflateSmall } from './deflate.ts';

/** What a page runs and looks like. */
export interface App {
  readonly style: string;
  readonly script: string;
}

/** An app as it stands in a page. */
export interface PackedApp {
  /** Text of the element `timesink-app`. */
  readonly letters: string;
  /** The script that unpacks them and puts both into the page. */
  readonly loader: string;
}

/** Stands between style and script in what is packed. */
const separator = '\0';

/** Two letters hold 13 bits, as there are 91 of them: a tenth less than base64, which has 64. */
const letterCount = 91;
const bitsOfTwo = 13;

/** The first letter; from it on, all printable characters of ASCII but `<`. */
const firstLetter = 35;
const markup = 60;

/** Deflate, as letters. */
export function packApp({ style, script }: App): PackedApp {
  const bytes = deflateSmall(Buffer.from(style + separator + script));
  return { letters: toLetters(bytes), loader: loaderOf(bytes.length) };
}

/** The reverse, from the text of a page. */
export function unpackApp(page: string): App {
  const [, letters = ''] = /id="timesink-app">([^<]*)</.exec(page) ?? [];
  const [, size = ''] = /new Uint8Array\((\d+)\)/.exec(page) ?? [];
  const [style = '', script = ''] = inflateRawSync(fromLetters(letters, Number(size)))
    .toString()
    .split(separator);
  return { style, script };
}

function toLetters(bytes: Uint8Array): string {
  const codes: number[] = [];
  let [bits, count] = [0, 0];
  const add = (): void => {
    const value = bits % 2 ** bitsOfTwo;
    codes.push(letterCode(value % letterCount), letterCode(Math.floor(value / letterCount)));
  };
  for (const byte of bytes) {
    bits |= byte << count;
    count += 8;
    if (count < bitsOfTwo) continue;
    add();
    bits >>>= bitsOfTwo;
    count -= bitsOfTwo;
  }
  if (count > 0) add();
  return Buffer.from(codes).toString('latin1');
}

function letterCode(value: number): number {
  return value + firstLetter + (value + firstLetter < markup ? 0 : 1);
}

function fromLetters(letters: string, size: number): Uint8Array {
  const unpack = new Function('packed', `${unpacking(size)} return bytes;`) as (packed: string) => Uint8Array;
  return unpack(letters);
}

/** Sets `bytes`, of which there are `size`, to what the letters of `packed` hold. */
function unpacking(size: number): string {
  return `
const bytes = new Uint8Array(${size});
const digit = (code) => code - ${firstLetter} - (code > ${markup});
for (let at = 0, to = 0, bits = 0, count = 0; at < packed.length; at += 2) {
  bits |= (digit(packed.charCodeAt(at)) + digit(packed.charCodeAt(at + 1)) * ${letterCount}) << count;
  for (count += ${bitsOfTwo}; count > 7; count -= 8, bits >>= 8) bytes[to++] = bits;
}`;
}

/**
 * Puts style and script into the page, where the policy knows their hashes. The script's element goes again, so that it is
 * not there twice in a page that a browser has saved. Errors are told where the page would be.
 */
function loaderOf(size: number): string {
  const text = `
const packed = document.getElementById('timesink-app').textContent;
try {
  ${unpacking(size)}
  const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const [style, script] = ['style', 'script'].map((name) => document.createElement(name));
  [style.textContent, script.textContent] = (await new Response(text).text()).split('\\0');
  script.type = 'module';
  document.head.append(style, script);
  script.remove();
} catch (error) {
  document.getElementById('app').textContent = 'This browser cannot show the page: ' + error;
}`;
  return text.trim().replace(/\n\s*/g, '\n');
}
