/** Which command line does a program stand for, and is there anything to run? */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TimesinkError } from '../../util/errors.ts';
import { isNodeScript, type NodeChoice, nodeCommandLine } from '../node/node-interpreter.ts';
import { originalBytes } from './exact-bytes.ts';
import { type Environment, findInterpreter } from './interpreter.ts';
import { findProgram, isFile } from './search-path.ts';

/** What a user asked to run. */
export type Program =
  /** A file, or a directory or zip archive with a `__main__.py`; `-` is standard input. */
  | { readonly kind: 'script'; readonly path: string; readonly args: readonly string[] }
  | { readonly kind: 'module'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'code'; readonly source: string; readonly args: readonly string[] }
  /** A command found on `PATH`, even if a file of that name is in the working directory. */
  | { readonly kind: 'from-path'; readonly name: string; readonly args: readonly string[] }
  /** Any command line. */
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] };

/** What the user named to run scripts with; undefined where nothing. */
export interface Interpreters extends NodeChoice {
  readonly python: string | undefined;
}

/** The words of the program as in pyinstrument's title lines: a script or module and its arguments. */
export function programWords(program: Program): readonly string[] {
  switch (program.kind) {
    case 'script':
      return [program.path, ...program.args];
    case 'module':
    case 'from-path':
      return [program.name, ...program.args];
    case 'code':
      return ['-c', ...program.args];
    case 'command':
      return program.argv;
  }
}

/**
 * The command line to execute.
 * @throws TimesinkError `PROGRAM_NOT_FOUND`, `INTERPRETER_NOT_FOUND`, `UNSUPPORTED_RUNTIME`
 */
export function commandLine(
  program: Program,
  { python, ...node }: Interpreters,
  environment: Environment,
): readonly string[] {
  const interpreter = (): string => findInterpreter(python, environment);
  switch (program.kind) {
    case 'script':
      checkScript(program.path);
      if (isNodeScript(program.path)) return nodeCommandLine(program.path, program.args, node, environment);
      return [interpreter(), program.path, ...program.args];
    case 'module':
      return [interpreter(), '-m', program.name, ...program.args];
    case 'code':
      return [interpreter(), '-c', program.source, ...program.args];
    case 'from-path':
      checkCommand(program.name, environment);
      return [program.name, ...program.args];
    case 'command':
      return lineOfCommand(program.argv, { python, ...node }, environment);
  }
}

/** `timesink -- x.py` and `-- x.js` mean the script, although only a shell's `python x.py` or `node x.js` would run it. */
function lineOfCommand(
  argv: readonly [string, ...string[]],
  { python, ...node }: Interpreters,
  environment: Environment,
): readonly string[] {
  const [word, ...args] = argv;
  const isFileHere = isFile(originalBytes().argument(word));
  if (word.endsWith('.py') && isFileHere) return [findInterpreter(python, environment), ...argv];
  if (isNodeScript(word) && isFileHere && findProgram(word, environment['PATH']).kind !== 'found') {
    return nodeCommandLine(word, args, node, environment);
  }
  checkCommand(word, environment);
  return argv;
}

function checkScript(path: string): void {
  if (path === '-') return;
  const bytes = originalBytes().argument(path);
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(bytes, { throwIfNoEntry: false });
  } catch (cause) {
    throw new TimesinkError('PROGRAM_NOT_FOUND', `cannot look at ${path}: ${(cause as Error).message}`, { cause });
  }
  if (stats === undefined) {
    throw new TimesinkError('PROGRAM_NOT_FOUND', `there is no program ${path}`, { hint: scriptHint(path) });
  }
  if (stats.isDirectory() && !existsSync(join(path, '__main__.py'))) {
    throw new TimesinkError('PROGRAM_NOT_FOUND', `the directory ${path} has no __main__.py, so Python cannot run it`, {
      hint: 'Name a script in it, or a module with -m MODULE.',
    });
  }
}

function scriptHint(path: string): string {
  return path.includes('/') || isNodeScript(path)
    ? 'Check the path; it is taken from the working directory.'
    : `For a command on PATH: timesink --from-path ${path}. For a module: timesink -m ${path}.`;
}

function checkCommand(name: string, environment: Environment): void {
  const found = findProgram(name, environment['PATH']);
  if (found.kind === 'found') return;
  if (found.kind === 'not-executable') {
    throw new TimesinkError('PROGRAM_NOT_FOUND', `${found.path} is not executable`, {
      hint: `Allow it with chmod +x ${found.path}, or name the program that should run it.`,
    });
  }
  throw new TimesinkError('PROGRAM_NOT_FOUND', `there is no command ${name}${name.includes('/') ? '' : ' on PATH'}`, {
    hint: name.includes('/')
      ? 'Check the path; it is taken from the working directory.'
      : "Check its spelling; a shell's own commands and aliases need: timesink -- sh -c '…'.",
  });
}
