/** Which paths of calls took how much of the time? The flame graph: outermost calls on top, the largest to the left. */
import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { usePage, useSetting } from '../../page.ts';
import { Segments } from '../../parts/segments.tsx';
import type { View } from '../view.ts';
import { boxesAround } from './current-box.ts';
import { flameIcicle, flameKey } from './flame.ts';
import { functionTexts } from './function-facts.ts';
import { type BoxPlace, boxOf, endOf, type Icicle, spanOf } from './icicle.ts';
import { IcicleCanvas } from './icicle-canvas.tsx';
import { IcicleTools, NothingToDraw, Working } from './icicle-tools.tsx';
import type { ColourBy } from './scene.ts';
import type { Stage } from './stage.ts';
import type { TrackContent } from './track.ts';
import { useSliced } from './use-sliced.ts';
import './icicle.css';

/** The third view. */
export const flameView: View = {
  id: 'flame',
  title: 'Flame',
  isAvailable: () => true,
  Component: Flame,
};

const description =
  'Arrow keys go from frame to frame, w and s zoom, a and d move, Enter zooms to the frame, 0 shows all. The table of functions holds the same as text.';

function Flame(): VNode {
  const { state, model } = usePage();
  const { value, progress } = useSliced('flame.layout', flameKey(model, state), () => flameIcicle(model, state));
  if (value === undefined) return <Working progress={progress} />;
  if (value.levels.length === 0) {
    return <NothingToDraw isRecorded={model.session.threads.some(({ stack }) => stack.length > 0)} />;
  }
  return <FlameGraph icicle={value} />;
}

function FlameGraph({ icicle }: { readonly icicle: Icicle }): VNode {
  const { state } = usePage();
  const [colours, setColours] = useSetting('colours');
  const colourBy: ColourBy = colours === 'self' ? 'self' : 'module';
  const [around, setAround] = useState<readonly BoxPlace[]>([]);
  const stage = useRef<Stage | null>(null);
  const contents = useMemo<readonly TrackContent[]>(
    () => [{ thread: -1, name: '', detail: '', icicle, strip: null, isOpen: true, headHeight: 0 }],
    [icicle],
  );
  const whole = useMemo(() => ({ begin: 0, end: endOf(icicle) }), [icicle]);
  return (
    <div class="icicle">
      <IcicleTools>
        <Segments
          legend="Colour by"
          chosen={colourBy}
          choices={[
            ['module', 'Module', 'One colour for each module'],
            ['self', 'Self time', 'The stronger the more self time'],
          ]}
          onChoose={(chosen) => setColours(chosen === 'self' ? chosen : undefined)}
        />
      </IcicleTools>
      <ZoomPath icicle={icicle} around={around} stage={stage.current} />
      <IcicleCanvas
        name="flame"
        label={state.inverted ? 'Inverted flame graph' : 'Flame graph'}
        description={description}
        contents={contents}
        whole={whole}
        hasAxis={false}
        colourBy={colourBy}
        hasPaths={!state.inverted}
        span={null}
        onChooseSpan={null}
        onDrawn={(drawn) => {
          stage.current = drawn;
          const { begin, end } = drawn.target;
          const next = boxesAround(drawn.scene.tracks[0]?.icicle ?? icicle, begin, end);
          if (!areEqual(next, around)) setAround(next);
        }}
      />
    </div>
  );
}

function areEqual(some: readonly BoxPlace[], others: readonly BoxPlace[]): boolean {
  return some.length === others.length && some.at(-1)?.box === others.at(-1)?.box;
}

/** Of a longer path, so many outermost and innermost frames are shown. */
const shownEnds = { first: 1, last: 4 } as const;

interface ZoomPathProps {
  readonly icicle: Icicle;
  /** Boxes that cover the screen. */
  readonly around: readonly BoxPlace[];
  readonly stage: Stage | null;
}

/** The way to what one has zoomed into; pressing a frame zooms out to it. Always there: what is below must not move. */
function ZoomPath({ icicle, around, stage }: ZoomPathProps): VNode {
  const { model } = usePage();
  const { factsOf } = functionTexts(model);
  const { first, last } = shownEnds;
  const isCut = around.length > first + last + 1;
  const shown = isCut ? [...around.slice(0, first), null, ...around.slice(-last)] : around;
  return (
    <nav class="zoom-path" aria-label="Zoomed to">
      <ol>
        <li>
          <button
            type="button"
            class="button quiet"
            disabled={around.length === 0}
            onClick={() => stage?.goTo(stage.scene.whole)}
          >
            All
          </button>
        </li>
        {shown.map((place) => {
          if (place === null) return <li key="cut">… {around.length - first - last} more …</li>;
          const of = boxOf(icicle, place) ?? -1;
          const text = of < 0 ? (icicle.names[-1 - of] ?? '') : factsOf(of).label;
          const [begin, end] = spanOf(icicle, place);
          return (
            <li key={place.depth}>
              <button
                type="button"
                class="button quiet"
                title={`Zoom to ${text}`}
                onClick={() => stage?.goTo({ begin, end })}
              >
                <span class="clip">{text}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
