/** How does the table of functions look? */
import type { ComponentChildren, VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { FunctionTimes } from '../../../src/tree/function-table.ts';
import { shareOf } from '../../../src/tree/heat.ts';
import { columnFormat, countText, type FormatShare, microsecondTime, percentText, unitLabel } from '../../format.ts';
import { usePage } from '../../page.ts';
import { FunctionName, shownText } from '../../parts/function-name.tsx';
import { HeatBar } from '../../parts/heat-bar.tsx';
import { RowGrid, useRowHeight } from '../../parts/row-grid.tsx';
import type { FunctionColumn } from './sort-functions.ts';
import { type FunctionControl, functionLists } from './use-function-control.ts';

/** What the table needs. */
export interface FunctionGridProps {
  readonly control: FunctionControl;
  readonly isPending: boolean;
}

/** Numbers first, as in the call tree. */
export function FunctionGrid({ control, isPending }: FunctionGridProps): VNode {
  const { state, model } = usePage();
  const { time } = state.options;
  const formatTime = useMemo(() => columnFormat(time, model.session.meta.maxInterval), [time, model]);
  const rowHeight = useRowHeight();
  const hasPercent = time === 'seconds';
  return (
    <div class="pane function-pane">
      <Tools control={control} />
      <RowGrid
        name={functionLists.all}
        label="Functions"
        class={`functions ${hasPercent ? '' : 'no-percent'}`}
        columnCount={hasPercent ? 7 : 5}
        count={control.rows.length}
        current={control.current}
        rowHeight={rowHeight}
        isBusy={isPending}
        headings={<Headings control={control} hasPercent={hasPercent} />}
        renderCells={(index) => {
          const entry = control.rows[index];
          if (entry === undefined) return null;
          return <Cells control={control} entry={entry} formatTime={formatTime} hasPercent={hasPercent} />;
        }}
        onPoint={control.point}
      />
    </div>
  );
}

function Tools({ control }: { readonly control: FunctionControl }): VNode {
  const { state } = usePage();
  const [shown, all] = [control.rows.length, control.table.functions.length];
  return (
    <div class="table-tools">
      <p class="detail clip" role="status">
        {state.search === '' || shown === all
          ? `${countText(all)} ${all === 1 ? 'function' : 'functions'}`
          : `${countText(shown)} of ${countText(all)} functions match “${shownText(state.search)}”`}
      </p>
    </div>
  );
}

function Headings({ control, hasPercent }: { readonly control: FunctionControl; readonly hasPercent: boolean }): VNode {
  const { state } = usePage();
  const unit = unitLabel[state.options.time];
  return (
    <>
      <Heading control={control} column="self" class="number" tip="Time in the function itself">
        Self {unit}
      </Heading>
      {hasPercent ? <PercentHeading tip="Self time as a share of the whole" /> : null}
      <Heading control={control} column="total" class="number" tip="Time in the function and all that it called">
        Total {unit}
      </Heading>
      {hasPercent ? <PercentHeading tip="Total time as a share of the whole" /> : null}
      <Heading control={control} column="callSites" class="number sites" tip="From how many lines it was called">
        Sites
      </Heading>
      <Heading control={control} column="name" class="" tip="Name, with its class">
        Function
      </Heading>
      <Heading control={control} column="place" class="location" tip="File and first line">
        Location
      </Heading>
    </>
  );
}

interface HeadingProps {
  readonly control: FunctionControl;
  readonly column: FunctionColumn;
  readonly class: string;
  readonly tip: string;
  readonly children: ComponentChildren;
}

function Heading({ control, column, tip, children, ...rest }: HeadingProps): VNode {
  const { sort } = control;
  const isSorted = sort.column === column;
  const order = !isSorted ? 'none' : sort.isDescending ? 'descending' : 'ascending';
  return (
    <span role="columnheader" class={rest.class} aria-sort={order}>
      <button type="button" class="sort" title={`${tip}. Press to sort.`} onClick={() => control.sortBy(column)}>
        {children}
        <span aria-hidden="true">{isSorted ? (sort.isDescending ? ' ▾' : ' ▴') : ''}</span>
      </button>
    </span>
  );
}

function PercentHeading({ tip }: { readonly tip: string }): VNode {
  return (
    <span role="columnheader" class="number percent" title={tip}>
      %
    </span>
  );
}

interface CellsProps {
  readonly control: FunctionControl;
  readonly entry: FunctionTimes;
  readonly formatTime: FormatShare;
  readonly hasPercent: boolean;
}

function Cells({ control, entry, formatTime, hasPercent }: CellsProps): VNode {
  const { total } = control.table;
  const place = control.placeOf(entry);
  const name = control.nameOf(entry);
  const selfShare = shareOf(entry.self, total);
  return (
    <>
      <span role="gridcell" class="number time" title={microsecondTime(entry.self)}>
        <HeatBar share={selfShare} />
        <b class={selfShare >= largeShare ? 'large' : ''}>{formatTime(entry.self, total)}</b>
      </span>
      {hasPercent ? <Percent seconds={entry.self} total={total} /> : null}
      <span role="gridcell" class="number" title={microsecondTime(entry.total)}>
        {formatTime(entry.total, total)}
      </span>
      {hasPercent ? <Percent seconds={entry.total} total={total} /> : null}
      <span role="gridcell" class="number sites faint">
        {entry.callSites === 0 ? '' : countText(entry.callSites)}
      </span>
      <span role="gridcell" class="function" title={shownText(name)}>
        <FunctionName
          name={name}
          place=""
          isApplication={control.originOf(entry.frame.file) === 'application'}
          isFound={control.isFound(entry)}
        />
      </span>
      <span role="gridcell" class="location" title={shownText(entry.frame.file ?? '')}>
        <bdi class="place" dir="ltr">
          {shownText(place)}
        </bdi>
      </span>
    </>
  );
}

/** As in the call tree: from here on numbers are bold. */
const largeShare = 0.15;

function Percent({ seconds, total }: { readonly seconds: number; readonly total: number }): VNode {
  return (
    <span role="gridcell" class="number percent faint">
      {percentText(seconds, total)}
    </span>
  );
}
