/** What can be taken away from the page? Reports by the renderers of the command line, the recording, a picture. */

import { renderDiffJson } from '../../src/render/diff-json.ts';
import { renderDiffMarkdown } from '../../src/render/diff-markdown.ts';
import type { ComparedSession } from '../../src/render/diff-renderer.ts';
import { renderDiffText } from '../../src/render/diff-text.ts';
import { renderJson } from '../../src/render/json.ts';
import { listedFunctions, renderMarkdown } from '../../src/render/markdown.ts';
import { recordedName } from '../../src/render/page-title.ts';
import { renderSpeedscope } from '../../src/render/speedscope.ts';
import { renderText } from '../../src/render/text.ts';
import { leastShownShare } from '../../src/render/tree-options.ts';
import type { Model } from '../model/model.ts';
import { collapsePatterns, leastShare } from '../model/page-tree.ts';
import { initialOptions, type PageState, type Side } from '../state/state.ts';
import { exportFlameSvg } from '../views/icicle/flame.ts';
import { exportedSession } from './exported-session.ts';

/** What can be saved, in the order of the menu. */
export const exportKinds = ['text', 'markdown', 'json', 'speedscope', 'session', 'svg'] as const;

/** One of {@link exportKinds}. */
export type ExportKind = (typeof exportKinds)[number];

/** What people read on its button. */
export const exportNames: Readonly<Record<ExportKind, string>> = {
  text: 'Text',
  markdown: 'Markdown',
  json: 'JSON',
  speedscope: 'speedscope',
  session: 'Recording',
  svg: 'Flame graph (SVG)',
};

/** What is exported. */
export interface ExportSource {
  readonly model: Model;
  readonly state: PageState;
  /** Bytes of the session's `.timesink` file. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** Values for the options of all formats. */
type ReportOptions = Parameters<typeof renderText>[1] & Parameters<typeof renderMarkdown>[1];

type DiffReport = (
  before: ComparedSession,
  after: ComparedSession,
  values: ReportOptions & { readonly normalize: boolean },
) => string;

/** Reports on two recordings. */
const diffReports: Partial<Record<ExportKind, DiffReport>> = {
  text: renderDiffText,
  markdown: renderDiffMarkdown,
  json: renderDiffJson,
};

/**
 * The report as the command line writes it of what is shown; of both recordings where these are compared.
 * @throws TimesinkError where nothing is left of the recording, or it is too large for the format
 */
export function makeExport(kind: ExportKind, source: ExportSource): string | Uint8Array<ArrayBuffer> {
  const { model, state } = source;
  if (kind === 'session') return source.file;
  if (kind === 'svg') return exportFlameSvg(model, state);
  const { comparison } = model;
  const diffReport = diffReports[kind];
  if (state.view === 'diff' && comparison !== null && diffReport !== undefined) {
    const { names, filterThreshold } = comparison.settings;
    const view = comparison.viewOf(state);
    const values = reportOptions(source, view.hidesUnchanged ? filterThreshold : 0);
    const side = (which: Side): ComparedSession => ({
      name: names[which],
      session: comparison.shown(which, state, view),
    });
    return diffReport(side('before'), side('after'), { ...values, normalize: view.normalize });
  }
  return report(kind, source);
}

function report(kind: Exclude<ExportKind, 'session' | 'svg'>, source: ExportSource): string {
  const { model, state } = source;
  const session = exportedSession(model, state);
  const values = reportOptions(source, leastShownShare);
  const context = { readSource: (path: string): string | undefined => model.sourceOf(path) };
  switch (kind) {
    case 'text':
      return renderText(session, values, context);
    case 'markdown':
      return renderMarkdown(session, values, context);
    case 'json':
      return renderJson(session, values);
    case 'speedscope':
      return renderSpeedscope(session, values);
  }
}

/** `report.md`: after what was recorded. */
export function exportName(kind: ExportKind, { model, state }: ExportSource): string {
  const name =
    recordedName(model.session.meta.description)
      .replaceAll(/[^\w.-]/g, '_')
      .replace(/^[.-]+|\.\w+$/g, '') || 'profile';
  const isDiff = state.view === 'diff' && diffReports[kind] !== undefined;
  return `${name}${isDiff ? '-diff' : ''}${extensions[kind]}`;
}

const extensions: Readonly<Record<ExportKind, string>> = {
  text: '.txt',
  markdown: '.md',
  json: '.json',
  speedscope: '.speedscope.json',
  session: '.timesink',
  svg: '.svg',
};

/**
 * The page's options. It begins with smaller frames than reports have: only where somebody chose how small, the report gets
 * the same.
 * @param least share of the whole that a frame must have otherwise
 */
function reportOptions({ model, state }: ExportSource, least: number): ReportOptions {
  const { options, threads } = state;
  const initial = initialOptions(model.contents.defaults);
  const isChosen = options.smallPercent !== initial.smallPercent || options.removeSmall !== initial.removeSmall;
  const { hide, show } = collapsePatterns(options);
  const filterThreshold = isChosen ? leastShare(options) : least;
  return {
    show_all: options.collapse === 'disabled',
    timeline: false,
    processor_options: { filter_threshold: filterThreshold, hide_regex: hide, show_regex: show },
    unicode: true,
    color: false,
    flat: false,
    flat_time: 'self',
    short_mode: false,
    time: options.time,
    recursion: options.foldRecursion ? 'folded' : 'full',
    functions: listedFunctions,
    threads: threads.kind !== 'busy',
    subprocesses: threads.kind !== 'busy',
  };
}
