/** What can be taken away from the page? Reports by the renderers of the command line, the recording, a picture. */

import { diffJsonRenderer } from '../../src/render/diff-json.ts';
import { diffMarkdownRenderer } from '../../src/render/diff-markdown.ts';
import type { ComparedSession, DiffRenderer } from '../../src/render/diff-renderer.ts';
import { diffTextRenderer } from '../../src/render/diff-text.ts';
import { jsonRenderer } from '../../src/render/json.ts';
import { markdownRenderer } from '../../src/render/markdown.ts';
import type { Renderer, RenderOptions } from '../../src/render/renderer.ts';
import { speedscopeRenderer } from '../../src/render/speedscope.ts';
import { textRenderer } from '../../src/render/text.ts';
import type { ComparisonView } from '../model/comparison.ts';
import type { Model } from '../model/model.ts';
import { initialOptions, type PageState } from '../state/state.ts';
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
  /** How two recordings are looked at; as the page began unless given. */
  readonly comparisonView?: ComparisonView;
}

const renderers: Readonly<Record<Exclude<ExportKind, 'session' | 'svg'>, Renderer>> = {
  text: textRenderer,
  markdown: markdownRenderer,
  json: jsonRenderer,
  speedscope: speedscopeRenderer,
};

const diffRenderers: Partial<Record<ExportKind, DiffRenderer>> = {
  text: diffTextRenderer,
  markdown: diffMarkdownRenderer,
  json: diffJsonRenderer,
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
  const diffRenderer = diffRenderers[kind];
  if (state.view === 'diff' && comparison !== null && diffRenderer !== undefined) {
    const { names, normalize, filterThreshold } = comparison.settings;
    const view = source.comparisonView ?? { normalize, hidesUnchanged: true };
    const least = view.hidesUnchanged ? filterThreshold : 0;
    const options = { ...optionsFor(source, least), normalize: view.normalize };
    const side = (which: 'before' | 'after'): ComparedSession => ({ name: names[which], session: comparison[which] });
    return diffRenderer.render(side('before'), side('after'), known(diffRenderer, options));
  }
  const renderer = renderers[kind];
  const readSource = (path: string): string | undefined => model.sourceOf(path);
  const report = renderer.render(exportedSession(model, state), known(renderer, optionsFor(source)), { readSource });
  return String(report);
}

/** `report.md`: after the last word of what was recorded. */
export function exportName(kind: ExportKind, { model, state }: ExportSource): string {
  const [, word = ''] = /([^\s/\\]+)[\s/\\]*$/.exec(model.session.meta.description) ?? [];
  const name = word.replaceAll(/[^\w.-]/g, '_').replace(/^[.-]+|\.\w+$/g, '') || 'profile';
  const isDiff = state.view === 'diff' && diffRenderers[kind] !== undefined;
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
 * The page's options, in the words of the command line. The page begins with smaller frames than reports have: only where
 * somebody chose how small, the report gets the same.
 */
function optionsFor({ model, state }: ExportSource, least?: number): RenderOptions {
  const { options, threads } = state;
  const initial = initialOptions(model.contents.defaults);
  const isChosen = options.smallPercent !== initial.smallPercent || options.removeSmall !== initial.removeSmall;
  const threshold = isChosen ? (options.removeSmall ? options.smallPercent / 100 : 0) : least;
  const isCustom = options.collapse === 'custom';
  const all = threads.kind !== 'busy';
  return {
    ...{ unicode: true, show_all: options.collapse === 'disabled', threads: all, subprocesses: threads.kind === 'all' },
    time: options.time,
    recursion: options.foldRecursion ? 'folded' : 'full',
    processor_options: {
      ...(threshold === undefined ? {} : { filter_threshold: threshold }),
      ...(isCustom && options.hide !== '' ? { hide_regex: anywhere(options.hide) } : {}),
      ...(isCustom && options.show !== '' ? { show_regex: anywhere(options.show) } : {}),
    },
  };
}

/** Options for files of the command line must match from the beginning. */
function anywhere(pattern: string): string {
  return `.*(?:${pattern})`;
}

/** Those that the format has. */
function known({ options }: Pick<Renderer, 'options'>, given: RenderOptions): RenderOptions {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(options, name)));
}
