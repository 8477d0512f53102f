import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const witnessModule = fileURLToPath(new URL('signal-witness.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

/** A process in a group of its own that says, for every SIGTERM, whether the witness saw it. */
const program = `
  import { SignalWitness } from ${JSON.stringify(witnessModule)};
  const witness = new SignalWitness();
  process.on('SIGTERM', async () => {
    console.log(await witness.sawSignal(performance.now()) ? 'group' : 'alone');
    setTimeout(() => console.log('ready'), 200);
  });
  process.on('SIGHUP', () => { witness.end(); process.exit(); });
  setInterval(() => {}, 1000);
  setTimeout(() => console.log('ready'), 200);
`;

test('it tells a signal to the group from one to this process', async () => {
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = child.pid as number;
  const sends = [() => child.kill('SIGTERM'), () => process.kill(-pid, 'SIGTERM'), () => child.kill('SIGTERM')];
  const answers: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n')) {
      if (line !== 'ready') answers.push(line);
      else (sends.shift() ?? (() => child.kill('SIGHUP')))();
    }
  });
  await new Promise((resolve) => child.once('exit', resolve));
  expect(answers).toEqual(['alone', 'group', 'alone']);
});
