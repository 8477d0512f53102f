/** How does a view wait for long work without holding up the page? */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { usePage } from '../../page.ts';
import { type RunSlice, sliced } from './sliced.ts';

/** What has become of the work. */
export interface SlicedState<Result> {
  /** Undefined until it is done. */
  readonly value: Result | undefined;
  /** The part that is done, 0 to 1. */
  readonly progress: number;
}

interface Task<Result> {
  readonly key: string;
  value: Result | undefined;
  progress: number;
  readonly run: RunSlice;
}

/**
 * What `make` gives, worked out a slice at a time. What is quick is there at once, and so is the last result, when the view
 * is shown again.
 * @param name begins with the view's id
 * @param key changes with what is worked out
 */
export function useSliced<Result>(
  name: string,
  key: string,
  make: () => Generator<number, Result>,
): SlicedState<Result> {
  const { kept } = usePage();
  const [, redraw] = useState(0);
  const task = useMemo(() => {
    const known = kept.get(name) as Task<Result> | undefined;
    if (known?.key === key) return known;
    const made = beginTask(key, make());
    kept.set(name, made);
    return made;
  }, [kept, name, key]);
  useEffect(() => {
    if (task.value !== undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const goOn = (): void => {
      if (!task.run()) timer = setTimeout(goOn, 0);
      redraw((count) => count + 1);
    };
    timer = setTimeout(goOn, 0);
    return () => clearTimeout(timer);
  }, [task]);
  return { value: task.value, progress: task.progress };
}

function beginTask<Result>(key: string, work: Generator<number, Result>): Task<Result> {
  const task: Task<Result> = {
    key,
    value: undefined,
    progress: 0,
    run: sliced(work, {
      onProgress: (part) => {
        task.progress = part;
      },
      onDone: (result) => {
        task.value = result;
      },
    }),
  };
  task.run();
  return task;
}
