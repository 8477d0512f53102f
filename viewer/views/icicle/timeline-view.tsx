/** What happened when? Calls in the order of time, a lane for each thread. */
import type { VNode } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { shortTime } from '../../format.ts';
import { usePage } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import type { ThreadChoice } from '../../state/state.ts';
import type { View } from '../view.ts';
import { IcicleCanvas } from './icicle-canvas.tsx';
import { IcicleTools, NothingToDraw, Working } from './icicle-tools.tsx';
import { lanesKey, lanesOf, wholeTime } from './lanes.ts';
import { Minimap } from './minimap.tsx';
import type { Stage } from './stage.ts';
import { activities, activityNames } from './strip.ts';
import type { TrackContent } from './track.ts';
import { useSliced } from './use-sliced.ts';
import { fitSpan, type Viewport } from './viewport.ts';
import './icicle.css';

/** The second view. */
export const timelineView: View = {
  id: 'timeline',
  title: 'Timeline',
  isAvailable: () => true,
  Component: Timeline,
};

const description =
  'Arrow keys go from frame to frame, w and s zoom, a and d move, Enter zooms to the frame, l limits all views to the time on screen, 0 shows all. The call tree holds the same as text.';

function Timeline(): VNode {
  const { state, model } = usePage();
  const { value, progress } = useSliced('timeline.layout', lanesKey(model, state), () => lanesOf(model, state));
  if (value === undefined) return <Working progress={progress} />;
  if (model.session.threads.every(({ stack }) => stack.length === 0)) return <NothingToDraw isRecorded={false} />;
  return <Lanes contents={value} />;
}

function Lanes({ contents }: { readonly contents: readonly TrackContent[] }): VNode {
  const { state, model, dispatch, announce } = usePage();
  const [stage, setStage] = useState<Stage | null>(null);
  const [drawn, setDrawn] = useState(0);
  const seen = useRef('');
  const whole = useMemo(() => wholeTime(model.session), [model]);
  const span = useMemo(
    () => (state.span === null ? null : { begin: state.span.from, end: Math.min(state.span.to, whole.end) }),
    [state.span, whole],
  );
  const threads = useMemo(
    () => contents.flatMap(({ thread, isOpen }) => (isOpen ? (model.session.threads[thread] ?? []) : [])),
    [contents, model],
  );
  const chooseSpan = (chosen: Viewport | null): void => {
    const next = chosen === null ? null : { from: Math.max(0, chosen.begin), to: chosen.end };
    dispatch({ kind: 'cut', span: next });
    stage?.goTo(chosen === null ? whole : fitSpan(chosen.begin, chosen.end, whole, 0.05));
    announce(next === null ? 'All moments' : `All views show ${shortTime(next.from)} to ${shortTime(next.to)}`);
  };
  return (
    <div class="icicle">
      <IcicleTools>
        <CommandButton command="limit-to-screen" hasKeyCap class="quiet">
          Only this time
        </CommandButton>
        {span === null ? null : (
          <button type="button" class="button quiet" onClick={() => chooseSpan(null)}>
            All moments
          </button>
        )}
        <Legend contents={contents} />
      </IcicleTools>
      <Minimap {...{ threads, whole, span, stage, drawn }} onChooseSpan={chooseSpan} />
      <IcicleCanvas
        name="timeline"
        label="Timeline"
        description={description}
        contents={contents}
        whole={whole}
        hasAxis={true}
        colourBy="module"
        hasPaths={true}
        span={span}
        onChooseSpan={chooseSpan}
        onHead={(thread) => {
          const threads = toggled(model.positions(state.threads), thread);
          dispatch({ kind: 'choose-threads', threads });
        }}
        onDrawn={(next) => {
          if (stage !== next) setStage(next);
          const now = `${next.view.begin} ${next.view.end}`;
          if (seen.current !== now) setDrawn((count) => count + 1);
          seen.current = now;
        }}
      />
    </div>
  );
}

/** The chosen threads with one more, or without one of them; the last one stays. */
function toggled(chosen: readonly number[], thread: number): ThreadChoice {
  const others = chosen.filter((other) => other !== thread);
  const positions = others.length === chosen.length ? [...chosen, thread] : others;
  return { kind: 'some', positions: positions.length > 0 ? positions : chosen };
}

/** What the strips mean. */
function Legend({ contents }: { readonly contents: readonly TrackContent[] }): VNode | null {
  const seen = useMemo(() => {
    const numbers = new Set<number>();
    for (const { strip } of contents) for (const number of strip?.of ?? []) numbers.add(number);
    return numbers;
  }, [contents]);
  if (seen.size === 0) return null;
  return (
    <ul class="legend" aria-label="Strip above each lane">
      {activities
        .filter((_, number) => seen.has(number))
        .map((activity) => (
          <li key={activity}>
            <i class={activity} />
            {activityNames[activity]}
          </li>
        ))}
    </ul>
  );
}
