/** Does a request that asks for it get the page of what it did, and of nothing else, under each web framework? */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type NodeVersion, testEachNode } from '../support/nodes.ts';
import { declareMissing, providedFolder } from '../support/provided.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const packages = join(providedFolder, 'node-web/node_modules');

/** What every server has: handlers whose names say to which request they belong. */
const handlers = `
import { setTimeout as sleep } from 'node:timers/promises';
${Array.from({ length: 50 }, (_, n) => `function work${n}() { return spin(2); }`).join('\n')}
const works = [${Array.from({ length: 50 }, (_, n) => `work${n}`).join()}];
function spin(ms) {
  let x = 1;
  for (const until = performance.now() + ms; performance.now() < until; ) for (let i = 0; i < 1000; i++) x += Math.sqrt(x);
  return x;
}
async function handle(n) {
  await pauseFor(5 + (n % 5));
  works[n]();
  await pauseFor(5);
  return { answer: n };
}
async function pauseFor(ms) { await sleep(ms); }
`;

/** Asks the server at `url` for everything at once, and prints what it answered. */
const client = `
async function ask(url) {
  const read = async (path, options) => {
    const response = await fetch(url + path, options);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  const plain = await read('/items/3');
  const profiles = await Promise.all(Array.from({ length: 50 }, (_, n) => read('/items/' + n + '?profile=json')));
  const page = await read('/items/1?profile');
  const wrong = await read('/items/1?profile=nonsense');
  const missing = await read('/nowhere?profile=text');
  process.env.NODE_ENV = 'production';
  const production = await read('/items/4?profile');
  const answers = { plain, profiles, page: { ...page, text: page.text.slice(0, 300) }, wrong, missing, production };
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
}
`;

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

interface Answers {
  readonly plain: Answer;
  readonly profiles: readonly Answer[];
  readonly page: Answer;
  readonly wrong: Answer;
  readonly missing: Answer;
  readonly production: Answer;
}

function serve({ path }: NodeVersion, server: string, asking = client): Answers {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-web-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(packages, join(folder, 'node_modules'));
  const file = join(folder, 'server.mjs');
  const program = server.replaceAll(/'timesink\/(\w+)'/g, (_, name: string) =>
    JSON.stringify(join(dist, `${name}.js`)),
  );
  writeFileSync(file, `${program}\n${handlers}\n${asking}`);
  const { stdout, stderr, status } = spawnSync(path, [file], { encoding: 'utf8', cwd: folder, timeout: 40_000 });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Answers;
}

