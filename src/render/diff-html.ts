/** The page that shows two recordings side by side: one file for a browser. */
import { TimesinkError } from '../util/errors.ts';
import { type ComparedSession, type DiffRenderer, defineDiffRenderer, diffOptionTable } from './diff-renderer.ts';
import { diffTextRenderer } from './diff-text.ts';
import { fillPage } from './fill-page.ts';
import { hotSources } from './hot-sources.ts';
import { patternText } from './html.ts';
import type { OptionTable, OptionValues } from './options.ts';
import { pageTitle } from './page-title.ts';
import type { RenderContext } from './renderer.ts';
import { unicodeGlyphs } from './style.ts';
import { roundTime } from './time-format.ts';

const optionTable = {
  ...diffOptionTable,
  source: { kind: 'flag', default: true, help: 'carry the source text of hot files, up to 500 kB; source=false: none' },
} as const satisfies OptionTable;

/** `diff -r html`. */
export const diffHtmlRenderer: DiffRenderer = defineDiffRenderer({
  name: 'html',
  aliases: [],
  extensions: ['.html', '.htm'],
  summary: 'a page to explore both in a browser, in one file',
  options: optionTable,
  run: renderDiffPage,
});

/** As in the page of one recording, for the views that show one. */
const leastFrame = 0.001;

/** The views of one recording show the one after; its sources are those of now. */
function renderDiffPage(
  before: ComparedSession,
  after: ComparedSession,
  options: OptionValues<typeof optionTable>,
  context: RenderContext,
): string {
  if (context.pageTemplate === undefined) {
    throw new TimesinkError('INTERNAL', 'an html report needs the page that it is filled into');
  }
  const { show_all, threads, subprocesses, normalize } = options;
  const { filter_threshold, hide_regex, show_regex } = options.processor_options;
  const patterns = { hide: patternText(hide_regex), show: patternText(show_regex) };
  const textOptions = {
    unicode: true,
    show_all,
    threads,
    subprocesses,
    normalize,
    processor_options: { filter_threshold },
  };
  return fillPage(context.pageTemplate(), {
    title: `${roundTime(before.session.meta.duration, unicodeGlyphs)} → ${pageTitle(after.session.meta)}`,
    text: diffTextRenderer.render(before, after, textOptions),
    session: after.session,
    before: before.session,
    contents: {
      defaults: {
        ...{ timeline: false, showAll: show_all, filterThreshold: leastFrame, ...patterns },
        ...{ threads, subprocesses, time: 'seconds' },
      },
      comparison: {
        names: { before: before.name, after: after.name },
        normalize,
        filterThreshold: filter_threshold,
      },
      ...(options.source ? hotSources(after.session, context.readSource) : { sources: [] }),
    },
  });
}
