/** Who called something, or whom did it call? A list to go on from. */
import type { VNode } from 'preact';
import { shareOf } from '../../src/tree/heat.ts';
import { type FormatShare, microsecondTime, percentText, unitLabel } from '../format.ts';
import { usePage } from '../page.ts';
import { FunctionName, shownText } from './function-name.tsx';
import { HeatBar } from './heat-bar.tsx';
import { pathTail } from './path-tail.ts';
import { RowGrid, useRowHeight } from './row-grid.tsx';

/** What fits beside a name. */
const longestPlace = 40;

/** One function in the list. */
export interface CallEntry {
  readonly name: string;
  /** `path/file.py:12`, `''` where it has none. */
  readonly place: string;
  readonly seconds: number;
  readonly isApplication: boolean;
  readonly isFound: boolean;
  /** More about it, for its tip. */
  readonly tip: string;
}

/** What a list needs. */
export interface CallListProps {
  /** By which the view's keys know it. */
  readonly name: string;
  readonly title: string;
  /** Beside the title, such as `3 places`. */
  readonly count: string;
  /** `▲` or `▼`. */
  readonly sign: string;
  readonly entries: readonly CallEntry[];
  /** Seconds that the bars are parts of. */
  readonly whole: number;
  /** Seconds of the whole recording. */
  readonly total: number;
  readonly formatTime: FormatShare;
  readonly current: number;
  /** In place of an empty list. */
  readonly emptyText: string;
  readonly onGo: (index: number) => void;
}

/** A heading and rows: time, its share, name and place. */
export function CallList(props: CallListProps): VNode {
  const { name, title, sign, entries } = props;
  const { state } = usePage();
  const rowHeight = useRowHeight();
  return (
    <section class="call-list" aria-label={title}>
      <h2>
        <span aria-hidden="true">{sign}</span> {title}
        {entries.length === 0 ? null : <span class="detail"> {props.count}</span>}
      </h2>
      {entries.length === 0 ? (
        <p class="detail none">{props.emptyText}</p>
      ) : (
        <div class="pane">
          <RowGrid
            name={name}
            label={title}
            class="calls"
            columnCount={3}
            count={entries.length}
            current={props.current}
            rowHeight={rowHeight}
            headings={
              <>
                <span role="columnheader" class="number">
                  Time {unitLabel[state.options.time]}
                </span>
                <span role="columnheader" class="number" title="Share of the selected one’s time">
                  % of it
                </span>
                <span role="columnheader">Function</span>
              </>
            }
            renderCells={(index) => <Cells {...props} index={index} />}
            onPoint={props.onGo}
          />
        </div>
      )}
    </section>
  );
}

function Cells({ entries, whole, total, formatTime, index }: CallListProps & { readonly index: number }): VNode | null {
  const entry = entries[index];
  if (entry === undefined) return null;
  const { seconds } = entry;
  return (
    <>
      <span role="gridcell" class="number time" title={microsecondTime(seconds)}>
        <HeatBar share={shareOf(seconds, whole)} />
        <b>{formatTime(seconds, total)}</b>
      </span>
      <span role="gridcell" class="number faint">
        {percentText(seconds, whole)}
      </span>
      <span role="gridcell" class="function" title={shownText(entry.tip)}>
        <FunctionName {...entry} place={pathTail(entry.place, longestPlace)} />
      </span>
    </>
  );
}
