/** Does the one file hold all that it needs, and nothing that is not there where it runs? */
import { expect, test } from 'vitest';
import { joinedBootstrap } from './python-bootstrap.ts';

test('is one module, without imports of the package', () => {
  const text = joinedBootstrap();
  expect(text).toMatch(/^from __future__ import annotations\n/);
  expect(text.match(/from __future__/g)).toHaveLength(1);
  expect(text.match(/^(from|import) .*timesink/m)).toBeNull();
  for (const name of ['class StackNumbers', 'def awaiting_stack', 'class Sampler']) expect(text).toContain(name);
});

test('gives no two things of its modules one name', () => {
  const names = [...joinedBootstrap().matchAll(/^(?:class |def )?(\w+)(?=[(,:]| =)/gm)].map(([, name]) => name);
  const own = names.filter((name) => name !== 'TYPE_CHECKING');
  expect(own.length).toBeGreaterThan(20);
  expect(new Set(own).size).toBe(own.length);
});
