// Starts processes and workers in every way there is; each works in a function of its own name.
import { exec, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';

const self = fileURLToPath(import.meta.url);

// Of CPU time: on a busy machine that is what samples need.
function work(milliseconds) {
  const start = process.cpuUsage().user;
  while (process.cpuUsage().user - start < milliseconds * 1000) Math.sqrt(start);
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
    parentPort.postMessage('ready');
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
  await once(worker, 'message');
  await worker.terminate();
}

const role = process.argv[2];
if (role === undefined) await start();
else roles[role]();
