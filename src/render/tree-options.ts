/** Which options do all formats share that show call trees? */
import type { TreeOptions } from '../tree/pipeline.ts';
import type { ChoiceOption, OptionTable, OptionValues } from './options.ts';

/** What takes a smaller part of the whole is left out of reports unless they are asked for more. */
export const leastShownShare = 0.01;

/** Named as pyinstrument names them. */
export const treeOptionTable = {
  show_all: { kind: 'flag', help: 'keep every frame: library code, import machinery, the smallest times' },
  timeline: { kind: 'flag', help: 'keep the order of time instead of adding repeated calls together' },
  processor_options: {
    kind: 'group',
    help: 'how frames are chosen',
    options: {
      filter_threshold: {
        kind: 'number',
        default: leastShownShare,
        help: 'least share of the whole that a frame must have',
      },
      hide_regex: { kind: 'pattern', help: 'hide frames whose file path matches' },
      show_regex: { kind: 'pattern', help: 'show frames whose file path matches; wins over hide_regex' },
    },
  },
} as const satisfies OptionTable;

/** For formats that people read; others keep every level. */
export const recursionOption: ChoiceOption<'folded' | 'full'> = {
  kind: 'choice',
  choices: ['folded', 'full'],
  help: 'a function that calls itself five times or deeper: one line, or one for each level',
};

/** What the tree is to be made with. */
export function treeOptions(values: OptionValues<typeof treeOptionTable>): TreeOptions {
  const { filter_threshold, hide_regex, show_regex } = values.processor_options;
  return {
    showAll: values.show_all,
    timeline: values.timeline,
    filterThreshold: filter_threshold,
    hide: hide_regex,
    show: show_regex,
  };
}
