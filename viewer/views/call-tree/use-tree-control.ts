/** What happens in the call tree when rows are pointed at, or keys pressed? */
import { useEffect } from 'preact/hooks';
import type { ThreadTree } from '../../model/thread-tree.ts';
import { usePage } from '../../page.ts';
import type { Selection } from '../../state/state.ts';
import { findSelected } from '../../tree-rows/open-rows.ts';
import type { Row } from '../../tree-rows/rows.ts';
import { type TreeRows, useTreeRows } from '../../tree-rows/use-tree-rows.ts';

/** Lays out the rows and answers commands. The current row is what is selected in the whole page. */
export function useTreeControl(trees: readonly ThreadTree[]): TreeRows {
  const { dispatch, model, state } = usePage();
  const numberOf: NumberOf = (frame) => model.functionNumber(frame);
  const control = useTreeRows({
    name: 'tree',
    trees,
    found: model.search(state)?.found,
    onCurrent: (rows, index) =>
      dispatch({ kind: 'select', selection: selectionOf(rows, index, numberOf, state.inverted) }),
  });
  useSelectedElsewhere(control.rows[control.current], (selection) => {
    const match = findSelected(trees, selection, numberOf, control.keys);
    if (match !== null) control.reveal(match);
  });
  return control;
}

/** When the tree is shown again, and something else was selected meanwhile, calls `reveal` with it. */
function useSelectedElsewhere(row: Row | undefined, reveal: (selection: Selection) => void): void {
  const { state, model } = usePage();
  useEffect(() => {
    const { selection } = state;
    const numberOf: NumberOf = (frame) => model.functionNumber(frame);
    const isHere = row?.kind === 'node' && numberOf(row.node.frame) === selection?.function;
    if (selection !== null && selection.function >= 0 && !isHere) reveal(selection);
  }, []);
}

type NumberOf = (frame: Extract<Row, { kind: 'node' }>['node']['frame']) => number;

/** Time that is no code, and bars, select nothing. Upside down there is no path from a root. */
function selectionOf(rows: readonly Row[], index: number, numberOf: NumberOf, isInverted: boolean): Selection | null {
  const row = rows[index];
  if (row?.kind !== 'node' || row.node.frame.kind === 'self' || row.node.frame.kind === 'root') return null;
  const selected = { function: numberOf(row.node.frame), thread: row.owner.position };
  if (isInverted) return selected;
  const path: number[] = [];
  let key = row.key;
  for (let at = index; at >= 0; at--) {
    const above = rows[at];
    if (above?.key !== key) continue;
    key = above.parentKey;
    if (above.kind === 'node' && above.node.frame.kind !== 'root') path.unshift(numberOf(above.node.frame));
  }
  return { ...selected, path };
}
