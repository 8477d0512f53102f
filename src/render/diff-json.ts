/** The comparison of two recordings that programs read. */
import type { CallPair } from '../tree/align-calls.ts';
import { type CallNode, isSynthetic } from '../tree/call-node.ts';
import type { DiffNode } from '../tree/diff.ts';
import { type DiffTree, diffSessions, type ProcessDiff, type ThreadDiff } from '../tree/diff-sessions.ts';
import type { Pair } from '../tree/paired-threads.ts';
import { nodeShortPath } from '../tree/short-path.ts';
import { BoundedText } from './bounded-text.ts';
import type { Change } from './diff-numbers.ts';
import {
  type ComparedSession,
  type DiffRenderer,
  defineDiffRenderer,
  diffOptionTable,
  diffSessionsOptions,
} from './diff-renderer.ts';
import { formatFixed } from './fixed-point.ts';
import type { OptionValues } from './options.ts';
import { escapeControlsInJson } from './terminal-text.ts';
import { exporterName } from './text-header.ts';

/** `diff -r json`. */
export const diffJsonRenderer: DiffRenderer = defineDiffRenderer({
  name: 'json',
  aliases: [],
  extensions: ['.json'],
  summary: 'the same for programs to read',
  options: diffOptionTable,
  run: renderDiffJson,
});

/** Grows when a member gets another meaning or goes away; new ones may come at any time. */
const formatVersion = 1;

/** The comparison as `diff -r json` writes it. */
export function renderDiffJson(
  before: ComparedSession,
  after: ComparedSession,
  values: OptionValues<typeof diffOptionTable>,
): string {
  const text = new BoundedText('json');
  const head = {
    version: formatVersion,
    exporter: exporterName,
    unit: values.normalize ? 'share' : 'seconds',
    before: sessionMembers(before),
    after: sessionMembers(after),
  };
  const { shown } = diffSessions(before.session, after.session, diffSessionsOptions(values));
  text.add(`${openObject(head)},"threads":[`);
  const threads = shown.flatMap((process) => process.shown.map((thread) => ({ process, thread })));
  threads.forEach(({ process, thread }, index) => {
    text.add(`${comma(index)}${openObject(threadMembers(process, thread))},"functions":[`);
    addFunctions(text, thread);
    text.add('],"root_frame":');
    if (thread.tree === null) text.add('null');
    else addTree(text, thread.tree, thread);
    text.add('}');
  });
  text.add(']}\n');
  return text.finish();
}

function sessionMembers({ name, session: { meta } }: ComparedSession): object {
  return {
    name,
    target_description: meta.description,
    start_time: rounded(meta.startTime),
    duration: rounded(meta.duration),
    cpu_time: rounded(meta.cpuTime),
    sample_count: meta.sampleCount,
    interval: rounded(meta.maxInterval),
  };
}

function threadMembers({ process }: ProcessDiff, { times, least }: ThreadDiff): object {
  const thread = (times.after ?? times.before)?.thread;
  return {
    process_id: each(process, ({ pid }) => pid),
    thread_id: each(times, ({ thread }) => thread.tid),
    name: thread?.name ?? '',
    is_main: thread?.isMain ?? false,
    running_time: each(times, ({ running }) => rounded(running)),
    least_change: rounded(least),
  };
}

/** What is known of either side; null where there is none. */
function each<T, Value>({ before, after }: Pair<T>, value: (side: T) => Value): Pair<Value> {
  return { before: before === null ? null : value(before), after: after === null ? null : value(after) };
}

/** Those whose own time changed enough, largest change first. */
function addFunctions(text: BoundedText, { functions, least, names }: ThreadDiff): void {
  const changed = functions.filter(({ change }) => Math.abs(change) >= least);
  changed.forEach((entry, index) => {
    const code = codeMembers(entry.calls, { before: null, after: null }, names, entry.isApplication);
    text.add(`${comma(index)}${openObject({ ...code, ...changeMembers(entry) })}}`);
  });
}

type Pending =
  | { readonly kind: 'call'; readonly node: DiffNode; readonly caller: CallPair }
  | { readonly kind: 'text'; readonly text: string };

/** Written without recursion: trees may be deeper than `JSON.stringify` can go. */
function addTree(text: BoundedText, tree: DiffTree, { names }: ThreadDiff): void {
  const pending: Pending[] = [{ kind: 'call', node: tree.root, caller: { before: null, after: null } }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'text') {
      text.add(next.text);
      continue;
    }
    const { node, caller } = next;
    const code = codeMembers(node.calls, caller, names, tree.application.has(node));
    text.add(`${openObject({ ...code, ...changeMembers(node) })},"children":[`);
    pending.push({ kind: 'text', text: ']}' });
    for (let index = node.children.length - 1; index >= 0; index--) {
      pending.push({ kind: 'call', node: node.children[index] as DiffNode, caller: node.calls });
      if (index > 0) pending.push({ kind: 'text', text: ',' });
    }
  }
}

/** Described as it is after or, where it is gone, as it was. */
function codeMembers(
  calls: CallPair,
  caller: CallPair,
  names: ThreadDiff['names'],
  isApplication: boolean,
): Readonly<Record<string, unknown>> {
  const side = calls.after === null ? 'before' : 'after';
  const node = calls[side] as CallNode;
  const { functionName, file, firstLine } = node.frame;
  return {
    function: functionName,
    ...(node.className === null ? {} : { class_name: node.className }),
    file_path_short: nodeShortPath(node, caller[side], names[side]),
    file_path: isSynthetic(node) ? '' : (file ?? ''),
    line_no: firstLine,
    ...(calls.before === null || calls.after === null ? {} : { line_no_before: calls.before.frame.firstLine }),
    is_application_code: isApplication,
  };
}

function changeMembers({ status, before, after, change, isWithinNoise }: Change): object {
  return {
    status,
    before: rounded(before),
    after: rounded(after),
    change: rounded(change),
    is_within_noise: isWithinNoise,
  };
}

/** To a millionth, as the json report of one recording. */
function rounded(value: number): number {
  return Number(formatFixed(value, 6)) + 0;
}

function comma(index: number): string {
  return index === 0 ? '' : ',';
}

/** An object as JSON, without its closing brace. */
function openObject(members: object): string {
  return escapeControlsInJson(JSON.stringify(members)).slice(0, -1);
}
