/** Which lines took the time? The text of files with the time of each line beside it. */
import type { VNode } from 'preact';
import { counted } from '../../../src/render/time-format.ts';
import { microsecondTime, percentText, shortTime } from '../../format.ts';
import { usePage } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { usePrepared } from '../../parts/use-prepared.ts';
import type { View } from '../view.ts';
import { FilePicker } from './file-picker.tsx';
import { HeatStrip } from './heat-strip.tsx';
import { LineDetails } from './line-details.tsx';
import { hasShownLines, shownLines } from './line-times.ts';
import { missingText } from './missing-text.ts';
import { SourceGrid } from './source-grid.tsx';
import { type SourceControl, useSourceControl } from './use-source-control.ts';
import './source.css';

/** A file, and below it where the current line was reached from and whom it called. */
export const sourceView: View = {
  id: 'source',
  title: 'Source',
  isAvailable: () => true,
  Component: Source,
};

function Source(): VNode {
  const { state, model } = usePage();
  const shown = model.shown(state);
  const { value: lines, isPending } = usePrepared(() => shownLines(shown), !model.isLarge || hasShownLines(shown));
  const control = useSourceControl(lines);
  if (lines === undefined) return <p class="empty">Adding up samples…</p>;
  if (model.session.threads.every(({ stack }) => stack.length === 0))
    return <p class="empty">No samples were recorded.</p>;
  if (control === null) return <p class="empty">None of the time that is shown was spent in a file.</p>;
  return (
    <div class="source-panes" aria-busy={isPending}>
      <div class="source-head">
        <Tools control={control} />
        <Remarks control={control} />
      </div>
      <div class="source-body">
        <SourceGrid control={control} />
        <HeatStrip control={control} />
      </div>
      <LineDetails control={control} />
    </div>
  );
}

function Tools({ control }: { readonly control: SourceControl }): VNode {
  const { times, lines, text, isHidingCold } = control;
  const { total } = lines.table;
  return (
    <div class="table-tools">
      <FilePicker control={control} />
      {times === undefined ? null : (
        <p class="detail file-times">
          <span title={`${microsecondTime(times.self)} in the lines of this file themselves`}>
            self {shortTime(times.self)} · {percentText(times.self, total)}
          </span>
          <span title={`${microsecondTime(times.total)} in this file and what it called`}>
            total {shortTime(times.total)} · {percentText(times.total, total)}
          </span>
        </p>
      )}
      <div class="line-tools">
        <CommandButton command="previous-hot" label="Line with time before" class="quiet icon">
          ↑
        </CommandButton>
        <CommandButton command="next-hot" label="Next line with time" class="quiet icon">
          ↓
        </CommandButton>
        {text === null ? null : (
          <CommandButton command="hide-cold" isPressed={isHidingCold} hasKeyCap>
            Hide cold lines
          </CommandButton>
        )}
      </div>
    </div>
  );
}

/** What a reader must know of the text. */
function Remarks({ control }: { readonly control: SourceControl }): VNode | null {
  const { model } = usePage();
  const { text, times, place } = control;
  const missing = text === null ? missingText(model.contents, place.file) : '';
  const beyond = text === null ? 0 : (times?.lines.filter(({ line }) => line > text.length).length ?? 0);
  const changed =
    beyond === 0
      ? ''
      : `The file has changed since it was recorded: ${counted(beyond, 'line')} with time ${beyond === 1 ? 'is' : 'are'} past its end.`;
  const remark = missing || changed;
  return remark === '' ? null : <p class={`remark ${changed === '' ? '' : 'changed'}`}>{remark}</p>;
}
