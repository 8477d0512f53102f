/** Is the page about to be printed? */
import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** True from just before until after printing; what is drawn then is there before the printer looks. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false);
  useEffect(() => {
    const before = (): void => setAtOnce(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinting;
}

/** Draws without waiting for the end of the current task. */
function setAtOnce(change: () => void): void {
  const usual = options.debounceRendering;
  options.debounceRendering = (draw) => draw();
  try {
    change();
  } finally {
    if (usual === undefined) delete options.debounceRendering;
    else options.debounceRendering = usual;
  }
}
