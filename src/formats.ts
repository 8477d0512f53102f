/** How does a Node.js program get report formats that are complete? As the command line's, html with its page. */
import { pageTemplate } from './page-template.ts';
import * as diffRegistry from './render/diff-registry.ts';
import type { DiffRenderer } from './render/diff-renderer.ts';
import * as registry from './render/registry.ts';
import type { Renderer } from './render/renderer.ts';

const htmlRenderer: Renderer = withPage(registry.findRenderer('html'));
const diffHtmlRenderer: DiffRenderer = diffWithPage(diffRegistry.findDiffRenderer('html'));

/** All formats, in the order of the help; the first is the default. */
export const renderers: readonly Renderer[] = registry.renderers.map(completed);

/**
 * The format that `-r NAME` means.
 * @throws TimesinkError USAGE
 */
export function findRenderer(name: string): Renderer {
  return completed(registry.findRenderer(name));
}

/** The format that the name of an output file asks for; text where it asks for none, or where there is no file. */
export function inferRenderer(outfile?: string): Renderer {
  return completed(registry.inferRenderer(outfile));
}

/** All formats for comparisons, in the order of the help; the first is the default. */
export const diffRenderers: readonly DiffRenderer[] = diffRegistry.diffRenderers.map(diffCompleted);

/**
 * The format that `diff -r NAME` means.
 * @throws TimesinkError USAGE
 */
export function findDiffRenderer(name: string): DiffRenderer {
  return diffCompleted(diffRegistry.findDiffRenderer(name));
}

/** As {@link inferRenderer}, for comparisons. */
export function inferDiffRenderer(outfile?: string): DiffRenderer {
  return diffCompleted(diffRegistry.inferDiffRenderer(outfile));
}

function completed(renderer: Renderer): Renderer {
  return renderer.name === htmlRenderer.name ? htmlRenderer : renderer;
}

function diffCompleted(renderer: DiffRenderer): DiffRenderer {
  return renderer.name === diffHtmlRenderer.name ? diffHtmlRenderer : renderer;
}

/** Fills the page of this package unless the caller has another one. */
function withPage(renderer: Renderer): Renderer {
  return {
    ...renderer,
    render: (session, options, context) => renderer.render(session, options, { pageTemplate, ...context }),
  };
}

function diffWithPage(renderer: DiffRenderer): DiffRenderer {
  return {
    ...renderer,
    render: (before, after, options, context) => renderer.render(before, after, options, { pageTemplate, ...context }),
  };
}
