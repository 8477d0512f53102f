/** How does a session look as a `.pyisession`? Writes what pyinstrument 5.1.3 would, to the byte. */
import { TimesinkError } from '../util/errors.ts';
import { PairIndex } from '../util/pair-index.ts';
import { formatPythonFloat, formatPythonString, type PythonJson, pythonJson } from '../util/python-json.ts';
import { formatFrame } from './frame-text.ts';
import { noStack } from './ids.ts';
import type { FrameInfo, Session, ThreadSamples } from './session.ts';

/** In characters. V8 has no strings over 2^29 − 24. */
const maxLength = 500_000_000;

/** What stands around each stack, with the longest of times. */
const longestTime = '[, 1.7976931348623157e+308], '.length;

/**
 * Writes one thread as a `.pyisession`, as `json.dumps` would.
 *
 * Stacks of our own recordings get the `thread` entry that the format wants, and `start_call_stack` names the program's
 * outermost frame, so that pyinstrument's trimming of the stem ends there; time when the thread ran no frame is left out.
 * A session that was read comes out as it was.
 * @param thread default: the main thread of the first process
 * @throws TimesinkError UNWRITABLE_OUTPUT for more than 500 million characters
 */
export function formatPyisession(session: Session, thread: ThreadSamples | undefined = mainThread(session)): string {
  const { meta } = session;
  const process = session.processes[thread?.process ?? 0];
  const stacks = new StackTexts(session, thread);
  const fields: Readonly<Record<string, PythonJson>> = {
    start_time: meta.startTime,
    duration: meta.duration,
    min_interval: meta.minInterval,
    max_interval: meta.maxInterval,
    sample_count: { int: meta.engine === 'file' ? meta.sampleCount : (thread?.sampleCount ?? 0) },
    start_call_stack: stacks.startCallStack(),
    target_description: meta.description,
    cpu_time: meta.cpuTime,
    sys_path: process?.sysPath ?? [],
    sys_prefixes: process?.sysPrefixes ?? [],
  };
  const head = Object.entries(fields).map(([key, value]) => `"${key}": ${pythonJson(value)}, `);
  return `{${head.join('')}"frame_records": [${formatRecords(thread, stacks)}]}`;
}

/** `start_call_stack` as {@link formatPyisession} writes it. */
export function formatStartCallStack(
  session: Session,
  thread: ThreadSamples | undefined = mainThread(session),
): readonly string[] {
  return new StackTexts(session, thread).startCallStack();
}

/** The outermost entry that stacks of our own recordings get in a `.pyisession`; null where they have one already. */
export function threadEntry(session: Session, thread: ThreadSamples | undefined): FrameInfo | null {
  return session.meta.engine === 'file' ? null : threadFrame(thread);
}

function mainThread(session: Session): ThreadSamples | undefined {
  const threads = session.threads.filter((thread) => thread.process === 0);
  return threads.find((thread) => thread.isMain) ?? threads[0];
}

function formatRecords(thread: ThreadSamples | undefined, stacks: StackTexts): string {
  if (thread === undefined) return '';
  const lengths = stacks.lengths();
  let length = 0;
  for (const stack of thread.stack) {
    if (!stacks.isOmitted(stack)) length += (lengths[stack + 1] as number) + longestTime;
  }
  if (length > maxLength) {
    throw new TimesinkError('UNWRITABLE_OUTPUT', 'this session is too large for a .pyisession file', {
      hint: 'Save it as a .timesink file, which is far more compact.',
    });
  }
  const records: string[] = [];
  thread.stack.forEach((stack, row) => {
    if (stacks.isOmitted(stack)) return;
    records.push(`[${stacks.text(stack)}, ${formatPythonFloat(thread.weight[row] ?? 0)}]`);
  });
  return records.join(', ');
}

/** The stacks of one thread as JSON. */
class StackTexts {
  readonly #session: Session;
  readonly #thread: ThreadSamples | undefined;
  readonly #threadFrame: FrameInfo | null;
  readonly #locations = new PairIndex();
  readonly #locationTexts: string[] = [];
  #lastStack: number = noStack;
  #lastText = '';

  constructor(session: Session, thread: ThreadSamples | undefined) {
    this.#session = session;
    this.#thread = thread;
    this.#threadFrame = threadEntry(session, thread);
    this.#lastText = this.#format(noStack);
  }

  /** Whether time at this stack belongs to no frame of ours; pyinstrument would show the thread itself as a caller. */
  isOmitted(stack: number): boolean {
    return stack === noStack && this.#threadFrame !== null;
  }

  text(stack: number): string {
    if (stack !== this.#lastStack) {
      this.#lastText = this.#format(stack);
      this.#lastStack = stack;
    }
    return this.#lastText;
  }

  /** At position stack + 1, how many characters the text of a stack has; first that of the empty one. */
  lengths(): Float64Array {
    const { stacks } = this.#session;
    const lengths = new Float64Array(stacks.parent.length + 1);
    lengths[0] = this.#format(noStack).length;
    for (let stack = 0; stack < stacks.parent.length; stack++) {
      const below = lengths[(stacks.parent[stack] as number) + 1] as number;
      const isFirst = below === '[]'.length;
      const entry = this.#entry(stacks.frame[stack] as number, stacks.line[stack] as number);
      lengths[stack + 1] = below + (isFirst ? 0 : ', '.length) + entry.length;
    }
    return lengths;
  }

  startCallStack(): readonly string[] {
    const { frames, meta } = this.#session;
    const start = meta.startCallStack.map((frame, depth) =>
      formatFrame(frames[frame] as FrameInfo, meta.startCallLines?.[depth] ?? -1),
    );
    if (this.#threadFrame === null) return start;
    const outermost = start.length === 0 ? this.#programFrame() : undefined;
    return [formatFrame(this.#threadFrame, -1), ...(outermost === undefined ? start : [formatFrame(outermost, -1)])];
  }

  /** The outermost frame of the first row that has one which stands for code. */
  #programFrame(): FrameInfo | undefined {
    const { frames, stacks } = this.#session;
    for (const stack of this.#thread?.stack ?? []) {
      let outermost = stack;
      while ((stacks.parent[outermost] ?? noStack) !== noStack) outermost = stacks.parent[outermost] as number;
      const frame = frames[stacks.frame[outermost] ?? -1];
      if (frame !== undefined && frame.kind !== 'not-sampled') return frame;
    }
    return undefined;
  }

  #format(stack: number): string {
    const { stacks } = this.#session;
    const entries: string[] = [];
    for (let at = stack; at !== noStack; at = stacks.parent[at] as number) {
      entries.push(this.#entry(stacks.frame[at] as number, stacks.line[at] as number));
    }
    if (this.#threadFrame !== null) entries.push(formatPythonString(formatFrame(this.#threadFrame, -1)));
    return `[${entries.reverse().join(', ')}]`;
  }

  #entry(frame: number, line: number): string {
    const location = this.#locations.numberOf(frame, line);
    if (location === this.#locationTexts.length) {
      this.#locationTexts.push(formatPythonString(formatFrame(this.#session.frames[frame] as FrameInfo, line)));
    }
    return this.#locationTexts[location] as string;
  }
}

function threadFrame(thread: ThreadSamples | undefined): FrameInfo {
  const functionName = thread?.name ?? 'MainThread';
  const firstLine = thread?.ident ?? 0;
  return { kind: 'thread', functionName, file: '<thread>', firstLine, className: null, hidden: false };
}
