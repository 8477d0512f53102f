import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decimalsFor, formatFixed } from './fixed-point.ts';

test.each([
  [0.125, 2, '0.12'],
  [0.375, 2, '0.38'],
  [0.0625, 2, '0.06'],
  [0.1875, 2, '0.19'],
  [0.1875, 3, '0.188'],
  [0.5, 0, '0'],
  [1.5, 0, '2'],
  [2.5, 0, '2'],
  [0.0405, 3, '0.041'],
  [1.005, 2, '1.00'],
  [-0.125, 2, '-0.12'],
  [0, 3, '0.000'],
  [9.9995, 3, '9.999'],
  [2 ** 53, 6, '9007199254740992.000000'],
  [1e21, 0, '1000000000000000000000'],
  [1.5e300, 2, `${BigInt(1.5e300)}.00`],
  [Number.POSITIVE_INFINITY, 3, 'inf'],
  [Number.NEGATIVE_INFINITY, 3, '-inf'],
  [Number.NaN, 3, 'nan'],
])('%d with %d decimals is %s', (value, decimals, text) => {
  expect(formatFixed(value, decimals)).toBe(text);
});

/** Every double is a whole multiple of 2^-1074. */
const unit = 1n << 1074n;

function exact(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const exponent = (bits.getUint32(0) >>> 20) & 0x7ff;
  const fraction = bits.getBigUint64(0) & 0xfffffffffffffn;
  return exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
}

/** Rounds the exact binary value, ties to even. */
function rounded(value: number, decimals: number): string {
  const scaled = exact(value) * 10n ** BigInt(decimals);
  const [whole, rest] = [scaled / unit, scaled % unit];
  const isUp = rest * 2n > unit || (rest * 2n === unit && whole % 2n === 1n);
  const digits = String(isUp ? whole + 1n : whole).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

test('any number is rounded on its exact value, ties to even', () => {
  const tie = fc
    .tuple(fc.nat(1e6), fc.integer({ min: 1, max: 12 }))
    .map(([odd, places]) => (2 * odd + 1) / 2 ** places);
  const number = fc.oneof(
    tie,
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 1e25, noNaN: true }),
  );
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 9 }), (value, decimals) => {
      expect(formatFixed(value, decimals)).toBe(rounded(value, decimals));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [1e-6, 6],
  [5e-5, 5],
  [1e-4, 4],
  [0.001, 3],
  [0.003, 3],
  [0.01, 2],
  [0.1, 1],
  [1, 0],
  [5, 0],
  [0, 9],
  [-1, 9],
])('an interval of %d s asks for %d decimals', (interval, decimals) => {
  expect(decimalsFor(interval)).toBe(decimals);
});
