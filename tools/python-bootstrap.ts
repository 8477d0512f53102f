/** How does the sampler of programs that sample themselves become one file, that npm and pip packages carry in `dist`? */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Modules of the Python package that need nothing but those before them; the last one is what Python loads. */
const modules = [
  '_await_chain',
  '_stacks',
  '_bootstrap/program_start',
  '_bootstrap/thread_rows',
  '_bootstrap/sample_file',
  '_bootstrap/sampler',
  '_bootstrap/sitecustomize',
];

/** Lines that one file needs once, or not at all. */
const omitted = /^(from __future__ import .*|from timesink\..* import .*)\n/gm;

/** Writes `timesink-bootstrap.py` beside the bundles. */
export function pythonBootstrap(): Plugin {
  return {
    name: 'python-bootstrap',
    apply: 'build',
    // Not as an asset: a build for Node.js has none.
    writeBundle({ dir = 'dist' }) {
      writeFileSync(join(dir, 'timesink-bootstrap.py'), joinedBootstrap());
    },
  };
}

/** The modules as one. */
export function joinedBootstrap(): string {
  const texts = modules.map((name) =>
    readFileSync(new URL(`../python/src/timesink/${name}.py`, import.meta.url), 'utf8').replace(omitted, ''),
  );
  return `from __future__ import annotations\n\n${texts.join('\n\n')}`;
}
