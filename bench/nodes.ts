/** Which Node.js are there to measure on, and which profilers for them? */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './pythons.ts';
import type { Options } from './suite.ts';

export interface Node {
  /** Such as `22.23.3`. */
  readonly version: string;
  readonly path: string;
}

/** The Node.js that runs the benchmarks, first, and those of the cache folder; a note for each that is missing. */
export function findNodes({ nodes }: Options): { readonly found: readonly Node[]; readonly notes: readonly string[] } {
  const majors = ['22', '24', '26'].filter((major) => nodes.length === 0 || nodes.includes(major));
  const others = majors.map((major) => nodeAt(join(cacheFolder, 'node', major, 'node_modules/node/bin/node')));
  const missing = majors.filter((_, index) => others[index] === undefined);
  return {
    found: [{ version: process.versions.node, path: process.execPath }, ...others.filter((node) => node !== undefined)],
    notes: missing.map((major) => `Node.js ${major} was not found in the cache folder and not measured.`),
  };
}

function nodeAt(path: string): Node | undefined {
  const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? { version: stdout.trim().slice(1), path } : undefined;
}

/** Where a profiler may leave what it has found: a folder of its own. */
export type ProfilerCommand = (node: Node, folder: string, program: readonly string[]) => readonly string[];

export interface NodeProfiler {
  /** As tables show it; with its version, if it has one of its own. */
  readonly title: string;
  /** The command line that runs `program` (script and arguments) at 1 ms between samples. */
  readonly command: ProfilerCommand;
}

const pathTo = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export const noNodeProfiler: NodeProfiler = {
  title: 'none (control)',
  command: ({ path }, _folder, program) => [path, ...program],
};

/** The profiler that Node.js has in itself. */
export const cpuProf: NodeProfiler = {
  title: '--cpu-prof',
  command: ({ path }, folder, program) => [
    ...[path, '--cpu-prof', '--cpu-prof-interval', '1000', '--cpu-prof-dir', folder],
    ...program,
  ],
};

/** File, in the folder of a run, that holds what timesink has recorded. */
export const sessionName = 'recorded.timesink';

/** timesink, with or without following awaits. */
export const timesinkFor = (async: 'on' | 'off'): NodeProfiler => ({
  title: `timesink --async=${async}`,
  command: ({ path }, folder, program) => [
    ...[process.execPath, pathTo('../dist/timesink.js'), '--node', path, '-i', '0.001', `--async=${async}`],
    ...['-r', 'timesink', '-o', join(folder, sessionName), ...program],
  ],
});

/** 0x has V8 write what it samples to a log; the page that it makes of it is left out. */
const zeroX = (folder: string, version: string): NodeProfiler => ({
  title: `0x ${version}`,
  command: ({ path }, output, program) => [
    ...[path, join(folder, 'cmd.js'), '--collect-only', '--output-dir', join(output, '0x'), '--'],
    ...[path, ...program],
  ],
});

const datadog = (folder: string, version: string): NodeProfiler => ({
  title: `@datadog/pprof ${version}`,
  command: ({ path }, output, program) => [
    ...['env', `DATADOG_PPROF=${folder}`, `DATADOG_PROFILE=${join(output, 'datadog.pb')}`],
    ...[path, '--require', pathTo('programs/node/datadog.cjs'), ...program],
  ],
});

/** Runs `setup.sh` for the profilers that come from the package registry; a note for each that could not be had. */
export function findNodePeers(): { readonly peers: readonly NodeProfiler[]; readonly notes: readonly string[] } {
  const { stdout } = spawnSync('bash', [pathTo('setup.sh'), '--node'], { encoding: 'utf8' });
  const known = [
    { name: '0x', make: zeroX },
    { name: '@datadog/pprof', make: datadog },
  ].map(({ name, make }) => ({ name, peer: installed(join(stdout.trim(), 'node_modules', name), make) }));
  return {
    peers: known.flatMap(({ peer }) => peer ?? []),
    notes: known.flatMap(({ name, peer }) => (peer === undefined ? [`${name} could not be installed.`] : [])),
  };
}

function installed(folder: string, make: (folder: string, version: string) => NodeProfiler): NodeProfiler | undefined {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return make(folder, (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version);
}
