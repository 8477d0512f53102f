/** Which Node.js runs a program that does not say so itself, and with which options? */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TimesinkError } from '../../util/errors.ts';
import type { Environment } from '../launch/interpreter.ts';
import { findProgram } from '../launch/search-path.ts';
import { splitNodeOptions } from './node-options.ts';

/** What the user says about Node.js. */
export interface NodeChoice {
  readonly node: string | undefined;
  /** Options for it, in one text. */
  readonly nodeOptions: string | undefined;
}

/** Files that Node.js runs, or could with a loader. */
const nodeFile = /\.[cm]?[jt]s$|\.[jt]sx$/;

/** Whether a script is one for Node.js by its name. */
export function isNodeScript(path: string): boolean {
  return nodeFile.test(path);
}

/**
 * The command line that runs a script.
 * @throws TimesinkError `INTERPRETER_NOT_FOUND`, `UNSUPPORTED_RUNTIME` for TypeScript that nothing here can run
 */
export function nodeCommandLine(
  script: string,
  args: readonly string[],
  { node: asked, nodeOptions = '' }: NodeChoice,
  environment: Environment,
): readonly string[] {
  const node = findNode(asked, environment);
  const given = splitNodeOptions(nodeOptions);
  return [node, ...given, ...translation(script, node, given, environment), script, ...args];
}

/**
 * The word to start Node.js with: `asked`, else `$TIMESINK_NODE`, else `node` if there is one on PATH, else the one that
 * runs this program.
 * @throws TimesinkError `INTERPRETER_NOT_FOUND`
 */
export function findNode(asked: string | undefined, environment: Environment): string {
  const path = environment['PATH'];
  if (asked !== undefined) return mustExist(asked, `--node ${asked}`, path);
  const named = environment['TIMESINK_NODE'];
  if (named !== undefined && named !== '') return mustExist(named, `TIMESINK_NODE=${named}`, path);
  return findProgram('node', path).kind === 'found' ? 'node' : process.execPath;
}

function mustExist(name: string, origin: string, path: string | undefined): string {
  const found = findProgram(name, path);
  if (found.kind === 'found') return name;
  const reason = found.kind === 'missing' ? 'there is no such program' : 'it is not executable';
  throw new TimesinkError('INTERPRETER_NOT_FOUND', `cannot use the Node.js of ${origin}: ${reason}`, {
    hint: 'Give the path of a Node.js, such as /usr/bin/node, or a name that is on PATH.',
  });
}

/** What Node.js needs to run a script that is no plain JavaScript. */
function translation(
  script: string,
  node: string,
  given: readonly string[],
  environment: Environment,
): readonly string[] {
  const hasJsx = /\.[jt]sx$/.test(script);
  const hasLoader = given.some((word) => /^(--import|--loader|--experimental-loader|--require|-r)(=|$)/.test(word));
  if ((!hasJsx && !/\.[cm]?ts$/.test(script)) || hasLoader) return [];
  const version = versionOf(node, environment);
  const own = hasJsx ? 'never' : ownStripping(version);
  if (own === 'always' || given.some((word) => word.startsWith('--experimental-'))) return [];
  if (own === 'with-option') return ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  const loader = findTsx(dirname(resolve(script))) ?? findTsx(process.cwd());
  if (loader !== undefined) return ['--import', pathToFileURL(loader).href];
  const what = hasJsx ? 'Node.js runs no JSX' : `Node.js ${version.join('.')} runs no TypeScript`;
  throw new TimesinkError('UNSUPPORTED_RUNTIME', `cannot run ${script}: ${what} by itself`, {
    hint: `Install tsx in the project (npm install --save-dev tsx)${hasJsx ? '' : ', or use Node.js 22.18 or newer (--node PATH)'}.`,
  });
}

/** Major, minor and patch; zeros where the program does not say. */
function versionOf(node: string, environment: Environment): readonly [number, number, number] {
  const { stdout } = spawnSync(node, ['--version'], {
    env: { PATH: environment['PATH'] } as NodeJS.ProcessEnv,
    encoding: 'utf8',
    timeout: 10_000,
  });
  const match = /^v(\d+)\.(\d+)\.(\d+)/.exec(stdout ?? '');
  return [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0), Number(match?.[3] ?? 0)];
}

/** Since which version Node.js leaves out the types itself: 22.6 with an option, 22.18 and 23.6 without. */
function ownStripping([major, minor]: readonly [number, number, number]): 'always' | 'with-option' | 'never' {
  if (major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) return 'always';
  return major === 23 || (major === 22 && minor >= 6) ? 'with-option' : 'never';
}

/** The loader of the tsx that a folder's programs would find. */
function findTsx(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const loader = join(at, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    if (existsSync(loader)) return loader;
    if (at === dirname(at)) return undefined;
  }
}
