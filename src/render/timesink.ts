/** The session as it was recorded, in timesink's own file format. */
import { encodeSession } from '../session/file.ts';
import { defineRenderer, type Renderer } from './renderer.ts';

/** `-r timesink`: everything, to be shown again with `--load`. */
export const timesinkRenderer: Renderer = defineRenderer({
  name: 'timesink',
  aliases: [],
  extensions: ['.timesink'],
  isBinary: true,
  summary: 'the whole recording, for timesink --load',
  options: {},
  run: (session) => encodeSession(session),
});
