/** Which functions took the time, who called them and whom did they call? */
import type { VNode } from 'preact';
import { usePage } from '../../page.ts';
import { usePrepared } from '../../parts/use-prepared.ts';
import type { View } from '../view.ts';
import { FunctionDetails } from './function-details.tsx';
import { FunctionGrid } from './function-grid.tsx';
import { type FunctionControl, useFunctionControl } from './use-function-control.ts';
import './functions.css';

/** A table, and below it the selected function. */
export const functionsView: View = {
  id: 'functions',
  title: 'Functions',
  isAvailable: () => true,
  Component: Functions,
};

/** What has been asked for before is there at once. */
const known = new WeakSet<object>();

function Functions(): VNode {
  const { state, model } = usePage();
  const shown = model.shown(state);
  const { value: table, isPending } = usePrepared(() => {
    known.add(shown);
    return model.functions(state);
  }, !model.isLarge || known.has(shown));
  const control = useFunctionControl(table);
  if (table === undefined) return <p class="empty">Adding up samples…</p>;
  if (model.session.threads.every(({ stack }) => stack.length === 0))
    return <p class="empty">No samples were recorded.</p>;
  if (table.functions.length === 0)
    return <p class="empty">Nothing is left: all samples were filtered out. Backspace takes back the last step.</p>;
  return <Panes control={control} isPending={isPending} />;
}

function Panes({ control, isPending }: { readonly control: FunctionControl; readonly isPending: boolean }): VNode {
  return (
    <div class="function-panes">
      <FunctionGrid control={control} isPending={isPending} />
      <FunctionDetails control={control} />
    </div>
  );
}
