/** How does the page stay alive while something large is worked out? */
import { useEffect, useRef, useState } from 'preact/hooks';

/** A value, and whether it is that of before, because the new one is not there yet. */
export interface Prepared<Value> {
  readonly value: Value | undefined;
  readonly isPending: boolean;
}

/**
 * What `make` gives; it must remember its results. What is quick, or known already, is there at once; else it is made once
 * the browser has drawn that something is going on.
 */
export function usePrepared<Value>(make: () => Value, isQuick: boolean): Prepared<Value> {
  const latest = useRef<Value | undefined>(undefined);
  const [, redraw] = useState(0);
  useEffect(() => {
    if (isQuick) return undefined;
    const timer = setTimeout(() => {
      make();
      redraw((count) => count + 1);
    }, 20);
    return () => clearTimeout(timer);
  });
  if (!isQuick) return { value: latest.current, isPending: true };
  latest.current = make();
  return { value: latest.current, isPending: false };
}
