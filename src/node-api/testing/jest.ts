/** Which tests of Jest are slow, and where? An environment for them: `testEnvironment: 'timesink/jest'`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RecordedTest, recordTest } from './recorded-test.ts';
import { type SlowTest, type SlowTestOptions, slowTestReport, thresholdOf } from './slow-tests.ts';

/** An event of jest-circus, as far as it is used here. */
interface CircusEvent {
  readonly name: string;
  readonly test?: CircusTest;
}

interface CircusTest {
  fn?: ((...words: unknown[]) => unknown) | null;
  readonly name: string;
  readonly parent?: { readonly name: string; readonly parent?: unknown };
}

/** An environment of Jest, as far as it is used here. */
interface Environment {
  setup(): Promise<void>;
  teardown(): Promise<void>;
  handleTestEvent?(event: CircusEvent, state: unknown): void | Promise<void>;
}

/** A class of environments; what its constructor takes is Jest's affair. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks for it of the base of a mixin.
type EnvironmentClass = new (...words: any[]) => Environment;

/**
 * Adds to an environment that its tests are recorded; at the end of each file the slowest ones are listed on standard error.
 * Options are those of `testEnvironmentOptions`.
 */
export function recordTestsOf(Base: EnvironmentClass): EnvironmentClass {
  return class extends Base {
    readonly #slow: SlowTest[] = [];
    readonly #options: SlowTestOptions;
    /** Functions that record what they call; a test that is tried again has one already. */
    readonly #recording = new WeakSet<object>();
    /** Ends the recordings of tests under way. */
    readonly #ends = new Map<object, () => void>();

    // biome-ignore lint/suspicious/noExplicitAny: as above.
    constructor(...words: any[]) {
      super(...words);
      const [config] = words as [{ projectConfig?: { testEnvironmentOptions?: SlowTestOptions } } | undefined];
      this.#options = config?.projectConfig?.testEnvironmentOptions ?? {};
    }

    override async handleTestEvent(event: CircusEvent, state: unknown): Promise<void> {
      await super.handleTestEvent?.(event, state);
      if (event.test === undefined) return;
      if (event.name === 'test_start') this.#record(event.test);
      // Of one that calls `done`, or that takes too long, only Jest knows that it has ended.
      if (event.name === 'test_fn_success' || event.name === 'test_fn_failure') this.#ends.get(event.test)?.();
    }

    override async teardown(): Promise<void> {
      const report = slowTestReport(this.#slow, this.#options);
      if (report !== '') process.stderr.write(`\n${report}`);
      await super.teardown();
    }

    #record(test: CircusTest): void {
      const { fn } = test;
      if (typeof fn !== 'function' || this.#recording.has(fn) || isGenerator(fn)) return;
      const begin = (): RecordedTest => this.#begin(test);
      const end = (): void => this.#ends.get(test)?.();
      // Jest tells by the number of parameters whether a test calls `done`.
      const recording =
        fn.length === 0
          ? function (this: unknown): unknown {
              const recorded = begin();
              return endAfter(() => recorded.run(() => fn.call(this)), end);
            }
          : function (this: unknown, done: unknown): unknown {
              return begin().run(() => fn.call(this, done));
            };
      this.#recording.add(recording);
      test.fn = recording;
    }

    #begin(test: CircusTest): RecordedTest {
      const recorded = recordTest(false, mapOfTest);
      this.#ends.set(test, () => {
        this.#ends.delete(test);
        const slow = recorded.end(fullName(test), thresholdOf(this.#options));
        if (slow !== undefined) this.#slow.push(slow);
      });
      return recorded;
    }
  };
}

/** Jest runs such a function through to its end, if it still looks like one. */
function isGenerator(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]';
}

/** Calls `work`, and `end` when it, or the promise that it gives, has ended. */
function endAfter(work: () => unknown, end: () => void): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    end();
    throw error;
  }
  if (typeof (result as { then?: unknown } | null | undefined)?.then === 'function') {
    return (async () => {
      try {
        return await (result as PromiseLike<unknown>);
      } finally {
        end();
      }
    })();
  }
  end();
  return result;
}

function fullName(test: CircusTest): string {
  const names = [test.name];
  for (let block = test.parent; block !== undefined; block = block.parent as typeof block) {
    if (block.name !== 'ROOT_DESCRIBE_BLOCK') names.unshift(block.name);
  }
  return names.join(' › ');
}

/** A module of Jest's, as the project that is tested has it; undefined where it has none. */
function moduleOfJest(...path: readonly [string, ...string[]]): unknown {
  for (const place of [join(process.cwd(), 'package.json'), process.argv[1] ?? '', import.meta.url]) {
    try {
      let require = createRequire(place);
      for (const name of path.slice(0, -1)) require = createRequire(require.resolve(name));
      return require(path.at(-1) as string);
    } catch {
      // Not seen from there.
    }
  }
  return undefined;
}

/** Jest translates tests in memory, and tells this package of the maps. */
const mapSupport = moduleOfJest('jest-runner', 'source-map-support') as
  | { retrieveSourceMap(source: string): { readonly map?: unknown } | null }
  | undefined;

function mapOfTest(url: string): unknown {
  const path = url.startsWith('file://') ? fileURLToPath(url) : url;
  const map = mapSupport?.retrieveSourceMap(path)?.map;
  return typeof map === 'string' ? JSON.parse(map) : (map ?? undefined);
}

function nodeEnvironment(): EnvironmentClass {
  const module = moduleOfJest('jest-environment-node') as { readonly TestEnvironment: EnvironmentClass } | undefined;
  if (module !== undefined) return module.TestEnvironment;
  throw new Error('timesink/jest needs the package jest-environment-node, which is part of Jest');
}

const environment: EnvironmentClass = recordTestsOf(nodeEnvironment());
export default environment;
