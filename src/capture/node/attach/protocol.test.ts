import { expect, test } from 'vitest';
import type { Pid } from '../../../session/ids.ts';
import { type Message, Protocol } from './protocol.ts';
import { readFacts } from './target-programs.ts';

test('answers find their commands in any order; events and noise are told apart', async () => {
  const sent: { id: number; method: string }[] = [];
  const events: [string, Message][] = [];
  const protocol = new Protocol(
    (text) => sent.push(JSON.parse(text)),
    (method, parameters) => events.push([method, parameters]),
  );
  const first = protocol.send('First');
  const second = protocol.send('Second');
  const third = protocol.send('Third');
  protocol.receive('{"id":2,"error":{"message":"no such method"}}');
  protocol.receive('{"method":"Event","params":{"number":5}}');
  protocol.receive('not JSON');
  protocol.receive('{"id":77,"result":{}}');
  protocol.receive('{"id":1,"result":{"value":1}}');
  expect(await first).toEqual({ value: 1 });
  await expect(second).rejects.toThrow('no such method');
  expect(sent.map(({ method }) => method)).toEqual(['First', 'Second', 'Third']);
  expect(events).toEqual([['Event', { number: 5 }]]);
  protocol.close();
  await expect(third).rejects.toThrow('closed the connection');
  await expect(protocol.send('Late')).rejects.toThrow('closed the connection');
});

test('an expression that fails is no value', async () => {
  const protocol = new Protocol(
    () => undefined,
    () => undefined,
  );
  const value = protocol.evaluate('1 + 1');
  protocol.receive('{"id":1,"result":{"result":{"value":2}}}');
  expect(await value).toBe(2);
  const failing = protocol.evaluate('x');
  protocol.receive('{"id":2,"result":{"result":{},"exceptionDetails":{}}}');
  await expect(failing).rejects.toThrow('an expression failed');
});

test('what a process says of itself is checked', () => {
  const facts = {
    parentPid: 1,
    argv: ['node', '/app.js'],
    execArgv: [],
    version: '24.0.0',
    cwd: '/',
    monotonic: 5,
    unix: 7,
    cpu: 3,
    threadId: 2,
  };
  expect(readFacts(facts, 9 as Pid)).toMatchObject({ pid: 9, tid: 9, threadId: 0, name: 'main', main: '/app.js' });
  expect(readFacts(facts, 9 as Pid, 'cruncher')).toMatchObject({ tid: 0, threadId: 2, name: 'cruncher', main: '' });
  expect(() => readFacts({ ...facts, argv: 'node' }, 9 as Pid)).toThrow('process 9');
  expect(() => readFacts(undefined, 9 as Pid)).toThrow('process 9');
});
