/** What is the dock below a table about, what did it take, and where does one go from there? */
import type { VNode } from 'preact';
import { microsecondTime, percentText, shortTime } from '../format.ts';
import type { Command } from '../keys.ts';
import { CommandButton } from './command-button.tsx';
import { shownText } from './function-name.tsx';
import { pathTail } from './path-tail.ts';

/** A function or a line. */
export interface DockHeaderProps {
  readonly title: string;
  /** Of the function; undefined where none was seen. */
  readonly name: string | undefined;
  readonly place: string;
  /** In seconds; undefined where it took none. */
  readonly times: { readonly self: number; readonly total: number } | undefined;
  /** Seconds of all that is shown. */
  readonly whole: number;
  /** The view that shows the same in another way. */
  readonly otherView: { readonly command: Command; readonly label: string; readonly isThere: boolean };
  readonly canGoBack: boolean;
}

/** Name, place and times, and the ways on and back. */
export function DockHeader({ title, name, place, times, whole, otherView, canGoBack }: DockHeaderProps): VNode {
  return (
    <header>
      <div class="what" title={shownText(title)}>
        {name === undefined ? null : <bdi class="name">{shownText(name)}</bdi>}
        <bdi class="place">{pathTail(shownText(place))}</bdi>
      </div>
      {times === undefined ? null : (
        <dl class="times">
          {(['self', 'total'] as const).map((key) => (
            <div key={key} title={microsecondTime(times[key])}>
              <dt>{key}</dt>
              <dd>
                {shortTime(times[key])} · {percentText(times[key], whole)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <CommandButton command={otherView.command} hasKeyCap class="quiet" disabled={!otherView.isThere}>
        {otherView.label}
      </CommandButton>
      <CommandButton command="go-back" hasKeyCap class="quiet" disabled={!canGoBack}>
        Back
      </CommandButton>
    </header>
  );
}
