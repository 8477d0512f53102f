/** How does a session become a report at its place? */

import type { Environment } from '../capture/launch/interpreter.ts';
import { pageTemplate } from '../page-template.ts';
import { findRenderer, inferRenderer } from '../render/registry.ts';
import type { Renderer, RenderOptions, SourceReader } from '../render/renderer.ts';
import { type Selection, selectSession } from '../session/select.ts';
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { deliver, keepElsewhere } from './deliver.ts';
import { browserOutput } from './open-page.ts';
import { type CliOptions, isPythonClass, isRendererPath } from './options.ts';
import { fileOutput, type Output, streamOutput } from './output.ts';
import { renderOptions } from './render-options.ts';
import { chooseAppearance } from './terminal.ts';

/** Everything about a report that is settled before there is a session. */
export interface ReportPlan {
  readonly renderer: Renderer;
  readonly options: RenderOptions;
  readonly output: Output;
  /** Whether each report becomes a page of its own in a browser. */
  readonly opensPages: boolean;
  readonly selection: Selection;
  /** Whether it is the text that a run without `-o` prints: the run is kept then. */
  readonly isPrinted: boolean;
}

/**
 * Chooses format and place, and finds out now what would go wrong with them later.
 * @param stream descriptor to write to where there is no `-o`
 * @throws TimesinkError `USAGE`, `UNWRITABLE_OUTPUT`
 */
export async function planReport(options: CliOptions, stream: number, environment: Environment): Promise<ReportPlan> {
  const { outfile } = options;
  const renderer = await chooseRenderer(options, environment);
  const output = outfile === undefined ? streamOutput(stream) : fileOutput(outfile);
  const chosen = renderOptions(renderer, options, chooseAppearance(options, output.kind, environment));
  renderer.check(chosen);
  if (renderer.isBinary && output.kind === 'terminal') {
    throw new TimesinkError('USAGE', `a ${renderer.name} report is binary and cannot be shown on a terminal`, {
      hint: `Write it to a file: -o FILE${renderer.extensions[0] ?? ''}.`,
    });
  }
  const opensPages = renderer === findRenderer('html') && output.kind === 'terminal';
  return {
    renderer,
    options: chosen,
    output: opensPages ? browserOutput(output, environment) : output,
    opensPages,
    selection: selectionOf(options),
    isPrinted: outfile === undefined && renderer === findRenderer('text'),
  };
}

/** A name of a file on the command line wins over a format in a settings file, if it says one. */
async function chooseRenderer(options: CliOptions, environment: Environment): Promise<Renderer> {
  const { renderer, outfile, configured } = options;
  const inferred = inferRenderer(outfile);
  if (renderer === undefined) return inferred;
  const isDefault = configured.renderer !== undefined && configured.outfile === undefined;
  const saysFormat = inferred.extensions.some((end) => outfile?.toLowerCase().endsWith(end));
  if (isDefault && saysFormat) return inferred;
  if (!isRendererPath(renderer)) {
    if (!isPythonClass(renderer)) return findRenderer(renderer);
    const { pythonRenderer } = await import('./python-renderer.ts');
    return pythonRenderer(renderer, options.python, environment);
  }
  const { loadRenderer } = await import('./custom-renderer.ts');
  return await loadRenderer(renderer);
}

/** What the options say of threads, processes and time. */
export function selectionOf({ thread, process, from, to }: CliOptions): Selection {
  const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { threads: thread, processes: process, span };
}

/**
 * Selects, renders and writes. What of a recording would be lost for an error is kept elsewhere.
 * @param isSaved whether the session is in a file already
 * @throws TimesinkError `UNWRITABLE_OUTPUT`, `INTERNAL`, saying where the report or session is kept; `USAGE`
 */
export async function writeReport(
  plan: ReportPlan,
  session: Session,
  readSource: SourceReader,
  isSaved: boolean,
): Promise<void> {
  const { renderer, output, selection } = plan;
  const kept = async (): Promise<string> =>
    isSaved ? '' : keepElsewhere(await encode(session), '.timesink', 'the recording');
  let selected: Session;
  try {
    selected = selectSession(session, selection);
  } catch (cause) {
    if (!(cause instanceof TimesinkError)) throw cause;
    throw new TimesinkError(cause.code, cause.message, { hint: sentences(cause.hint, await kept()), cause });
  }
  let data: string | Uint8Array;
  try {
    data = renderer.render(selected, plan.options, { readSource, pageTemplate });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const { code, hint } = cause instanceof TimesinkError ? cause : { code: 'INTERNAL' as const, hint: undefined };
    throw new TimesinkError(code, `cannot make the ${renderer.name} report: ${message}`, {
      hint: sentences(hint, await kept()),
      cause,
    });
  }
  deliver(output, data, renderer.extensions[0] ?? '', 'the report');
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

async function encode(session: Session): Promise<Uint8Array> {
  const { encodeSession } = await import('../session/file.ts');
  return encodeSession(session);
}
