/** Which tests of Vitest are slow, and where? A plugin for its configuration: `plugins: [slowTests()]`. */
import { fileURLToPath } from 'node:url';
import { type SlowTest, type SlowTestOptions, slowTestReport, type TestLine } from './slow-tests.ts';

/** What the worker leaves in a test's `meta`, for the reporter. */
export interface TestMeta {
  readonly timesink?: { readonly seconds: number; readonly line: TestLine | null };
}

/** What Vitest tells of a test, as far as it is used here. */
interface TestCase {
  readonly fullName: string;
  meta(): object;
}

/** What Vitest tells of a file of tests, as far as it is used here. */
interface TestModule {
  readonly relativeModuleId?: string;
  readonly children: { allTests(): Iterable<TestCase> };
}

/** A reporter of Vitest 3 and newer. */
export interface SlowTestReporter {
  onTestRunEnd(modules: readonly TestModule[]): void;
}

/** A plugin of Vite, as far as it is one. */
export interface SlowTestPlugin {
  readonly name: string;
  config(config: { readonly test?: { readonly reporters?: unknown } }): {
    readonly test: {
      readonly setupFiles: string[];
      readonly reporters: unknown[];
      readonly env: Record<string, string>;
    };
  };
}

// Named first, so that the bundler does not take the file for one of its own.
const here: string = import.meta.url;
const setupFile = fileURLToPath(new URL('./vitest-setup.js', here));

/** Lists the slowest tests at the end of a run, each with the line that took most of its time. */
export function slowTests(options: SlowTestOptions = {}): SlowTestPlugin {
  return {
    name: 'timesink',
    config: ({ test }) => ({
      test: {
        setupFiles: [setupFile],
        // Vitest adds up lists, but its own reporter only stands where there is none.
        reporters: [...(test?.reporters === undefined ? ['default'] : []), slowTestReporter(options)],
        env: options.threshold === undefined ? {} : { TIMESINK_SLOW_TEST: String(options.threshold) },
      },
    }),
  };
}

/** The reporter alone: for what `reporters` lists. Tests are recorded only where the plugin is there, too. */
export function slowTestReporter(options: SlowTestOptions = {}): SlowTestReporter {
  return {
    onTestRunEnd: (modules) => {
      const report = slowTestReport(modules.flatMap(testsOf), options);
      if (report !== '') process.stdout.write(`\n${report}`);
    },
  };
}

function testsOf({ relativeModuleId, children }: TestModule): SlowTest[] {
  return Array.from(children.allTests()).flatMap((test) => {
    const { timesink } = test.meta() as TestMeta;
    if (timesink === undefined) return [];
    const name = [relativeModuleId, test.fullName].filter((part) => part !== undefined).join(' > ');
    return [{ name, ...timesink }];
  });
}
