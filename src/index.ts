/**
 * What can a Node.js program, or a report format of one's own, import? Reads saved recordings, and renders them as the command
 * line does.
 */
export { findRenderer, inferRenderer, renderers } from './formats.ts';
export type { CustomRenderer } from './render/custom-renderer.ts';
export type { OptionSpec, OptionTable, OptionValues } from './render/options.ts';
export {
  defineRenderer,
  type RenderContext,
  type Renderer,
  type RendererSpec,
  type RenderOptions,
  type SourceReader,
} from './render/renderer.ts';
export { escapeControls } from './render/terminal-text.ts';
export { treeOptions, treeOptionTable } from './render/tree-options.ts';
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
export { type CallNode, displayName, type FrameIdentity, visitNodes } from './tree/call-node.ts';
export { buildReportTree, type ReportTree, type TreeOptions } from './tree/pipeline.ts';
export { mainThread } from './tree/shown-threads.ts';
export { type ErrorCode, TimesinkError } from './util/errors.ts';
