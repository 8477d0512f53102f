/** How does one look around in boxes? The canvas that the timeline and the flame graph share, with its keys, tip and words. */
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type CommandHandlers, useCommands, usePage } from '../../page.ts';
import { boxFacts } from './box-facts.ts';
import { currentBox, type KeptBox, nextMatch, type Step, stepFrom } from './current-box.ts';
import { DepthMap } from './depth-map.tsx';
import { functionTexts } from './function-facts.ts';
import { type Hit, trackAt } from './hit-test.ts';
import { boxOf, pathOf, spanOf } from './icicle.ts';
import { BoxColours, type ColourBy, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';
import { Tooltip } from './tooltip.tsx';
import { stackTracks, type TrackContent } from './track.ts';
import { useStage } from './use-stage.ts';
import { fitSpan, panBy, type Viewport, zoomAt } from './viewport.ts';

/** What differs between the two views. */
export interface IcicleCanvasProps {
  /** The view's id. */
  readonly name: 'timeline' | 'flame';
  /** For screen readers. */
  readonly label: string;
  readonly description: string;
  readonly contents: readonly TrackContent[];
  readonly whole: Viewport;
  readonly hasAxis: boolean;
  readonly colourBy: ColourBy;
  /** Whether paths of boxes begin at the root of the call tree. */
  readonly hasPaths: boolean;
  /** What other views are limited to. */
  readonly span: Viewport | null;
  readonly onChooseSpan: ((span: Viewport) => void) | null;
  /** The head of a track was pressed. */
  readonly onHead?: (thread: number) => void;
  /** After each drawing, for what is drawn around. */
  readonly onDrawn?: (stage: Stage) => void;
}

const rowHeights = { fine: 18, coarse: 26 } as const;
const axisHeight = 24;

/** One step of zooming by keys, and of moving, as part of the screen. */
const zoomStep = 1.6;
const panStep = 0.25;

/** Boxes, and everything that can be done with them. */
export function IcicleCanvas(props: IcicleCanvasProps): VNode {
  const { name, contents } = props;
  const { kept } = usePage();
  const [hover, setHover] = useState<{ readonly hit: Hit; readonly x: number; readonly y: number } | null>(null);
  const [drawn, setDrawn] = useState(0);
  const { scene, select, isSelecting } = useScene(props);
  const { canvas, stage } = useStage(`${name}.view`, scene, {
    onHover: (hit, x, y) => setHover(hit === null ? null : { hit, x, y }),
    onPoint(hit, _x, y) {
      setHover(null);
      if (hit !== null) select(hit, false);
      else if (stage !== null) pressHead(props, stage, y);
    },
    onDouble: (hit) => hit !== null && stage !== null && fitTo(stage, hit),
    onChooseSpan: props.onChooseSpan,
    onDrawn(drawnStage) {
      const before = kept.get(`${name}.drawn`);
      const now = `${drawnStage.scroll} ${drawnStage.height} ${drawnStage.mostScroll}`;
      kept.set(`${name}.drawn`, now);
      if (before !== now) setDrawn((count) => count + 1);
      props.onDrawn?.(drawnStage);
    },
  });
  useCommands(useHandlers(props, scene, stage, select));
  useLayoutEffect(() => {
    if (stage === null || !isSelecting.current || scene.current === null) return;
    isSelecting.current = false;
    stage.reveal(scene.current);
  }, [stage, scene]);
  const shownHover = hover !== null && contents.length > 0 ? hover : null;
  return (
    <div
      class={`stage ${hover === null ? '' : 'over-box'} ${stage !== null && stage.mostScroll > 0 ? 'scrolls' : ''}`}
      role="application"
      aria-roledescription={props.label.toLowerCase()}
      aria-label={`${props.label}. ${props.description}`}
      data-keys="canvas"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus and the keys.
      tabIndex={0}
    >
      <canvas ref={canvas} class="boxes" />
      {stage === null ? null : <DepthMap stage={stage} drawn={drawn} />}
      {shownHover === null || stage === null ? null : <BoxTip stage={stage} scene={scene} {...shownHover} />}
    </div>
  );
}

interface SceneControl {
  readonly scene: Scene;
  /** @param isMove by keys, so that the box must come onto the screen and be told of */
  readonly select: (hit: Hit, isMove: boolean) => void;
  readonly isSelecting: { current: boolean };
}

function useScene({ name, contents, whole, hasAxis, colourBy, hasPaths, span }: IcicleCanvasProps): SceneControl {
  const { state, model, dispatch, kept, announce } = usePage();
  const texts = functionTexts(model);
  const [keptBox, setKeptBox] = useState<KeptBox | null>((kept.get(`${name}.box`) as KeptBox | undefined) ?? null);
  const isSelecting = useRef(false);
  const rowHeight = useMemo(() => (matchMedia('(pointer: coarse)').matches ? rowHeights.coarse : rowHeights.fine), []);
  const tracks = useMemo(() => stackTracks(contents, rowHeight), [contents, rowHeight]);
  const found = useFound();
  const { selection } = state;
  const current = useMemo(() => currentBox(tracks, keptBox, selection), [tracks, keptBox, selection]);
  const scene = useMemo<Scene>(
    () => ({
      ...{ tracks, whole, rowHeight, colourBy, found, current, span },
      axisHeight: hasAxis ? axisHeight : 0,
      factsOf: texts.factsOf,
      selected: selection?.function ?? -1,
    }),
    [tracks, whole, rowHeight, colourBy, found, current, span, hasAxis, texts, selection],
  );
  const select = (hit: Hit, isMove: boolean): void => {
    const track = tracks[hit.track];
    if (track === undefined) return;
    const box = { icicle: track.icicle, place: hit.place };
    kept.set(`${name}.box`, box);
    setKeptBox(box);
    const of = boxOf(track.icicle, hit.place) ?? -1;
    const path = hasPaths ? { path: pathOf(track.icicle, hit.place) } : {};
    const thread = track.thread < 0 ? {} : { thread: track.thread };
    dispatch({ kind: 'select', selection: of < 0 ? null : { function: of, ...path, ...thread } });
    isSelecting.current = isMove;
    announce(boxFacts(tracks, hit, texts)?.spoken ?? '');
  };
  return { scene, select, isSelecting };
}

/** By function, whether the search found it. */
function useFound(): Uint8Array | null {
  const { state, model } = usePage();
  const found = model.search(state)?.found ?? null;
  return useMemo(() => {
    if (found === null) return null;
    const flags: number[] = [];
    for (let number = 0; ; number++) {
      const frame = model.functionOf(number);
      if (frame === undefined) return Uint8Array.from(flags);
      flags.push(found.has(frame.identifier) ? 1 : 0);
    }
  }, [found, model]);
}

function pressHead({ onHead }: IcicleCanvasProps, stage: Stage, y: number): void {
  const { scene, scroll } = stage;
  const below = y - scene.axisHeight + scroll;
  const track = scene.tracks[trackAt(scene.tracks, below)];
  if (track !== undefined && !stage.isAxis(y) && below < track.top + track.headHeight) onHead?.(track.thread);
}

function fitTo(stage: Stage, { track, place }: Hit): void {
  const owner = stage.scene.tracks[track];
  if (owner === undefined) return;
  const [begin, end] = spanOf(owner.icicle, place);
  stage.goTo(fitSpan(begin, end, stage.scene.whole));
}

function useHandlers(
  { onChooseSpan }: IcicleCanvasProps,
  scene: Scene,
  stage: Stage | null,
  select: SceneControl['select'],
): CommandHandlers {
  const { announce } = usePage();
  const move = (step: Step) => (): void => {
    const next = stepFrom(scene.tracks, scene.current, step);
    if (next !== null) select(next, true);
  };
  /** Before the canvas is there, nothing moves. */
  const withStage = (act: (shown: Stage) => void) => (): void => {
    if (stage !== null) act(stage);
  };
  const zoom = (factor: number): (() => void) =>
    withStage((shown) => shown.goTo(zoomAt(shown.target, zoomCentre(shown, scene), factor, scene.whole)));
  const pan = (part: number): (() => void) => withStage((shown) => shown.goTo(panBy(shown.target, part, scene.whole)));
  const scroll = (part: number): (() => void) =>
    withStage((shown) => shown.scrollTo(shown.scroll + shown.bodyHeight * part));
  const match = (direction: 1 | -1) => (): void => {
    const next = scene.found === null ? null : nextMatch(scene.tracks, scene.found, scene.current, direction);
    if (next === null) return;
    select(next.hit, true);
    announce(`Match ${next.number} of ${next.count}`);
  };
  return {
    'row-up': move('up'),
    'row-down': move('down'),
    close: move('left'),
    open: move('right'),
    first: move('first'),
    last: move('last'),
    'zoom-in': zoom(1 / zoomStep),
    'zoom-out': zoom(zoomStep),
    'pan-left': pan(-panStep),
    'pan-right': pan(panStep),
    'page-up': scroll(-0.8),
    'page-down': scroll(0.8),
    'reset-zoom': withStage((shown) => shown.goTo(scene.whole)),
    fit: withStage((shown) => scene.current !== null && fitTo(shown, scene.current)),
    'next-match': match(1),
    'previous-match': match(-1),
    ...(onChooseSpan === null ? {} : { 'limit-to-screen': withStage((shown) => onChooseSpan(shown.target)) }),
  };
}

/** The current box where it is on screen, else the middle. */
function zoomCentre(stage: Stage, { current, tracks }: Scene): number {
  const { begin, end } = stage.target;
  const track = current === null ? undefined : tracks[current.track];
  if (current !== null && track !== undefined) {
    const [from, to] = spanOf(track.icicle, current.place);
    if (from < end && to > begin) return (Math.max(from, begin) + Math.min(to, end)) / 2;
  }
  return (begin + end) / 2;
}

interface BoxTipProps {
  readonly stage: Stage;
  readonly scene: Scene;
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
}

function BoxTip({ stage, scene, hit, x, y }: BoxTipProps): VNode | null {
  const { model } = usePage();
  const facts = boxFacts(scene.tracks, hit, functionTexts(model));
  const icicle = scene.tracks[hit.track]?.icicle;
  if (facts === null || icicle === undefined) return null;
  const colours = new BoxColours(scene, stage.theme.palette);
  const colour = colours.colour(icicle, boxOf(icicle, hit.place) ?? -1, hit.place, icicle.edges.at(-1) ?? 0);
  const { width, height } = stage;
  return <Tooltip {...{ x, y, width, height, colour }} name={facts.name} facts={facts.facts} place={facts.place} />;
}
