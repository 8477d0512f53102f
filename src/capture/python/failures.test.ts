import { expect, test } from 'vitest';
import { TimesinkError } from '../../util/errors.ts';
import { Failures } from './failures.ts';

const failure = (number: number): TimesinkError => new TimesinkError('UNSUPPORTED_RUNTIME', `process ${number}`);

test('each is told once', () => {
  const failures = new Failures();
  expect(failures.isEmpty).toBe(true);
  for (const number of [1, 2, 1, 1]) failures.add(failure(number));
  expect(failures.isEmpty).toBe(false);
  expect(failures.list().map(({ message }) => message)).toEqual(['process 1', 'process 2']);
});

test('of very many the first are told, and how many more there are', () => {
  const failures = new Failures();
  for (let number = 0; number < 1000; number++) failures.add(failure(number));
  const told = failures.list();
  expect(told.length).toBeLessThan(10);
  expect(told.at(-1)).toMatchObject({
    code: 'UNSUPPORTED_RUNTIME',
    message: `and ${1000 - told.length + 1} more processes were not recorded`,
  });
});
