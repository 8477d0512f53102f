/** Which command line does a program stand for, and is there anything to run? */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TimesinkError } from '../../util/errors.ts';
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
 * @param python what the user named as interpreter, if anything
 * @throws TimesinkError `PROGRAM_NOT_FOUND`, `INTERPRETER_NOT_FOUND`, `NOT_PYTHON`
 */
export function commandLine(program: Program, python: string | undefined, environment: Environment): readonly string[] {
  const interpreter = (): string => findInterpreter(python, environment);
  switch (program.kind) {
    case 'script':
      checkScript(program.path);
      return [interpreter(), program.path, ...program.args];
    case 'module':
      return [interpreter(), '-m', program.name, ...program.args];
    case 'code':
      return [interpreter(), '-c', program.source, ...program.args];
    case 'from-path':
      checkCommand(program.name, environment);
      return [program.name, ...program.args];
    case 'command':
      if (isBareScript(program.argv[0])) return [interpreter(), ...program.argv];
      checkCommand(program.argv[0], environment);
      return program.argv;
  }
}

/** `timesink -- x.py` means the script, although only a shell's `python x.py` would run it. */
function isBareScript(word: string): boolean {
  return word.endsWith('.py') && isFile(originalBytes().argument(word));
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
  if (/\.[cm]?[jt]s$/.test(path)) {
    throw new TimesinkError('NOT_PYTHON', `${path} is a JavaScript or TypeScript program`, {
      hint: 'This version records Python programs only.',
    });
  }
}

function scriptHint(path: string): string {
  return path.includes('/')
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
