/** Which steps may a Python program run on a tree of its own? pyinstrument's eight, by their names there. */
import { checkOptions } from '../render/options.ts';
import { treeOptionTable } from '../render/tree-options.ts';
import type { CallNode } from '../tree/call-node.ts';
import { applicationNodes, originRule } from '../tree/library-rule.ts';
import { aggregateRepeatedCalls } from '../tree/processors/aggregate-repeated-calls.ts';
import { groupLibraryFrames } from '../tree/processors/group-library-frames.ts';
import { mergeConsecutiveSelfTime } from '../tree/processors/merge-consecutive-self-time.ts';
import { removeImportlib } from '../tree/processors/remove-importlib.ts';
import { removeIrrelevantNodes } from '../tree/processors/remove-irrelevant-nodes.ts';
import { removeLauncherFrames } from '../tree/processors/remove-launcher-frames.ts';
import { removeTracebackhide } from '../tree/processors/remove-tracebackhide.ts';
import { removeUnnecessarySelfTime } from '../tree/processors/remove-unnecessary-self-time.ts';
import { rewriteTree, withChildren } from '../tree/rewrite.ts';
import { type ColumnNode, columnsFromTree, treeFromColumns } from './frame-columns.ts';
import type { FrameTree, ProcessorStep } from './protocol.ts';
import { RequestError } from './request-error.ts';

const options = treeOptionTable.processor_options.options;

type Options = ReturnType<typeof checkOptions<typeof options>>;

/** Makes a new tree; `sysPrefixes` tells libraries from the application. */
type Processor = (root: CallNode, values: Options, sysPrefixes: readonly string[]) => CallNode;

const processors: Readonly<Record<string, Processor>> = {
  remove_importlib: removeImportlib,
  remove_tracebackhide: removeTracebackhide,
  merge_consecutive_self_time: mergeConsecutiveSelfTime,
  aggregate_repeated_calls: aggregateRepeatedCalls,
  remove_irrelevant_nodes: (root, values) => removeIrrelevantNodes(root, values.filter_threshold),
  remove_unnecessary_self_time_nodes: removeUnnecessarySelfTime,
  remove_first_pyinstrument_frames_processor: removeLauncherFrames,
  group_library_frames_processor: (root, { hide_regex, show_regex }, sysPrefixes) => {
    const application = applicationNodes(root, originRule({ sysPrefixes }));
    const groups = groupLibraryFrames(root, application, { hide: hide_regex, show: show_regex });
    const numbers = new Map([...new Set(groups.values())].map((group, number) => [group, number]));
    return rewriteTree(root, {
      rebuild: (node, children) => {
        const group = groups.get(node);
        const grouped = { ...node, group: group === undefined ? -1 : (numbers.get(group) ?? -1) };
        return withChildren(grouped, children);
      },
    });
  },
};

/**
 * Runs steps one after the other.
 * @throws TimesinkError USAGE for wrong options; RequestError for a processor that there is not
 */
export function processTree(
  tree: FrameTree,
  steps: readonly ProcessorStep[],
  sysPrefixes: readonly string[],
): FrameTree {
  let root: CallNode = treeFromColumns(tree);
  for (const { name, options: given } of steps) {
    const processor = Object.hasOwn(processors, name) ? processors[name] : undefined;
    if (processor === undefined) {
      throw new RequestError(
        'MALFORMED',
        `there is no processor ${JSON.stringify(name)}`,
        `There are: ${Object.keys(processors).join(', ')}.`,
      );
    }
    root = processor(root, checkOptions(options, given, name), sysPrefixes);
  }
  return columnsFromTree(root as ColumnNode);
}
