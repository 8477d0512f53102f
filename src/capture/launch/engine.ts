/** Is a program recorded from outside, or must it sample itself? */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { TimesinkError } from '../../util/errors.ts';
import { mayReadChildren } from '../memory/denied.ts';
import { isNodeScript } from '../node/node-interpreter.ts';
import { type Environment, findInterpreter } from './interpreter.ts';
import type { Program } from './program.ts';
import { findProgram } from './search-path.ts';

/** How the stacks of Python are got: read by timesink, or by a sampler in the program. */
export type PythonEngine = 'outside' | 'inprocess';

/**
 * What `$TIMESINK_ENGINE` says; else `outside` wherever the memory of the program can be read.
 * @param python of `--python`
 * @throws TimesinkError `USAGE`, `UNSUPPORTED_RUNTIME`
 */
export function chooseEngine(
  program: Program,
  python: string | undefined,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): PythonEngine {
  const wish = environment['TIMESINK_ENGINE'] || 'auto';
  switch (wish) {
    case 'inprocess':
      return 'inprocess';
    case 'outside':
      if (platform === 'linux') return 'outside';
      throw new TimesinkError('UNSUPPORTED_RUNTIME', `on ${platform} the memory of other processes is not read`, {
        hint: 'Without TIMESINK_ENGINE=outside the program samples itself.',
      });
    case 'auto':
      return platform === 'linux' && mayReadChildren() && !isPyPy(program, python, environment)
        ? 'outside'
        : 'inprocess';
    default:
      throw new TimesinkError('USAGE', `TIMESINK_ENGINE=${wish} is neither inprocess nor outside`);
  }
}

/** Whether the interpreter that the program will be given is PyPy, as far as its file tells. */
function isPyPy(program: Program, python: string | undefined, environment: Environment): boolean {
  const word = interpreterWord(program, python, environment);
  const found = word === undefined ? undefined : findProgram(word, environment['PATH']);
  if (found?.kind !== 'found') return false;
  try {
    return /^pypy[\d.]*(-c)?$/.test(basename(realpathSync(found.path)));
  } catch {
    return false;
  }
}

function interpreterWord(program: Program, python: string | undefined, environment: Environment): string | undefined {
  if (program.kind === 'command' && !program.argv[0].endsWith('.py')) return program.argv[0];
  if (program.kind === 'from-path' || (program.kind === 'script' && isNodeScript(program.path))) return undefined;
  try {
    return findInterpreter(python, environment);
  } catch {
    // Told when it is needed.
    return undefined;
  }
}
