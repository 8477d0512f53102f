import { expect, test } from 'vitest';
import { stackIndex } from '../../src/tree/stack-index.ts';
import { sessionFromText, treeToText } from '../../test/support/session-from-text.ts';
import { plainContents } from '../dev/plain-contents.ts';
import { plainOptions } from '../dev/plain-options.ts';
import type { ShownState } from './model.ts';
import { Model } from './model.ts';

const session = sessionFromText(`
  1     2     4     8
  main  main  main  main
  a     b     a     b
`);

const model = new Model(session, plainContents);
const numberOf = (name: string): number =>
  stackIndex(session).identities.findIndex((frame) => frame.functionName === name);

function treeOf(state: Partial<ShownState>): string {
  const whole = { threads: { kind: 'busy' }, weight: 'wall', span: null, transforms: [] } as const;
  const [first] = model.trees({ ...whole, ...state, options: plainOptions, inverted: false });
  return treeToText(first?.tree?.root ?? null);
}

test('a cut shows what happened in its time, rows across its borders in part', () => {
  expect(treeOf({ span: { from: 0.5, to: 4 } })).toMatchInlineSnapshot(`
    "3.5 main
      2 b (absorbed 2)
      1.5 a (absorbed 1.5)"
  `);
});

test('what transforms leave out does not move what is left in time', () => {
  const transforms = [{ kind: 'drop-function', function: numberOf('a') }] as const;
  expect(treeOf({ transforms })).toMatchInlineSnapshot(`
    "10 main
      10 b (absorbed 10)"
  `);
  expect(treeOf({ transforms, span: { from: 2, to: 8 } })).toMatchInlineSnapshot(`
    "2 main
      2 b (absorbed 2)"
  `);
  expect(treeOf({ transforms, span: { from: 3.5, to: 6.5 } })).toBe('(none)');
});
