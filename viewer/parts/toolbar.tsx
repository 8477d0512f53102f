/** Where does one choose what to look at? Views, threads, what counts as time, search, options. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { weightHelp, weightNames } from '../model/weight.ts';
import { usePage } from '../page.ts';
import { views } from '../views/index.ts';
import { CommandButton } from './command-button.tsx';
import { ExportPopover } from './export-popover.tsx';
import { OptionsPopover } from './options-popover.tsx';
import { SearchBox } from './search-box.tsx';
import { Segments } from './segments.tsx';
import { SideChoice } from './side-choice.tsx';
import { ThreadPicker } from './thread-picker.tsx';

const nextTheme = { auto: 'light', light: 'dark', dark: 'auto' } as const;
const themeNames = { auto: 'as the system', light: 'light', dark: 'dark' } as const;
const themeSigns = { auto: '◐', light: '○', dark: '●' } as const;

/** One row on wide screens, two on narrow ones. */
export function Toolbar(): VNode {
  const { state, model, theme, setTheme } = usePage();
  const tabs = useRef<HTMLElement>(null);
  // On a phone there is not room for all of them.
  useEffect(() => {
    tabs.current?.querySelector('[aria-pressed=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [state.view]);
  return (
    <section class="toolbar" aria-label="What to show">
      <nav ref={tabs} class="tabs" aria-label="Views">
        {views
          .filter((view) => view.isAvailable(model))
          .map(({ id, title }) => (
            <CommandButton key={id} command={`show-${id}`} class="tab" isPressed={state.view === id}>
              {title}
            </CommandButton>
          ))}
      </nav>
      <div class="choices">
        <SideChoice />
        <ThreadPicker />
        <WeightChoice />
        <CommandButton command="invert" isPressed={state.inverted} class="quiet">
          Invert
        </CommandButton>
      </div>
      <SearchBox />
      <div class="tools">
        <ExportPopover />
        <OptionsPopover />
        <button
          type="button"
          class="button icon"
          title={`Theme: ${themeNames[theme]}`}
          aria-label={`Theme: ${themeNames[theme]}`}
          onClick={() => setTheme(nextTheme[theme])}
        >
          {themeSigns[theme]}
        </button>
        <CommandButton command="help" class="icon" label="Keys and help">
          ?
        </CommandButton>
      </div>
    </section>
  );
}

function WeightChoice(): VNode | null {
  const { state, dispatch, model } = usePage();
  if (model.weights.length < 2) return null;
  return (
    <Segments
      legend="What counts as time"
      chosen={state.weight}
      choices={model.weights.map((weight) => [weight, weightNames[weight], weightHelp[weight]])}
      onChoose={(weight) => dispatch({ kind: 'weigh', weight })}
    />
  );
}
