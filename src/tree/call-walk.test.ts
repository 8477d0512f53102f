import { expect, test } from 'vitest';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { frameInfo } from '../../test/support/sessions.ts';
import { SessionBuilder } from '../session/builder.ts';
import { noStack } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { buildCallTree } from './call-tree.ts';

/** A function that calls itself once in each sample, as another class every other time. */
function staircase(steps: number): Session {
  const template = sessionFromText('1\nmain');
  const builder = new SessionBuilder();
  for (const process of template.processes) builder.addProcess(process);
  const thread = builder.addThread(template.threads[0]!);
  const locations = ['A', 'B'].map((className) => builder.location(builder.frame(frameInfo('f', { className })), 1));
  let stack = noStack;
  for (let step = 0; step < steps; step++) {
    stack = builder.child(stack, locations[step % 2] as number);
    thread.addRow(stack, 0.001, 1);
  }
  return builder.finish(template.meta);
}

test('a staircase of calls costs its length, and every step has its time', () => {
  const steps = 30_000;
  const session = staircase(steps);
  const tree = buildCallTree(session, session.threads[0]!, { importMachinery: false, hidden: false });
  let step = 0;
  for (let node = tree; node !== null; step++) {
    const expected = (steps - step) / 1000;
    if (Math.abs(node.time - expected) > 1e-9 * steps) throw new Error(`step ${step} has ${node.time}`);
    if (step < 2000) expect(node.className).toBe(step % 2 === 0 ? 'A' : 'B');
    node = node.children.find((child) => child.frame.kind === 'python') ?? null;
  }
  expect(step).toBe(steps);
});
