/** What happens from the words on the command line to an exit code? */
import { writeSync } from 'node:fs';
import { inheritedDescriptors } from '../capture/launch/inherited-descriptors.ts';
import type { Environment } from '../capture/launch/interpreter.ts';
import type { Ending } from '../capture/launch/launch.ts';
import type { StartRecorder } from '../capture/recorder.ts';
import { describeError, exitCodeOf } from './errors.ts';
import { parseRequest, type Request } from './parse.ts';

/** The surroundings of a run, so that this module reads none of them itself. */
export interface CliContext {
  readonly environment: Environment;
  /** Loads the recorder, which only runs need, and starts its thread. */
  readonly openRecorder: () => Promise<StartRecorder>;
}

/** Set by the build to the version in package.json. */
declare const __VERSION__: string;

/** Does what `words` say, and returns how this process should end. Never rejects. */
export async function runCli(words: readonly string[], context: CliContext): Promise<Ending> {
  let debug = words.includes('--debug');
  const warn = (error: unknown): void => print(2, describeError(error, debug));
  try {
    const request = parseRequest(words);
    debug = wantsDebug(request);
    return await answer(request, context, warn);
  } catch (error) {
    warn(error);
    return { kind: 'exited', code: exitCodeOf(error) };
  }
}

/** What only one kind of request needs is loaded for that one. */
async function answer(request: Request, context: CliContext, warn: (error: unknown) => void): Promise<Ending> {
  const { environment } = context;
  switch (request.kind) {
    case 'version':
      print(1, `timesink ${__VERSION__}, on Node.js ${process.version}\n`);
      break;
    case 'help': {
      const { helpText, subcommandHelp } = await import('./help.ts');
      const { subcommand, exitCode } = request;
      print(1, subcommand === undefined ? helpText() : subcommandHelp(subcommand));
      return { kind: 'exited', code: exitCode };
    }
    case 'subcommand':
      await request.subcommand.run(request.words, request.values, { environment, warn });
      break;
    case 'load':
    case 'load-kept': {
      const { loadAndReport, loadKeptAndReport } = await import('./load.ts');
      if (request.kind === 'load') await loadAndReport(request.file, request.given, environment);
      else await loadKeptAndReport(request.id, request.given, environment);
      break;
    }
    case 'run': {
      const descriptors = inheritedDescriptors();
      // Its thread takes as long to start as all the rest: they are loaded side by side.
      const startRecorder = await context.openRecorder();
      const { runProgram } = await import('./run.ts');
      return await runProgram(request.program, request.given, { environment, descriptors, startRecorder, warn });
    }
  }
  return { kind: 'exited', code: 0 };
}

function wantsDebug(request: Request): boolean {
  switch (request.kind) {
    case 'run':
    case 'load':
    case 'load-kept':
      return request.given.debug ?? false;
    case 'subcommand':
      return request.values['debug'] === true;
    default:
      return false;
  }
}

/** Not through `process.stdout`, which would make pipes non-blocking for the program, too. */
function print(descriptor: number, text: string): void {
  try {
    writeSync(descriptor, text);
  } catch {
    // Nobody is listening.
  }
}
