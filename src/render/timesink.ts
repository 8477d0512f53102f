/** The session as it was recorded, in timesink's own file format. */
import { encodeSession } from '../session/file.ts';
import type { OptionTable } from './options.ts';
import { defineRenderer, type Renderer } from './renderer.ts';

const optionTable = {
  threads: { kind: 'flag', help: 'accepted for uniformity: the file holds all threads' },
  subprocesses: { kind: 'flag', help: 'accepted for uniformity: the file holds all processes' },
} as const satisfies OptionTable;

/** `-r timesink`: everything, to be shown again with `--load`. */
export const timesinkRenderer: Renderer = defineRenderer({
  name: 'timesink',
  aliases: [],
  extensions: ['.timesink'],
  isBinary: true,
  summary: 'the whole recording, for timesink --load',
  options: optionTable,
  run: (session) => encodeSession(session),
});
