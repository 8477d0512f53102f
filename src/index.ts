/**
 * What can a Node.js program, or a report format of one's own, import? Reads saved recordings, and cuts, merges, compares and
 * renders them as the command line does. docs/library.md shows it.
 */

export type { AsyncMode } from './capture/node/region/region.ts';
export {
  diffRenderers,
  findDiffRenderer,
  findRenderer,
  inferDiffRenderer,
  inferRenderer,
  renderers,
} from './formats.ts';
export { ProfiledCall, Profiler, profile } from './node-api/profiler.ts';
export type { ProfilerOptions } from './node-api/profiler-options.ts';
export { type PrintOptions, RecordedSession, type ReportOptions } from './node-api/recorded-session.ts';
export type { CustomRenderer } from './render/custom-renderer.ts';
export type { ComparedSession, DiffRenderer } from './render/diff-renderer.ts';
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
export type { TimeSpan } from './session/cut-time.ts';
export { encodeSession, readSession } from './session/file.ts';
export type { FrameIndex, Pid, ProcessIndex, StackIndex, Tid } from './session/ids.ts';
export { mergeSessions } from './session/merge.ts';
export type { MergeMode } from './session/merge-meta.ts';
export { type Selection, selectSession } from './session/select.ts';
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
export { type Seconds, seconds, type UnixSeconds } from './session/units.ts';
export { type CallNode, displayName, type FrameIdentity, visitNodes } from './tree/call-node.ts';
export type { DiffNode } from './tree/diff.ts';
export {
  type ChangedFunction,
  type DiffSessionsOptions,
  type DiffTree,
  diffSessions,
  type ProcessDiff,
  type SessionDiff,
  type ThreadDiff,
} from './tree/diff-sessions.ts';
export { buildReportTree, type ReportTree, type TreeOptions } from './tree/pipeline.ts';
export { mainThread } from './tree/shown-threads.ts';
export { type ErrorCode, TimesinkError } from './util/errors.ts';
