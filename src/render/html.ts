/** The page: one file that shows a recording in a browser. */
import type { Session } from '../session/session.ts';
import { TimesinkError } from '../util/errors.ts';
import { fillPage } from './fill-page.ts';
import { hotSources } from './hot-sources.ts';
import type { OptionTable, OptionValues } from './options.ts';
import type { PageDefaults } from './page-contents.ts';
import { pageTitle } from './page-title.ts';
import { defineRenderer, type RenderContext, type Renderer } from './renderer.ts';
import { textRenderer } from './text.ts';
import { treeOptionTable } from './tree-options.ts';

const { processor_options: treeProcessorOptions } = treeOptionTable;

const optionTable = {
  ...treeOptionTable,
  processor_options: {
    ...treeProcessorOptions,
    options: {
      ...treeProcessorOptions.options,
      // A page folds small frames away and opens them on demand, so it can hold more of them.
      filter_threshold: { ...treeProcessorOptions.options.filter_threshold, default: 0.001 },
    },
  },
  time: { kind: 'choice', choices: ['seconds', 'percent_of_total'], help: 'how times are shown at first' },
  threads: { kind: 'flag', help: 'show every thread at first' },
  subprocesses: { kind: 'flag', help: 'show every process at first' },
  source: { kind: 'flag', default: true, help: 'carry the source text of hot files, up to 500 kB; source=false: none' },
  resample_interval: { kind: 'number', default: 0, help: 'accepted for pyinstrument’s sake: nothing is thrown away' },
} as const satisfies OptionTable;

type HtmlOptions = OptionValues<typeof optionTable>;

/** `-r html`. */
export const htmlRenderer: Renderer = defineRenderer({
  name: 'html',
  aliases: [],
  extensions: ['.html', '.htm'],
  isBinary: false,
  summary: 'a page to explore in a browser, in one file',
  options: optionTable,
  run: renderPage,
});

function renderPage(session: Session, options: HtmlOptions, context: RenderContext): string {
  if (context.pageTemplate === undefined) {
    throw new TimesinkError('INTERNAL', 'an html report needs the page that it is filled into');
  }
  const { show_all, timeline, threads, subprocesses } = options;
  return fillPage(context.pageTemplate(), {
    title: pageTitle(session.meta),
    text: String(textRenderer.render(session, { unicode: true, show_all, timeline, threads, subprocesses }, context)),
    session,
    contents: {
      defaults: pageDefaults(options),
      ...(options.source ? hotSources(session, context.readSource) : { sources: [] }),
    },
  });
}

function pageDefaults({ processor_options, ...options }: HtmlOptions): PageDefaults {
  const { filter_threshold, hide_regex, show_regex } = processor_options;
  return {
    timeline: options.timeline,
    showAll: options.show_all,
    filterThreshold: filter_threshold,
    hide: patternText(hide_regex),
    show: patternText(show_regex),
    threads: options.threads,
    subprocesses: options.subprocesses,
    time: options.time,
  };
}

/** The pattern as one text: flags as modifiers within it. */
export function patternText(pattern: RegExp | undefined): string | null {
  if (pattern === undefined) return null;
  return pattern.flags === '' ? pattern.source : `(?${pattern.flags}:${pattern.source})`;
}
