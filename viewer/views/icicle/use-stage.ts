/** How does a canvas follow the page: its size, its theme, what it is to show? */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { usePage } from '../../page.ts';
import { type GestureReceiver, listenToGestures } from './gestures.ts';
import type { Scene } from './scene.ts';
import { Stage, type StageView } from './stage.ts';

/** What the canvas' element and the rest of the view need. */
export interface StageControl {
  readonly canvas: RefObject<HTMLCanvasElement | null>;
  /** Null until the canvas is there. */
  readonly stage: Stage | null;
}

/** What the stage tells. */
export interface StageReceiver extends GestureReceiver {
  /** After each drawing. */
  onDrawn(stage: Stage): void;
}

/**
 * @param name begins with the view's id; under it the viewport is kept while other views are shown
 */
export function useStage(name: string, scene: Scene, receiver: StageReceiver): StageControl {
  const { kept, theme } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(receiver);
  latest.current = receiver;
  const [stage, setStage] = useState<Stage | null>(null);
  useLayoutEffect(() => {
    if (canvas.current === null) return undefined;
    const made = new Stage(canvas.current, scene, (kept.get(name) as StageView | undefined) ?? null);
    const ended = new AbortController();
    made.onDrawn = () => {
      kept.set(name, { view: made.target, scroll: made.scroll } satisfies StageView);
      latest.current.onDrawn(made);
    };
    listenToGestures(made, () => latest.current, ended.signal);
    followSize(made, ended.signal);
    followTheme(made, ended.signal);
    followPrinting(made, ended.signal);
    setStage(made);
    return () => {
      ended.abort();
      made.stop();
    };
  }, [kept, name]);
  useLayoutEffect(() => {
    if (stage !== null && stage.scene !== scene) stage.setScene(scene);
  }, [stage, scene]);
  // The page's own choice of a theme is in force only after the page was drawn with it.
  useEffect(() => {
    const timer = setTimeout(() => stage?.setTheme(), 0);
    return () => clearTimeout(timer);
  }, [stage, theme]);
  return { canvas, stage };
}

function followSize(stage: Stage, signal: AbortSignal): void {
  const { canvas } = stage;
  const observer = new ResizeObserver(() => stage.resize(canvas.clientWidth, canvas.clientHeight));
  observer.observe(canvas);
  signal.addEventListener('abort', () => observer.disconnect());
  stage.resize(canvas.clientWidth, canvas.clientHeight);
}

function followTheme(stage: Stage, signal: AbortSignal): void {
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', () => stage.setTheme(), { signal });
  }
  // Moving a window to another screen changes how many pixels there are.
  matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener('change', () => stage.redraw(), {
    signal,
  });
}

function followPrinting(stage: Stage, signal: AbortSignal): void {
  let undo = (): void => {};
  const begin = (): void => {
    undo = stage.print();
  };
  window.addEventListener('beforeprint', begin, { signal });
  window.addEventListener('afterprint', () => undo(), { signal });
}
