/** What does the Firefox Profiler make of a profile? Its own command line, which holds the code of profiler.firefox.com. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { declareMissing, providedFolder } from './provided.ts';
import { type StackSeconds, StackSums } from './stack-seconds.ts';

/** What it shows of a thread. */
export interface FirefoxThread {
  readonly name: string;
  readonly pid: string;
  /** Milliseconds, as far as the profile says. */
  readonly cpu: number;
  /** Of all stacks. */
  readonly total: number;
  /** What it takes numbers for: `tracing-ms`. */
  readonly weightType: string;
  /** What it shows is cut where it is deep. */
  readonly seconds: StackSeconds;
  /** Milliseconds in the lines of a function itself, as beside its source: `FILE:LINE`. */
  linesOf(functionName: string): Promise<Readonly<Record<string, number>>>;
}

/** A profile that is open. */
export interface FirefoxProfile {
  readonly name: string;
  readonly threads: readonly FirefoxThread[];
}

/** Opens the text of a file, until the test ends. */
export type OpenInFirefoxProfiler = (file: string) => Promise<FirefoxProfile>;

interface ProfileInfo {
  readonly name: string;
  readonly processes: readonly {
    readonly pid: string;
    readonly threads: readonly { readonly threadHandle: string; readonly name: string; readonly cpuMs: number }[];
  }[];
}

interface CallTreeNode {
  readonly name: string;
  readonly selfSamples: number;
  readonly totalSamples: number;
  readonly children: readonly CallTreeNode[];
}

interface TopDown {
  readonly regularCallTree: CallTreeNode;
  readonly weightType: string;
}

interface FunctionList {
  readonly functions: readonly { readonly functionHandle: string; readonly name: string }[];
}

interface Annotation {
  readonly srcAnnotation: {
    readonly filename: string;
    readonly lines: readonly { readonly lineNumber: number; readonly selfSamples: number }[];
  };
}

// It asks for Node.js 24.
const node = join(providedFolder, 'node/24/node_modules/node/bin/node');
const program = join(
  providedFolder,
  'firefox-profiler/node_modules/@firefox-devtools/profiler-cli/dist/profiler-cli.js',
);

/** Declares a test that reads with the Firefox Profiler. */
export function testWithFirefoxProfiler(name: string, body: (open: OpenInFirefoxProfiler) => Promise<void>): void {
  if (!existsSync(program) || !existsSync(node)) {
    declareMissing(name, '@firefox-devtools/profiler-cli');
    return;
  }
  test(name, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'timesink-firefox-'));
    const sessions = join(folder, 'sessions');
    await mkdir(sessions);
    const ask = asker(sessions);
    try {
      await body(async (text) => {
        const file = join(folder, 'profile.json');
        await writeFile(file, text);
        // It keeps the profile in a process of its own, for the questions that follow.
        await ask('load', file);
        return openProfile(ask);
      });
    } finally {
      await ask('stop', '--all');
      await rm(folder, { recursive: true });
    }
  });
}

/** Runs one command. */
type Ask = (...words: readonly string[]) => Promise<string>;

function asker(sessions: string): Ask {
  const env = { ...process.env, PROFILER_CLI_SESSION_DIR: sessions };
  return async (...words) => {
    const { stdout } = await promisify(execFile)(node, [program, ...words], { env, maxBuffer: 2 ** 28 });
    return stdout;
  };
}

async function askJson<T>(ask: Ask, ...words: readonly string[]): Promise<T> {
  return JSON.parse(await ask(...words, '--json')) as T;
}

async function openProfile(ask: Ask): Promise<FirefoxProfile> {
  const info = await askJson<ProfileInfo>(ask, 'profile', 'info', '--all');
  const threads: FirefoxThread[] = [];
  for (const { pid, threads: entries } of info.processes) {
    for (const { threadHandle: handle, name, cpuMs: cpu } of entries) {
      const words = ['thread', 'samples-top-down', '--thread', handle, '--include-idle', '--max-lines', '1000000'];
      const { regularCallTree: root, weightType } = await askJson<TopDown>(ask, ...words);
      const linesOf = (functionName: string): ReturnType<FirefoxThread['linesOf']> =>
        askLines(ask, handle, functionName);
      threads.push({ name, pid, cpu, total: root.totalSamples / 1e3, weightType, seconds: selfSeconds(root), linesOf });
    }
  }
  return { name: info.name, threads };
}

async function askLines(ask: Ask, thread: string, functionName: string): ReturnType<FirefoxThread['linesOf']> {
  await ask('thread', 'select', thread);
  const { functions } = await askJson<FunctionList>(ask, 'thread', 'functions', '--include-idle');
  const handle = functions.find(({ name }) => name === functionName)?.functionHandle;
  if (handle === undefined) throw new Error(`there is no function ${functionName}`);
  const { srcAnnotation } = await askJson<Annotation>(ask, 'function', 'annotate', handle);
  const lines = srcAnnotation.lines.filter(({ selfSamples }) => selfSamples !== 0);
  return Object.fromEntries(lines.map((line) => [`${srcAnnotation.filename}:${line.lineNumber}`, line.selfSamples]));
}

/** The root itself is not a function. */
function selfSeconds({ children }: CallTreeNode): StackSeconds {
  const sums = new StackSums();
  const open = children.map((node) => ({ node, names: [node.name] }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, names } = next;
    sums.add(names, node.selfSamples / 1e3);
    open.push(...node.children.map((child) => ({ node: child, names: [...names, child.name] })));
  }
  return sums.seconds;
}
