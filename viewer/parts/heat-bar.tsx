/** How is a share of the whole drawn? As a bar: its length says it, its colour only repeats it. */
import type { VNode } from 'preact';
import { heatOf } from '../../src/tree/heat.ts';

/** @param share of the whole, 0 to 1 */
export function HeatBar({ share }: { readonly share: number }): VNode {
  const percent = Math.min(100, Math.max(0, share * 100));
  return (
    <span class={`bar ${heatOf(share)}`} aria-hidden="true">
      <i style={{ width: `${percent.toFixed(2)}%` }} />
    </span>
  );
}
