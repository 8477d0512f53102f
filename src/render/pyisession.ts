/** The session as a file that pyinstrument loads. */
import { formatPyisession } from '../session/pyisession.ts';
import { defineRenderer, type Renderer } from './renderer.ts';

/** `-r pyisession`: the main thread's samples, not a tree. */
export const pyisessionRenderer: Renderer = defineRenderer({
  name: 'pyisession',
  aliases: ['session'],
  extensions: ['.pyisession'],
  isBinary: false,
  summary: 'the samples of the main thread, for pyinstrument --load',
  options: {},
  run: (session) => formatPyisession(session),
});
