/** How are the tests of Vitest recorded? In the thread or process that runs them, as one of its setup files. */
import { fileURLToPath } from 'node:url';
import * as vitest from 'vitest';
import { recordTest } from './recorded-test.ts';
import { thresholdOf } from './slow-tests.ts';
import type { TestMeta } from './vitest.ts';

const given = Number(process.env['TIMESINK_SLOW_TEST']);
const threshold = thresholdOf(Number.isFinite(given) && given > 0 ? { threshold: given } : {});

/** A test of Vitest, as far as it is used here. */
interface Task {
  readonly name: string;
  readonly meta: object;
}

async function record(task: Task, run: () => unknown): Promise<void> {
  const test = recordTest(false, mapOfModule);
  try {
    await test.run(run);
  } finally {
    const ended = test.end(task.name, threshold);
    if (ended !== undefined) {
      const meta: TestMeta = { timesink: { seconds: ended.seconds, line: ended.line } };
      Object.assign(task.meta, meta);
    }
  }
}

if ('aroundEach' in vitest) {
  vitest.aroundEach(async (run, { task }) => record(task, run));
} else {
  // Vitest 3 and 4.0.
  const { beforeEach } = vitest as Pick<typeof import('vitest'), 'beforeEach'>;
  const { getFn, setFn } = await import('vitest/suite');
  const wrapped = new WeakSet<object>();
  beforeEach(({ task }) => {
    const run = getFn(task);
    if (run === undefined || wrapped.has(run)) return;
    const recorded = (): Promise<void> => record(task, run);
    wrapped.add(recorded);
    setFn(task, recorded);
  });
}

/** What Vite's module runner keeps of the modules that it has run. */
interface ModuleRunnerState {
  readonly evaluatedModules?: { getModuleSourceMapById?(id: string): { readonly map?: unknown } | null };
}

/** Vite translates modules in memory: their maps are to be had from it only. */
function mapOfModule(url: string): unknown {
  const state = (globalThis as { readonly __vitest_worker__?: ModuleRunnerState }).__vitest_worker__;
  const id = url.startsWith('file://') ? fileURLToPath(url) : url;
  return state?.evaluatedModules?.getModuleSourceMapById?.(id)?.map ?? undefined;
}
