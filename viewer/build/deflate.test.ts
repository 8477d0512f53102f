import { readFileSync } from 'node:fs';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deflateSmall } from './deflate.ts';
import { codeLengths } from './huffman.ts';

const unpacked = (bytes: Uint8Array): string => inflateRawSync(deflateSmall(bytes)).toString('hex');

test('what is packed is unpacked by others', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }),
    // With repetitions, near and far.
    fc
      .array(fc.constantFrom('const ', 'a', 'return', '\0', 'x'.repeat(400)), { maxLength: 60 })
      .map((words) => Buffer.from(words.join(''))),
  );
  fc.assert(
    fc.property(bytes, (text) => {
      expect(unpacked(text)).toBe(Buffer.from(text).toString('hex'));
    }),
    { numRuns: 40 },
  );
});

test('repetitions over the farthest distance', () => {
  const noise = Uint8Array.from({ length: 33_000 }, (_, index) => (Math.imul(index + 1, 2654435761) >>> 13) & 255);
  const text = Buffer.concat([noise, noise.subarray(0, 500), noise.subarray(300, 600)]);
  expect(unpacked(text)).toBe(text.toString('hex'));
});

test('a script is smaller than zlib makes it', () => {
  const script = readFileSync(new URL('../../node_modules/preact/dist/preact.mjs', import.meta.url));
  expect(deflateSmall(script).length).toBeLessThan(deflateRawSync(script, { level: 9 }).length * 0.985);
});

test('codes are as long as their symbols are seldom, up to a limit', () => {
  expect(codeLengths([8, 4, 2, 1, 1, 0], 15)).toEqual([1, 2, 3, 4, 4, 0]);
  expect(codeLengths([8, 4, 2, 1, 1, 0], 3)).toEqual([1, 3, 3, 3, 3, 0]);
  expect(codeLengths([0, 7], 15)).toEqual([0, 1]);
  expect(codeLengths([0, 0], 15)).toEqual([0, 0]);
});
