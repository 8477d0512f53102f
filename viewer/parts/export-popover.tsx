/** How does one take something away from the page, or bring a recording to compare with? */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { copyText } from '../copy-text.ts';
import { type ExportKind, exportKinds, exportName, exportNames, makeExport } from '../export/exports.ts';
import { usePage } from '../page.ts';
import { CommandButton } from './command-button.tsx';
import { Popover } from './popover.tsx';

/** A button, and what it opens. Files may be dropped anywhere. */
export function ExportPopover(): VNode {
  const { state, dispatch, compareWith } = usePage();
  const [problem, setProblem] = useState('');
  const isOpen = state.overlay === 'export';
  const compare = (file: File | undefined): void => {
    if (file === undefined) return;
    compareWith(file).then(
      () => dispatch({ kind: 'show', view: 'diff' }),
      (error: unknown) => {
        setProblem(`${file.name} cannot be compared. ${messageOf(error)}`);
        dispatch({ kind: 'overlay', overlay: 'export' });
      },
    );
  };
  useDroppedFiles(compare);
  return (
    <div class="owner">
      <CommandButton command="export" isExpanded={isOpen}>
        Export
      </CommandButton>
      {isOpen ? (
        <Popover label="Export and compare" onClose={() => dispatch({ kind: 'overlay', overlay: null })}>
          <Exports onProblem={setProblem} onCompare={compare} />
          <p role="alert" class="failed">
            {problem}
          </p>
        </Popover>
      ) : null}
    </div>
  );
}

interface ExportsProps {
  readonly onProblem: (problem: string) => void;
  readonly onCompare: (file: File | undefined) => void;
}

function Exports({ onProblem, onCompare }: ExportsProps): VNode {
  const { state, model, file, announce } = usePage();
  const source = { model, state, file };
  const withExport = (kind: ExportKind, use: (data: string | Uint8Array<ArrayBuffer>) => void): void => {
    try {
      use(makeExport(kind, source));
      onProblem('');
    } catch (error) {
      onProblem(messageOf(error));
    }
  };
  const copy = (kind: ExportKind): void =>
    withExport(kind, (text) => {
      void copyText(String(text)).then((isDone) =>
        isDone ? announce(`Copied as ${exportNames[kind]}`) : onProblem('The browser does not let us copy.'),
      );
    });
  const button = (kind: ExportKind, act: (kind: ExportKind) => void): VNode => (
    <button key={kind} type="button" class="button" onClick={() => act(kind)}>
      {exportNames[kind]}
    </button>
  );
  return (
    <div class="exports">
      <h2>Copy the report as</h2>
      <p>{(['text', 'markdown'] as const).map((kind) => button(kind, copy))}</p>
      <h2>Save as</h2>
      <p>
        {exportKinds.map((kind) =>
          button(kind, () => withExport(kind, (data) => save(data, exportName(kind, source)))),
        )}
      </p>
      <p class="detail">
        As the command line writes it, of the threads, the time and the steps that are shown. The recording is whole.
      </p>
      <h2>
        <label for="other-recording">Compare with another recording</label>
      </h2>
      <input
        id="other-recording"
        type="file"
        accept=".timesink,.html"
        onChange={(event) => onCompare(event.currentTarget.files?.[0])}
      />
      <p class="detail">A .timesink file or a page of timesink, also by dropping it here. It stays on this computer.</p>
    </div>
  );
}

function save(data: string | Uint8Array<ArrayBuffer>, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function useDroppedFiles(onDrop: (file: File | undefined) => void): void {
  useEffect(() => {
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const onDropped = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      onDrop(file);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('drop', onDropped);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('drop', onDropped);
    };
  }, [onDrop]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
