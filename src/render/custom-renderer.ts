/** What must a report format say that is not one of ours? */
import type { OptionTable } from './options.ts';
import type { RendererSpec } from './renderer.ts';

/**
 * The default export of a module that `-r ./FILE` names. `run` is all it needs: the name is that of the file, there are no
 * options, and the result is text, unless it says otherwise.
 */
export type CustomRenderer<Options extends OptionTable = Record<string, never>> = Pick<RendererSpec<Options>, 'run'> &
  Partial<Omit<RendererSpec<Options>, 'run' | 'aliases'>>;
