#!/usr/bin/env node
/** The `timesink` command. */
import { runCli } from './cli.ts';

const ending = await runCli(process.argv.slice(2), {
  environment: process.env,
  openRecorder: async () => (await import('../capture/python/recorder.ts')).openRecorder(),
});
if (ending.kind === 'exited') process.exit(ending.code);
const { dieBySignal } = await import('./die.ts');
dieBySignal(ending.signal);
