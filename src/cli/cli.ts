/** What happens from the words on the command line to an exit code? */
import { writeSync } from 'node:fs';
import type { Environment } from '../capture/launch/interpreter.ts';
import type { Ending } from '../capture/launch/launch.ts';
import type { StartRecorder } from '../capture/recorder.ts';
import { describeError, exitCodeOf } from './errors.ts';
import { parseRequest } from './parse.ts';

/** The surroundings of a run, so that this module reads none of them itself. */
export interface CliContext {
  readonly environment: Environment;
  /** Loads the recorder, which only runs need. */
  readonly loadRecorder: () => Promise<StartRecorder>;
}

/** Set by the build to the version in package.json. */
declare const __VERSION__: string;

/** Does what `words` say, and returns how this process should end. Never rejects. */
export async function runCli(words: readonly string[], context: CliContext): Promise<Ending> {
  let debug = words.includes('--debug');
  const warn = (error: unknown): void => print(2, describeError(error, debug));
  try {
    const request = parseRequest(words, `timesink ${__VERSION__}, on Node.js ${process.version}\n`);
    if (request.kind === 'print') {
      print(1, request.text);
      return { kind: 'exited', code: request.exitCode };
    }
    if (request.kind === 'subcommand') {
      const { subcommand, values } = request;
      debug = values['debug'] === true;
      await subcommand.run(request.words, values, { environment: context.environment, warn });
      return { kind: 'exited', code: 0 };
    }
    debug = request.options.debug;
    if (request.kind === 'load') {
      const { loadAndReport } = await import('./load.ts');
      await loadAndReport(request.file, request.options, context.environment);
      return { kind: 'exited', code: 0 };
    }
    const { runProgram } = await import('./run.ts');
    const startRecorder = await context.loadRecorder();
    return await runProgram(request.program, request.options, {
      environment: context.environment,
      startRecorder,
      warn,
    });
  } catch (error) {
    warn(error);
    return { kind: 'exited', code: exitCodeOf(error) };
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
