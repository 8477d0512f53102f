/** The session as a profile for `pprof` and what else reads its format. */
import { gzipSync } from 'node:zlib';
import type { OptionTable } from './options.ts';
import { encodePprof } from './pprof-profile.ts';
import { defineRenderer, type Renderer } from './renderer.ts';

const optionTable = {
  show_all: { kind: 'flag', help: 'accepted for uniformity: the file holds every frame' },
  threads: { kind: 'flag', help: 'accepted for uniformity: the file holds all threads' },
  subprocesses: { kind: 'flag', help: 'accepted for uniformity: the file holds all processes' },
} as const satisfies OptionTable;

/** `-r pprof`: time by stack and thread, without its order. */
export const pprofRenderer: Renderer = defineRenderer({
  name: 'pprof',
  aliases: [],
  extensions: ['.pb.gz', '.pprof'],
  isBinary: true,
  summary: 'time by stack, line and thread, for go tool pprof and others',
  options: optionTable,
  run: (session) => gzipSync(encodePprof(session)),
});
