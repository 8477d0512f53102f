/** What does V8 say of a function? */
import type { CodeFunction } from './code-table.ts';
import { fileUrl } from './file-url.ts';

/** Runtime.CallFrame of V8's inspector protocol. Line and column count from 0; −1 where there is none. */
export interface CallFrame {
  readonly functionName: string;
  /** A number for each URL, `0` for none. */
  readonly scriptId: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** The frame of what is no code in a file. */
export function bareCallFrame(functionName: string): CallFrame {
  return { functionName, scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
}

/** Makes one call frame for each function. */
export class CallFrames {
  readonly #functions: readonly CodeFunction[];
  readonly #made = new Map<number, CallFrame>();
  readonly #scriptIds = new Map<string, string>();

  constructor(functions: readonly CodeFunction[]) {
    this.#functions = functions;
  }

  /** The frame of a function, by its position. */
  of(code: number): CallFrame {
    let frame = this.#made.get(code);
    if (frame === undefined) {
      frame = this.#make(this.#functions[code] as CodeFunction);
      this.#made.set(code, frame);
    }
    return frame;
  }

  #make({ kind, name, file, firstLine }: CodeFunction): CallFrame {
    if (kind === 'gc') return bareCallFrame('(garbage collector)');
    if (kind === 'idle') return bareCallFrame('(idle)');
    if (file === null || file === '' || kind === 'builtin' || kind === 'thread') return bareCallFrame(name);
    const url = fileUrl(file);
    const lineNumber = firstLine > 0 ? firstLine - 1 : -1;
    return {
      functionName: name,
      scriptId: this.#scriptId(url),
      url,
      lineNumber,
      columnNumber: Math.min(lineNumber, 0),
    };
  }

  #scriptId(url: string): string {
    let id = this.#scriptIds.get(url);
    if (id === undefined) {
      id = String(this.#scriptIds.size + 1);
      this.#scriptIds.set(url, id);
    }
    return id;
  }
}
