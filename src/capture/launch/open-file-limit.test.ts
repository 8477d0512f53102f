import { expect, test } from 'vitest';
import { limitBeforeRaise } from './open-file-limit.ts';

const limits = (
  soft: string,
  hard: string,
): string => `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max open files            ${soft.padEnd(21)}${hard.padEnd(21)}files
Max locked memory         65536                65536                bytes
`;

test('the limit before is that of the parent', () => {
  expect(limitBeforeRaise(limits('524288', '524288'), limits('1024', '524288'))).toBe(1024);
  expect(limitBeforeRaise(limits('unlimited', 'unlimited'), limits('1024', 'unlimited'))).toBe(1024);
});

test('nothing is known to have been raised', () => {
  // The parent has as much, or more: its own hard limit may be higher.
  expect(limitBeforeRaise(limits('4096', '4096'), limits('4096', '4096'))).toBeUndefined();
  expect(limitBeforeRaise(limits('4096', '4096'), limits('9999', '9999'))).toBeUndefined();
  // Ours was not raised to the hard one.
  expect(limitBeforeRaise(limits('2048', '4096'), limits('1024', '4096'))).toBeUndefined();
  expect(limitBeforeRaise('', limits('1024', '4096'))).toBeUndefined();
  expect(limitBeforeRaise(limits('4096', '4096'), '')).toBeUndefined();
});