/** Names of functions in a report as JSON. */
function functionsIn(report: string): ReadonlySet<string> {
  return new Set(Array.from(report.matchAll(/"function": ?"([^"]*)"/g), ([, name]) => name ?? ''));
}

function checkAnswers({ plain, profiles, page, wrong, missing, production }: Answers): void {
  expect(plain).toMatchObject({ status: 200, text: '{"answer":3}' });
  const foreign: string[] = [];
  profiles.forEach(({ status, type, text }, index) => {
    expect({ index, status, type }).toEqual({ index, status: 200, type: 'application/json; charset=utf-8' });
    const works = [...functionsIn(text)].filter((name) => name.startsWith('work'));
    foreign.push(...works.filter((name) => name !== `work${index}`));
    expect(functionsIn(text)).toContain('handle');
    expect(JSON.parse(text)).toMatchObject({ target_description: `GET /items/${index} (answered with 200)` });
  });
  // V8 notes a sample's time right after it: where the thread has to wait in between, it is that of who ran next.
  expect(foreign.length).toBeLessThanOrEqual(3);
  // Now and then V8 takes no sample for 2 ms.
  expect(profiles.filter(({ text }) => text.includes('"work')).length).toBeGreaterThan(25);
  expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
  expect(page.text).toMatch(/^<!doctype html>/i);
  expect(wrong).toMatchObject({ status: 400 });
  expect(wrong.text).toContain('there is no report format "nonsense"');
  expect(missing).toMatchObject({ status: 200, type: 'text/plain; charset=utf-8' });
  expect(missing.text).toContain('GET /nowhere (answered with 404)');
  expect(production).toMatchObject({ status: 200, text: '{"answer":4}' });
}

const express = `
import express from 'express';
import { profileRequests } from 'timesink/express';
const app = express();
app.use(profileRequests());
app.get('/items/:id', async (request, response) => response.json(await handle(Number(request.params.id))));
const server = app.listen(0, '127.0.0.1', () => ask('http://127.0.0.1:' + server.address().port));
`;

const fastify = `
import Fastify from 'fastify';
import { profileRequests } from 'timesink/fastify';
const app = Fastify();
app.register(profileRequests);
app.get('/items/:id', async (request) => handle(Number(request.params.id)));
await app.listen({ port: 0, host: '127.0.0.1' });
ask('http://127.0.0.1:' + app.server.address().port);
`;

const koa = `
import Koa from 'koa';
import { profileRequests } from 'timesink/koa';
const app = new Koa();
app.use(profileRequests());
app.use(async (context) => {
  const [, id] = /^\\/items\\/(\\d+)$/.exec(context.path) ?? [];
  if (id !== undefined) context.body = await handle(Number(id));
});
const server = app.listen(0, '127.0.0.1', () => ask('http://127.0.0.1:' + server.address().port));
`;

const hono = `
import { Hono } from 'hono';
import { serve } from '@hono/node-server';
import { profileRequests } from 'timesink/hono';
const app = new Hono();
app.use(profileRequests());
app.get('/items/:id', async (context) => context.json(await handle(Number(context.req.param('id')))));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => ask('http://127.0.0.1:' + port));
`;

const nest = `
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { profileRequests } from 'timesink/nest';
class Items { get(id) { return handle(Number(id)); } }
Get(':id')(Items.prototype, 'get', Object.getOwnPropertyDescriptor(Items.prototype, 'get'));
Param('id')(Items.prototype, 'get', 0);
Controller('items')(Items);
class App {}
Module({ controllers: [Items] })(App);
const app = await NestFactory.create(App, { logger: false });
app.use(profileRequests());
await app.listen(0, '127.0.0.1');
ask('http://127.0.0.1:' + app.getHttpServer().address().port);
`;

const own = { major: 0, path: process.execPath };
if (existsSync(packages)) {
  testEachNode('Express', (node) => checkAnswers(serve(node, express)));
  testEachNode('Fastify', (node) => checkAnswers(serve(node, fastify)));
  test('Koa', () => checkAnswers(serve(own, koa)));
  test('Hono', () => checkAnswers(serve(own, hono)));
  test('Nest', () => checkAnswers(serve(own, nest)));
  test('a client that goes before the answer does not disturb the next one', () => {
    const asking = `
      async function ask(url) {
        const stop = new AbortController();
        const gone = fetch(url + '/items/1?profile', { signal: stop.signal }).catch(({ name }) => name);
        await sleep(15);
        stop.abort();
        const names = [await gone];
        await sleep(100);
        names.push((await (await fetch(url + '/items/2?profile=json')).text()).includes('"handle"'));
        console.log(JSON.stringify(names));
        process.exit(0);
      }`;
    expect(serve(own, express, asking)).toEqual(['AbortError', true]);
  });
  test('who may see it can be asked', () => {
    const allowing = express.replace(
      'profileRequests()',
      "profileRequests({ parameter: 'p', enabled: async (request) => request.headers['x-secret'] === 'yes' })",
    );
    const asking = `
      async function ask(url) {
        process.env.NODE_ENV = 'production';
        const read = async (path, headers) => (await (await fetch(url + path, { headers })).text()).slice(0, 15);
        const yes = { 'x-secret': 'yes' };
        console.log(JSON.stringify([await read('/items/1?p', yes), await read('/items/1?p'), await read('/items/1?profile', yes)]));
        process.exit(0);
      }`;
    const answers = serve(own, allowing, asking) as unknown as readonly string[];
    expect(answers).toEqual([expect.stringMatching(/^<!doctype html>/i), '{"answer":1}', '{"answer":1}']);
  });
} else declareMissing('web frameworks', 'Express, Fastify, Koa, Hono and Nest');
