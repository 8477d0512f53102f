/** Which buttons do both views have, and what do they show while they have nothing to draw? */
import type { ComponentChildren, VNode } from 'preact';
import { formatFixed } from '../../../src/render/fixed-point.ts';
import { CommandButton } from '../../parts/command-button.tsx';

/** Buttons for what keys do with the canvas; the view's own ones beside them. */
export function IcicleTools({ children }: { readonly children?: ComponentChildren }): VNode {
  return (
    <div class="icicle-tools">
      <CommandButton command="zoom-out" class="quiet icon" label="Zoom out">
        −
      </CommandButton>
      <CommandButton command="zoom-in" class="quiet icon" label="Zoom in">
        +
      </CommandButton>
      <CommandButton command="reset-zoom" hasKeyCap class="quiet">
        Show all
      </CommandButton>
      <CommandButton command="fit" class="quiet">
        Fit frame
      </CommandButton>
      {children}
    </div>
  );
}

/** How far long work is. */
export function Working({ progress }: { readonly progress: number }): VNode {
  return (
    <div class="empty">
      <p>Laying out samples… {formatFixed(progress * 100, 0)} %</p>
      <progress value={progress} aria-label="Laying out samples" />
    </div>
  );
}

/** Why there is nothing. */
export function NothingToDraw({ isRecorded }: { readonly isRecorded: boolean }): VNode {
  return (
    <p class="empty">
      {isRecorded
        ? 'Nothing is left: all samples were filtered out. Backspace takes back the last step.'
        : 'No samples were recorded.'}
    </p>
  );
}
