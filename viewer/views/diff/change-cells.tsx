/** How is a change drawn? Two numbers, a bar to either side, the change with its sign, and a word; colour only repeats it. */
import type { VNode } from 'preact';
import type { Change, FormatChange } from '../../../src/render/diff-numbers.ts';
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { microsecondTime } from '../../format.ts';

/** What of the comparison a row needs to write its numbers. */
export interface ChangeFormat {
  readonly format: FormatChange;
  /** Whether numbers are shares. */
  readonly normalize: boolean;
}

/** What the cells need. */
export interface ChangeCellsProps extends ChangeFormat {
  readonly change: Change;
  /** The largest change of the table, without its sign. */
  readonly largest: number;
  readonly role?: 'cell' | 'gridcell';
}

/** `unclear` where nothing changed, or it may be chance. */
function directionOf({ change, isWithinNoise }: Change): 'slower' | 'faster' | 'unclear' {
  if (change === 0 || isWithinNoise) return 'unclear';
  return change > 0 ? 'slower' : 'faster';
}

/** Four cells: before, after, change, change in percent. */
export function ChangeCells({ change, largest, format, normalize, role = 'gridcell' }: ChangeCellsProps): VNode {
  const columns = format(change);
  const direction = directionOf(change);
  const width = largest > 0 ? Math.min(50, (Math.abs(change.change) / largest) * 50) : 0;
  const side = change.change < 0 ? 'right' : 'left';
  const tip = tipOf(change, normalize);
  return (
    <>
      <span role={role} class="number">
        {columns.before}
      </span>
      <span role={role} class="number">
        {columns.after}
      </span>
      <span role={role} class={`number change ${direction}`} title={tip}>
        <span class="sides" aria-hidden="true">
          <i style={{ width: `${width.toFixed(2)}%`, [side]: '50%' }} />
        </span>
        <b>{columns.change}</b>
      </span>
      <span role={role} class={`number relative ${direction}`} title={tip}>
        {change.status === 'new' || change.status === 'gone' ? (
          <span class="chip">{columns.relative}</span>
        ) : (
          columns.relative
        )}
      </span>
    </>
  );
}

function tipOf({ before, after, change, isWithinNoise }: Change, normalize: boolean): string {
  const exact = (value: number): string => (normalize ? `${formatFixed(value * 100, 4)} %` : microsecondTime(value));
  const word = change === 0 ? 'the same' : `${exact(Math.abs(change))} ${change > 0 ? 'more' : 'less'}`;
  const chance = isWithinNoise ? '\nThis may be chance: sampling alone makes changes of this size.' : '';
  return `${exact(before)} before, ${exact(after)} after: ${word}${chance}`;
}
