/** How do the lines of a file look? */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { escapeControls } from '../../../src/render/terminal-text.ts';
import { displayName } from '../../../src/tree/call-node.ts';
import { shareOf } from '../../../src/tree/heat.ts';
import { columnFormat, countText, type FormatShare, microsecondTime, percentText, unitLabel } from '../../format.ts';
import { usePage } from '../../page.ts';
import { shownText } from '../../parts/function-name.tsx';
import { HeatBar } from '../../parts/heat-bar.tsx';
import { RowGrid, useRowHeight } from '../../parts/row-grid.tsx';
import { markWords } from './highlight.ts';
import type { GapRow, LineRow } from './source-rows.ts';
import { type SourceControl, sourceLists } from './use-source-control.ts';

/** Longer lines are cut: nobody wrote them by hand. */
const longestLine = 1000;

/** Lines of text stand closer than rows that are pressed; for fingers there is some room. CSS pixels. */
const lineHeights = { fine: 20, coarse: 28 } as const;

/** Line number, times, text. */
export function SourceGrid({ control }: { readonly control: SourceControl }): VNode {
  const { state, model } = usePage();
  const { time } = state.options;
  const formatTime = useMemo(() => columnFormat(time, model.session.meta.maxInterval), [time, model]);
  const { rows, text } = control;
  const isCoarse = useRowHeight() > 24;
  const unit = unitLabel[time];
  const longest = useMemo(() => Math.min(longestLine, longestOf(text)), [text]);
  return (
    <div class="pane source-pane">
      <div class="source-width" style={{ '--longest': `${longest}ch` }}>
        <RowGrid
          name={sourceLists.lines}
          label="Lines"
          class="source-lines"
          columnCount={4}
          count={rows.length}
          current={control.current}
          rowHeight={isCoarse ? lineHeights.coarse : lineHeights.fine}
          rowClass={(index) => (rows[index]?.kind === 'gap' ? 'gap' : '')}
          headings={
            <>
              <span class="gutter">
                <span role="columnheader" class="number">
                  Line
                </span>
                <span role="columnheader" class="number" title="Time in the line and all that it called">
                  Total {unit}
                </span>
                <span
                  role="columnheader"
                  class="number self"
                  title="Time in the line itself and the built-in functions that it called"
                >
                  Self {unit}
                </span>
              </span>
              <span role="columnheader">{text === null ? 'Function' : 'Source'}</span>
            </>
          }
          renderCells={(index) => {
            const row = rows[index];
            if (row === undefined) return null;
            return row.kind === 'gap' ? (
              <GapCell row={row} />
            ) : (
              <LineCells row={row} control={control} formatTime={formatTime} />
            );
          }}
          onPoint={control.point}
        />
      </div>
    </div>
  );
}

/** In characters, tabs counted as the style sheet draws them. */
function longestOf(text: readonly string[] | null): number {
  let longest = 0;
  for (const line of text ?? []) {
    const tabs = line.includes('\t') ? line.split('\t').length - 1 : 0;
    longest = Math.max(longest, line.length + tabs * 3);
  }
  return longest;
}

interface LineCellsProps {
  readonly row: LineRow;
  readonly control: SourceControl;
  readonly formatTime: FormatShare;
}

function LineCells({ row, control, formatTime }: LineCellsProps): VNode {
  const { times } = row;
  const { total } = control.lines.table;
  return (
    <>
      <span class="gutter">
        <span role="gridcell" class="number faint">
          {row.line}
        </span>
        <TimeCell seconds={times?.total} total={total} formatTime={formatTime} class="" />
        <TimeCell seconds={times?.self} total={total} formatTime={formatTime} class="self" />
      </span>
      <span role="gridcell" class={`code${times === undefined ? ' cold' : ''}`}>
        {row.text === null ? <WithoutText row={row} control={control} /> : <Code row={row} words={control.words} />}
      </span>
    </>
  );
}

interface TimeCellProps {
  readonly seconds: number | undefined;
  readonly total: number;
  readonly formatTime: FormatShare;
  readonly class: string;
}

/** Empty for lines without time: most lines have none. */
function TimeCell({ seconds = 0, total, formatTime, ...rest }: TimeCellProps): VNode {
  return (
    <span
      role="gridcell"
      class={`number time ${rest.class}`}
      title={seconds > 0 ? `${microsecondTime(seconds)}, ${percentText(seconds, total)}` : undefined}
    >
      {seconds > 0 ? (
        <>
          <HeatBar share={shareOf(seconds, total)} />
          <b>{formatTime(seconds, total)}</b>
        </>
      ) : null}
    </span>
  );
}

function Code({ row, words }: { readonly row: LineRow; readonly words: readonly string[] }): VNode {
  const text = row.text ?? '';
  const shown = escapeControls(text.length > longestLine ? `${text.slice(0, longestLine)}…` : text);
  const parts = markWords(shown, words);
  return <bdi>{parts.map(({ text: part, isFound }, index) => (isFound ? <mark key={index}>{part}</mark> : part))}</bdi>;
}

/** The function that the line is part of, in place of what it says. */
function WithoutText({ row, control }: { readonly row: LineRow; readonly control: SourceControl }): VNode | null {
  const { model } = usePage();
  const frame = row.times?.frame;
  if (frame === undefined) return null;
  const name = displayName({ frame, className: model.classOf(model.functionNumber(frame)) });
  return (
    <span class="detail">
      <bdi>{shownText(name)}</bdi>
      {control.text === null ? '' : ' — past the end of the file'}
    </span>
  );
}

function GapCell({ row }: { readonly row: GapRow }): VNode {
  return (
    <span role="gridcell" class="gap-text" aria-colspan={4}>
      ⋯ {countText(row.to - row.from + 1)} lines without time
    </span>
  );
}
