/** Which Python runs a script that does not say so itself? */
import { join } from 'node:path';
import { TimesinkError } from '../../util/errors.ts';
import { findProgram } from './search-path.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The word to start Python with: `asked`, else `$TIMESINK_PYTHON`, else `$VIRTUAL_ENV/bin/python` if there is one, else
 * `python3`, else `python`. A bare name stays bare, so that Python sees the same `argv[0]` as when it is typed.
 * @throws TimesinkError `INTERPRETER_NOT_FOUND`
 */
export function findInterpreter(asked: string | undefined, environment: Environment): string {
  const path = environment['PATH'];
  if (asked !== undefined) return mustExist(asked, `--python ${asked}`, path);
  const named = environment['TIMESINK_PYTHON'];
  if (named !== undefined && named !== '') return mustExist(named, `TIMESINK_PYTHON=${named}`, path);

  const virtualEnvironment = environment['VIRTUAL_ENV'];
  const inEnvironment = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const candidates = virtualEnvironment ? [join(virtualEnvironment, ...inEnvironment)] : [];
  for (const candidate of [...candidates, 'python3', 'python']) {
    if (findProgram(candidate, path).kind === 'found') return candidate;
  }
  throw new TimesinkError('INTERPRETER_NOT_FOUND', 'no Python found: neither python3 nor python is on PATH', {
    hint: 'Install Python, or name one with --python PATH.',
  });
}

function mustExist(name: string, origin: string, path: string | undefined): string {
  const found = findProgram(name, path);
  if (found.kind === 'found') return name;
  const reason = found.kind === 'missing' ? 'there is no such program' : 'it is not executable';
  throw new TimesinkError('INTERPRETER_NOT_FOUND', `cannot use the Python of ${origin}: ${reason}`, {
    hint: 'Give the path of a Python interpreter, such as /usr/bin/python3, or a name that is on PATH.',
  });
}
