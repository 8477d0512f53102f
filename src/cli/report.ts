/** How does a session become a report at its place? */

import type { Environment } from '../capture/launch/interpreter.ts';
import { findRenderer, inferRenderer } from '../render/registry.ts';
import type { Renderer, RenderOptions, SourceReader } from '../render/renderer.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import type { CliOptions } from './options.ts';
import { fileOutput, keepInTemporaryFolder, type Output, streamOutput } from './output.ts';
import { renderOptions } from './render-options.ts';
import { describeSystemError, systemErrorCode } from './system-error.ts';
import { chooseAppearance } from './terminal.ts';

/** Everything about a report that is settled before there is a session. */
export interface ReportPlan {
  readonly renderer: Renderer;
  readonly options: RenderOptions;
  readonly output: Output;
}

/**
 * Chooses format and place, and finds out now what would go wrong with them later.
 * @param stream descriptor to write to where there is no `-o`
 * @throws TimesinkError `USAGE`, `UNWRITABLE_OUTPUT`
 */
export function planReport(options: CliOptions, stream: number, environment: Environment): ReportPlan {
  const { outfile } = options;
  const renderer = options.renderer === undefined ? inferRenderer(outfile) : findRenderer(options.renderer);
  const output = outfile === undefined ? streamOutput(stream) : fileOutput(outfile);
  const chosen = renderOptions(renderer, options, chooseAppearance(options, output.kind, environment));
  renderer.check(chosen);
  if (renderer.isBinary && output.kind === 'terminal') {
    throw new TimesinkError('USAGE', `a ${renderer.name} report is binary and cannot be shown on a terminal`, {
      hint: `Write it to a file: -o FILE${renderer.extensions[0] ?? ''}.`,
    });
  }
  return { renderer, options: chosen, output };
}

/**
 * Renders and writes. A reader that has gone (`| head`) is no error. What cannot be written is kept elsewhere.
 * @throws TimesinkError `UNWRITABLE_OUTPUT`, `INTERNAL`, saying where the report or session is kept
 */
export async function writeReport(plan: ReportPlan, session: Session, readSource: SourceReader): Promise<void> {
  const { renderer, output } = plan;
  let data: string | Uint8Array;
  try {
    data = renderer.render(session, plan.options, { readSource });
  } catch (cause) {
    const kept = keep(await encode(session), '.timesink', 'the recording');
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TimesinkError('INTERNAL', `cannot make the ${renderer.name} report: ${message}`, { hint: kept, cause });
  }
  try {
    output.write(data);
  } catch (cause) {
    if (systemErrorCode(cause) === 'EPIPE') return;
    const kept = keep(data, renderer.extensions[0] ?? '', 'the report');
    const reason = describeSystemError(cause);
    throw new TimesinkError('UNWRITABLE_OUTPUT', `cannot write to ${output.name}: ${reason}`, { hint: kept, cause });
  }
}

function keep(data: string | Uint8Array, extension: string, what: string): string {
  try {
    return `${what[0]?.toUpperCase()}${what.slice(1)} is in ${keepInTemporaryFolder(data, extension)}.`;
  } catch (error) {
    return `It could not be kept in the temporary folder either: ${describeSystemError(error)}.`;
  }
}

async function encode(session: Session): Promise<Uint8Array> {
  const { encodeSession } = await import('../session/file.ts');
  return encodeSession(session);
}
