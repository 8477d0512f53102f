/** What has been done to the recording, and how does one take it back? */
import type { VNode } from 'preact';
import { displayName } from '../../src/tree/call-node.ts';
import { shortTime } from '../format.ts';
import type { Model } from '../model/model.ts';
import { isPathTransform, type Transform, transformNames } from '../model/transform.ts';
import { usePage } from '../page.ts';
import { canUndo } from '../run-command.ts';
import { CommandButton } from './command-button.tsx';
import { shownText } from './function-name.tsx';

/** One button for each step; pressing one takes back what came after it. Nothing where nothing was done. */
export function Breadcrumb(): VNode | null {
  const { state, dispatch, model } = usePage();
  const { transforms, span, inverted } = state;
  if (!canUndo(state)) return null;
  const keep = (count: number): void => dispatch({ kind: 'keep-transforms', count });
  return (
    <nav class="breadcrumb" aria-label="Steps">
      <ol>
        <li>
          <button type="button" class="button quiet" title="Take back all transforms" onClick={() => keep(0)}>
            Whole recording
          </button>
        </li>
        {transforms.map((transform, index) => {
          const text = transformText(transform, model);
          return (
            <li key={JSON.stringify([index, transform])}>
              <button
                type="button"
                class="button quiet"
                title={`Go back to: ${text}`}
                aria-current={index === transforms.length - 1 ? 'step' : undefined}
                onClick={() => keep(index + 1)}
              >
                <span class="clip">{text}</span>
              </button>
            </li>
          );
        })}
        {inverted ? <Extra text="inverted" tip="Turn back (i)" onRemove={() => dispatch({ kind: 'invert' })} /> : null}
        {span === null ? null : (
          <Extra
            text={`${shortTime(span.from)} – ${shortTime(span.to)}`}
            tip="Show all moments"
            onRemove={() => dispatch({ kind: 'cut', span: null })}
          />
        )}
      </ol>
      <CommandButton command="undo" hasKeyCap>
        Undo
      </CommandButton>
    </nav>
  );
}

function Extra({
  text,
  tip,
  onRemove,
}: {
  readonly text: string;
  readonly tip: string;
  readonly onRemove: () => void;
}): VNode {
  return (
    <li>
      <button type="button" class="button quiet" title={tip} onClick={onRemove}>
        {text} <span aria-hidden="true">×</span>
      </button>
    </li>
  );
}

/** `Focus price_all`. */
function transformText(transform: Transform, model: Model): string {
  const what = transformNames[transform.kind];
  if (transform.kind === 'collapse-library') return `${what} ${shownText(transform.library)}`;
  const number = isPathTransform(transform) ? (transform.path.at(-1) ?? -1) : transform.function;
  const frame = model.functionOf(number);
  const name = frame === undefined ? '?' : displayName({ frame, className: model.classOf(number) });
  return `${what} ${shownText(name)}`;
}
