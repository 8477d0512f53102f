/** Where `node timesink-recorder.js` begins: lines in, lines out, and an end when the program has ended. */
import { setCompilers } from '../capture/compilers.ts';
import { LineSplitter } from './line-splitter.ts';
import { limits } from './protocol.ts';
import { RecorderServer } from './server.ts';

/** How often, in ms, it is asked whether the parent is still there: a child of it may hold our input open. */
const parentCheck = 2000;

setCompilers(false);

/** The folder that it was started in need not stay, and new threads want one that does. */
process.chdir('/');

const parent = process.ppid;
const splitter = new LineSplitter(limits.line);
const server = new RecorderServer((line) => {
  process.stdout.write(`${line}\n`);
});

const end = (): never => process.exit(0);

// Ctrl-C is for the program: what it recorded until then is still wanted.
process.on('SIGINT', () => {});
process.stdin.on('data', (chunk: Uint8Array) => {
  for (const line of splitter.push(chunk)) if (line !== '') void server.receive(line);
});
process.stdin.on('end', end);
process.stdin.on('error', end);
process.stdout.on('error', end);
setInterval(() => {
  if (process.ppid !== parent) end();
}, parentCheck);
