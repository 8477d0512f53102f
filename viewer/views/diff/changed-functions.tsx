/** Which functions do the work that got slower or faster, wherever they are called from? */
import type { VNode } from 'preact';
import { displayName, isSynthetic } from '../../../src/tree/call-node.ts';
import type { ChangedFunction } from '../../../src/tree/diff-sessions.ts';
import { nodeShortPath } from '../../../src/tree/short-path.ts';
import type { ComparedThread } from '../../model/comparison.ts';
import { FunctionName, shownText } from '../../parts/function-name.tsx';
import { ChangeCells, type ChangeFormat } from './change-cells.tsx';

/** What the list needs. */
export interface ChangedFunctionsProps extends ChangeFormat {
  readonly functions: readonly ChangedFunction[];
  readonly thread: ComparedThread;
  /** Whether no other thread is compared. */
  readonly isAlone: boolean;
  readonly found: ReadonlySet<string> | undefined;
}

/** A list for a glance; its changes are those of own times. */
export function ChangedFunctions(props: ChangedFunctionsProps): VNode | null {
  const { functions, thread, isAlone, format, normalize, found } = props;
  if (functions.length === 0) return null;
  const largest = Math.abs(functions[0]?.change ?? 0);
  const title = `Most changed functions, by their own time${isAlone ? '' : ` in ${shownText(thread.thread.name)}`}`;
  return (
    <section class="changed" aria-label={title}>
      <h2>{title}</h2>
      <div role="table" class="grid diff-grid" aria-label={title}>
        {functions.map((entry) => (
          <div key={functionKey(entry)} role="row" class="row">
            <ChangeCells change={entry} role="cell" {...{ largest, format, normalize }} />
            <span role="cell" class="function">
              <FunctionName
                {...nameOf(entry, thread)}
                isApplication={entry.isApplication}
                isFound={[entry.calls.before, entry.calls.after].some(
                  (call) => call !== null && found?.has(call.frame.identifier) === true,
                )}
              />
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

function functionKey({ calls: { before, after } }: ChangedFunction): string {
  return `${before?.frame.identifier}\n${after?.frame.identifier}`;
}

function nameOf(
  { calls }: ChangedFunction,
  { diff }: ComparedThread,
): { readonly name: string; readonly place: string } {
  const side = calls.after === null ? 'before' : 'after';
  const node = calls[side];
  if (node === null) return { name: '', place: '' };
  const path = isSynthetic(node) ? '' : nodeShortPath(node, null, diff.names[side]);
  const { firstLine } = node.frame;
  return { name: displayName(node), place: path === '' || firstLine === 0 ? path : `${path}:${firstLine}` };
}
