/** What is the box under the pointer? */
import type { VNode } from 'preact';

/** One fact: its name, and what it is. */
export type TooltipFact = readonly [name: string, value: string];

/** What a tip says, and where. */
export interface TooltipProps {
  readonly name: string;
  readonly colour: string;
  readonly facts: readonly TooltipFact[];
  readonly place: string;
  /** CSS pixels from the left top corner of what the tip lies over, and how much room there is. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Beside the pointer, where there is more room. Those who cannot see it hear the same when they go to a box by keys. */
export function Tooltip({ name, colour, facts, place, x, y, width, height }: TooltipProps): VNode {
  const style = {
    ...(x > width / 2 ? { right: `${width - x + 12}px` } : { left: `${x + 14}px` }),
    ...(y > height / 2 ? { bottom: `${height - y + 12}px` } : { top: `${y + 18}px` }),
  };
  return (
    <div class="tip" aria-hidden="true" style={style}>
      <p class="name">
        <i style={{ background: colour }} />
        <bdi>{name}</bdi>
      </p>
      <dl>
        {facts.map(([fact, value]) => (
          <div key={fact}>
            <dt>{fact}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {place === '' ? null : (
        <p class="place">
          <bdi>{place}</bdi>
        </p>
      )}
    </div>
  );
}
