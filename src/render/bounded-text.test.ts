import { expect, test } from 'vitest';
import { BoundedText } from './bounded-text.ts';

test('pieces come out in their order, however many', () => {
  const text = new BoundedText('x');
  const pieces = Array.from({ length: 10_000 }, (_, index) => String(index));
  for (const piece of pieces) text.add(piece);
  expect(text.finish()).toBe(pieces.join(''));
});

test('what is too large for a string is refused', () => {
  const text = new BoundedText('x');
  const piece = ' '.repeat(100_000_000);
  for (let count = 0; count < 5; count++) text.add(piece);
  expect(() => text.add('!')).toThrow(
    expect.objectContaining({ code: 'UNWRITABLE_OUTPUT', message: 'this session is too large for a x report' }),
  );
});
