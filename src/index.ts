/** What can a Node.js program import? Reads saved recordings, and renders them as the command line does. */
export { findRenderer, inferRenderer, renderers } from './render/registry.ts';
export type { RenderContext, Renderer, RenderOptions, SourceReader } from './render/renderer.ts';
export { encodeSession, readSession } from './session/file.ts';
export type { FrameIndex, Pid, ProcessIndex, StackIndex, Tid } from './session/ids.ts';
export {
  type CaptureQuality,
  type FrameInfo,
  type FrameKind,
  type FrameTable,
  type ProcessInfo,
  type Session,
  type SessionMeta,
  type StackTable,
  type ThreadSamples,
  threadState,
} from './session/session.ts';
export type { Seconds, UnixSeconds } from './session/units.ts';
export { type ErrorCode, TimesinkError } from './util/errors.ts';
