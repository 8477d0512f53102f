// Starts processes and workers in every way there is; each works in a function of its own name.
import { exec, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

const self = fileURLToPath(import.meta.url);

function work(milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) Math.sqrt(end);
}

const roles = {
  inFork: () => work(150),
  inKilled: () => {
    work(150);
    process.send('ready');
    setInterval(() => {}, 1000);
  },
  inSpawn: () => work(150),
  inExec: () => work(150),
  inSync: () => work(150),
  inWorker: () => work(150),
  inTerminated: () => {
    work(150);
    setInterval(() => {}, 1000);
  },
};

async function start() {
  await once(fork(self, ['inFork']), 'exit');
  const killed = fork(self, ['inKilled']);
  await once(killed, 'message');
  killed.kill();
  await once(killed, 'exit');
  await once(spawn(process.execPath, [self, 'inSpawn']), 'exit');
  await once(exec(`"${process.execPath}" "${self}" inExec`), 'exit');
  spawnSync(process.execPath, [self, 'inSync']);
  await once(new Worker(self, { argv: ['inWorker'] }), 'exit');
  const worker = new Worker(self, { argv: ['inTerminated'] });
  await once(worker, 'online');
  await new Promise((resolve) => setTimeout(resolve, 600));
  await worker.terminate();
}

const role = process.argv[2];
if (role === undefined) await start();
else roles[role]();
