/** Which file's lines are shown, and which others are there? */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { FileTimes } from '../../../src/tree/file-times.ts';
import { shareOf } from '../../../src/tree/heat.ts';
import type { ShortPath } from '../../../src/tree/short-path.ts';
import { countText, microsecondTime, percentText, shortTime } from '../../format.ts';
import { usePage } from '../../page.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { shownText } from '../../parts/function-name.tsx';
import { HeatBar } from '../../parts/heat-bar.tsx';
import { pathTail } from '../../parts/path-tail.ts';
import { Popover } from '../../parts/popover.tsx';
import { allMissingText } from './missing-text.ts';
import type { SourceControl } from './use-source-control.ts';

/** Of the button. */
const longestFace = 40;

/** Others are found by typing. */
const mostShown = 100;

/** A button with the file's name, and what it opens. */
export function FilePicker({ control }: { readonly control: SourceControl }): VNode {
  const shortPath = useShortPath();
  const { file } = control.place;
  return (
    <div class="owner file-picker">
      <CommandButton command="pick-file" isExpanded={control.isPickerOpen} hasKeyCap>
        <bdi class="clip" title={shownText(file)}>
          {pathTail(shownText(shortPath(file)), longestFace)}
        </bdi>
        <span aria-hidden="true">▾</span>
      </CommandButton>
      {control.isPickerOpen ? (
        <Popover label="Files" onClose={() => control.setPickerOpen(false)}>
          <FileList control={control} />
        </Popover>
      ) : null}
    </div>
  );
}

/** How files are named: as from the process that is shown first. */
export function useShortPath(): ShortPath {
  const { state, model } = usePage();
  const [first] = model.shown(state).threads;
  return first?.shortPath ?? model.filesOf(model.session.processes[0]).shortPath;
}

function FileList({ control }: { readonly control: SourceControl }): VNode {
  const { model } = usePage();
  const shortPath = useShortPath();
  const [typed, setTyped] = useState('');
  const { files } = control.lines;
  const meant = files.filter(({ file }) => shortPath(file).toLowerCase().includes(typed.trim().toLowerCase()));
  const shown = meant.slice(0, mostShown);
  const groups = [
    ['Application', shown.filter(({ isApplication }) => isApplication), 'with the libraries that its lines called'],
    ['Libraries', shown.filter(({ isApplication }) => !isApplication), 'in their own lines'],
  ] as const;
  return (
    <>
      <input
        type="search"
        class="file-filter"
        placeholder="Part of a path"
        aria-label="Part of a path"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = shown;
          if (event.key === 'Enter' && first !== undefined) control.openFile(first.file);
        }}
      />
      {groups.map(([title, group, what]) =>
        group.length === 0 ? null : (
          <section key={title} aria-label={title}>
            <h2>
              {title} <span class="detail">{what}</span>
            </h2>
            <ul class="file-list">
              {group.map((file) => (
                <li key={file.file}>
                  <FileButton file={file} control={control} shortPath={shortPath} />
                </li>
              ))}
            </ul>
          </section>
        ),
      )}
      <p class="detail">
        {meant.length > shown.length ? `${countText(meant.length - shown.length)} more: type to find them. ` : ''}
        {meant.length === 0 ? 'No file has that in its path. ' : ''}
        {allMissingText(model.contents)}
      </p>
    </>
  );
}

interface FileButtonProps {
  readonly file: FileTimes;
  readonly control: SourceControl;
  readonly shortPath: ShortPath;
}

function FileButton({ file: { file, seconds, total }, control, shortPath }: FileButtonProps): VNode {
  const { model } = usePage();
  const whole = control.lines.table.total;
  const hasText = model.sourceOf(file) !== undefined;
  return (
    <button
      type="button"
      class="file"
      aria-current={file === control.place.file ? 'true' : undefined}
      title={`${shownText(file)}\n${microsecondTime(seconds)}; with all that it called ${microsecondTime(total)}`}
      onClick={() => control.openFile(file)}
    >
      <HeatBar share={shareOf(seconds, whole)} />
      <b>{shortTime(seconds)}</b>
      <span class="faint">{percentText(seconds, whole)}</span>
      <bdi class="place">{pathTail(shownText(shortPath(file)))}</bdi>
      {hasText ? null : <span class="chip">no text</span>}
    </button>
  );
}
