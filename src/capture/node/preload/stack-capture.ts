/** Where does a call stand? Taken in a few µs; put into words only where it is asked for. */
import type { AwaitFrame, AwaitStack } from '../left-files.ts';

/** Frames taken; more tell a reader nothing. */
const mostFrames = 48;
/** Different stacks kept between two pieces of a recording, and places kept in words. */
const mostStacks = 2000;
const mostPlaces = 10_000;

/** A stack that was taken and not looked at yet. */
export interface CapturedStack {
  readonly stack?: unknown;
}

/** The part of V8's description of a call that is used. */
interface Call {
  getFunctionName(): string | null;
  getScriptNameOrSourceURL(): string | null;
  getPosition(): number;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  /** Where the function begins: not in every version. */
  getEnclosingLineNumber?(): number;
  getEnclosingColumnNumber?(): number;
  isAsync?(): boolean;
  isPromiseAll?(): boolean;
}

/** A place in words, and its number. */
interface Place {
  readonly number: number;
  readonly frame: AwaitFrame;
}

// The program may replace these later.
const ErrorClass = Error;
const { captureStackTrace } = Error;

/** The calls under way, `below` and those above it left out; callers that wait for it are part of them. */
export function captureStack(below: (...args: never[]) => unknown): CapturedStack {
  const holder: CapturedStack = {};
  const limit = ErrorClass.stackTraceLimit;
  ErrorClass.stackTraceLimit = mostFrames;
  captureStackTrace(holder, below);
  ErrorClass.stackTraceLimit = limit;
  return holder;
}

/** Stacks in words, each once. */
export class AwaitStacks {
  stacks: AwaitStack[] = [];
  readonly numbers: Map<string, number> = new Map();
  /** By file and position: to find line and column takes V8 long. */
  readonly places: Map<string, Place> = new Map();

  /**
   * The number of a stack; undefined where it says nothing, or where there are too many different ones.
   * @param isLate it was taken after the await went on: what the function has called since then is no part of it
   */
  numberOf(captured: CapturedStack, isLate: boolean): number | undefined {
    const calls = callsOf(captured);
    const places = calls.slice(isLate ? resumedCall(calls) : 0).flatMap((call) => this.placeOf(call));
    if (places.length === 0) return undefined;
    const key = places.map((place) => place.number).join(' ');
    let number = this.numbers.get(key);
    if (number === undefined && this.stacks.length < mostStacks) {
      number = this.stacks.push(places.map((place) => place.frame)) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  /** Hands over all of them, and begins anew. */
  take(): AwaitStack[] {
    const taken = this.stacks;
    this.stacks = [];
    this.numbers.clear();
    if (this.places.size > mostPlaces / 2) this.places.clear();
    return taken;
  }

  placeOf(call: Call): Place[] {
    const url = call.getScriptNameOrSourceURL();
    if (url === null || url === undefined || url === '' || call.isPromiseAll?.() === true) return [];
    const waits = call.isAsync?.() === true ? 1 : 0;
    const key = `${waits} ${call.getPosition()} ${url}`;
    let place = this.places.get(key);
    if (place === undefined) {
      if (this.places.size >= mostPlaces) return [];
      place = { number: this.places.size, frame: frameOf(call, url, waits) };
      this.places.set(key, place);
    }
    return [place];
  }
}

function callsOf(captured: CapturedStack): readonly Call[] {
  const prepare = ErrorClass.prepareStackTrace;
  // It is asked when a stack is first looked at, which happens here and nowhere else.
  ErrorClass.prepareStackTrace = (_error, calls) => calls;
  try {
    const calls = captured.stack;
    return Array.isArray(calls) ? (calls as Call[]) : [];
  } finally {
    if (prepare === undefined) delete (ErrorClass as { prepareStackTrace?: unknown }).prepareStackTrace;
    else ErrorClass.prepareStackTrace = prepare;
  }
}

/** The outermost call that is under way, except for Node's own: those around it wait for it. */
function resumedCall(calls: readonly Call[]): number {
  let found = 0;
  for (let index = 0; index < calls.length; index++) {
    const call = calls[index] as Call;
    if (call.isAsync?.() !== true && call.getScriptNameOrSourceURL()?.startsWith('node:') !== true) found = index;
  }
  return found;
}

function frameOf(call: Call, url: string, waits: number): AwaitFrame {
  return [
    call.getFunctionName() ?? '',
    url,
    call.getLineNumber() ?? 0,
    call.getColumnNumber() ?? 0,
    call.getEnclosingLineNumber?.() ?? 0,
    call.getEnclosingColumnNumber?.() ?? 0,
    waits,
  ];
}
