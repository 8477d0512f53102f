/** How does something open over the page, and close again? */
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What a popover needs. */
export interface PopoverProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Takes the focus, closes on a press outside of it and of what it belongs to, and gives the focus back. */
export function Popover({ label, onClose, children }: PopoverProps): VNode {
  const place = useRef<HTMLDivElement>(null);
  // At once: keys that are pressed next are already meant for what is in it.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    place.current?.querySelector<HTMLElement>('input:checked, input, button, select')?.focus({ preventScroll: true });
    const closeOutside = (event: PointerEvent): void => {
      const owner = place.current?.parentElement;
      if (event.target instanceof Node && owner?.contains(event.target) !== true) onClose();
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      if (opener instanceof HTMLElement && place.current?.contains(document.activeElement) !== false) opener.focus();
    };
  }, []);
  return (
    <div
      ref={place}
      class="popover"
      role="dialog"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      {children}
    </div>
  );
}
