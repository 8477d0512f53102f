/** Is idle time shown where callbacks were given away, if that is asked for? */
import { expect } from 'vitest';
import { testEachNode } from '../support/nodes.ts';
import { mainRows, totalSeconds } from '../support/record.ts';
import { recordNode } from '../support/record-node.ts';

const program = `
const { createServer, connect } = require('node:net');
const { setTimeout: sleep } = require('node:timers/promises');
function later(then) {
  setTimeout(then, 150);
}
async function nap() {
  await sleep(150);
}
async function answered() {
  const server = createServer((socket) => setTimeout(() => socket.end('x'), 150)).listen(0);
  await new Promise((resolve) => server.on('listening', resolve));
  const socket = connect(server.address().port);
  await new Promise((resolve) => socket.on('close', resolve).resume());
  server.close();
}
later(() => nap().then(answered));
`;

testEachNode('what callbacks end', async (node) => {
  const { session, stderr, code } = await recordNode(node, ['--async=full', 'main.js'], {
    files: { 'main.js': program },
  });
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const rows = mainRows(session).filter(({ frames }) => frames.at(-1)?.kind === 'await');
  const secondsIn = (name: string): number =>
    totalSeconds(rows.filter(({ frames }) => frames.some(({ functionName }) => functionName === name)));
  const isOld = node.major < 24;
  expect(session.meta.notes.some((note) => note.includes('from version 24 on'))).toBe(isOld);
  expect(secondsIn('nap')).toBeGreaterThan(0);
  expect(secondsIn('answered')).toBeGreaterThan(0);
  if (isOld) expect(secondsIn('later')).toBe(0);
  else expect(secondsIn('later')).toBeGreaterThan(0);
});
