/** How does a session become a report at its place? */

import type { Environment } from '../capture/launch/interpreter.ts';
import { findRenderer, inferRenderer } from '../render/registry.ts';
import type { Renderer, RenderOptions, SourceReader } from '../render/renderer.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { deliver, keepElsewhere } from './deliver.ts';
import type { CliOptions } from './options.ts';
import { fileOutput, type Output, streamOutput } from './output.ts';
import { renderOptions } from './render-options.ts';
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
 * Renders and writes. What cannot be rendered or written is kept elsewhere.
 * @throws TimesinkError `UNWRITABLE_OUTPUT`, `INTERNAL`, saying where the report or session is kept
 */
export async function writeReport(plan: ReportPlan, session: Session, readSource: SourceReader): Promise<void> {
  const { renderer, output } = plan;
  let data: string | Uint8Array;
  try {
    data = renderer.render(session, plan.options, { readSource });
  } catch (cause) {
    const kept = keepElsewhere(await encode(session), '.timesink', 'the recording');
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TimesinkError('INTERNAL', `cannot make the ${renderer.name} report: ${message}`, { hint: kept, cause });
  }
  deliver(output, data, renderer.extensions[0] ?? '', 'the report');
}

async function encode(session: Session): Promise<Uint8Array> {
  const { encodeSession } = await import('../session/file.ts');
  return encodeSession(session);
}
