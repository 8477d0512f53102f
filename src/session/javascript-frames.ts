/** Which frame of a session is a function that V8 names, and what would a person call it? */
import type { SessionBuilder } from './builder.ts';
import type { V8CallFrame, V8Node } from './cpuprofile-nodes.ts';
import { kindOfFrame } from './frame-text.ts';
import type { FrameIndex } from './ids.ts';
import type { JavaScriptName } from './javascript-names.ts';
import type { OriginalPosition, Script, Scripts } from './javascript-scripts.ts';
import { fieldsName, JavaScriptSources, type SourceFunction } from './javascript-sources.ts';
import { fileOfUrl } from './javascript-urls.ts';
import { v8Name } from './javascript-v8-names.ts';
import type { FrameInfo, FrameKind } from './session.ts';

/** A function, or another entry of V8's, in a session. */
export interface NamedFrame {
  readonly kind: FrameKind;
  readonly info: FrameInfo;
  readonly index: FrameIndex;
  /** The frame at the line it was at, or at no line: see {@link SessionBuilder.location}. */
  readonly location: number;
  /** The line, counted from 1, that a line of the code that ran stands for; −1 where it is not this function's. */
  lineOf(line: number): number;
  /** The line, counted from 1, at which it calls another function; −1 unless its source has exactly one such line. */
  callLineOf(callee: FrameInfo): number;
}

/** What V8 calls time that is no function's. */
const kindOfName: ReadonlyMap<string, FrameKind> = new Map([
  ['(idle)', 'idle'],
  ['(program)', 'native'],
  ['(garbage collector)', 'gc'],
]);

/** Names up to this length, this far to the right, are those of a minifier: many functions of a line share them. */
const [shortName, farRight] = [2, 1000];

const noLine = (): number => -1;

/** Profiles that this program has written may be of Python programs. */
const pythonFile = /\.py[wx]?$|^<(?:frozen |string>|stdin>|ipython-input|python-input)/;

/** Code given to `eval` or `new Function`, which V8 gives no URL. */
const evalFile = '<eval>';

/** Names the functions of one session. */
export class JavaScriptFrames {
  readonly #builder: SessionBuilder;
  readonly #scripts: Scripts;
  readonly #sources = new JavaScriptSources();
  readonly #functions = new Map<string, NamedFrame>();
  /** Of nodes that say no more than where a function begins; the nodes of one profile share these objects. */
  readonly #byCallFrame = new Map<V8CallFrame, NamedFrame>();
  /** Where functions begin, by script and name. */
  readonly #starts = new Map<string, V8CallFrame[]>();

  /** @param scripts where the text of the code can be had */
  constructor(builder: SessionBuilder, scripts: Scripts) {
    this.#builder = builder;
    this.#scripts = scripts;
  }

  /** Makes known where functions begin, for nodes that say only where they were. */
  learn(nodes: readonly V8Node[]): void {
    for (const frame of new Set(nodes.map(({ callFrame }) => callFrame))) {
      if (frame.url === '' || frame.lineNumber < 0) continue;
      const key = `${frame.functionName}\0${frame.url}`;
      const known = this.#starts.get(key);
      if (known === undefined) this.#starts.set(key, [frame]);
      else known.push(frame);
    }
  }

  /**
   * The frame that a node stands for.
   * @param caller the node below, undefined where only the root is
   */
  of(node: V8Node, caller: V8Node | undefined): NamedFrame {
    const { callFrame, kind, position } = node;
    const file = fileOfBinding(callFrame, caller);
    if (file !== undefined) return this.#entry(functionFrame(file, { name: callFrame.functionName, owner: null }, -1));
    if (kind !== null || position !== null) return this.#intern(node);
    const known = this.#byCallFrame.get(callFrame) ?? this.#intern(node);
    this.#byCallFrame.set(callFrame, known);
    return known;
  }

  #intern({ callFrame, kind, position }: V8Node): NamedFrame {
    const key = JSON.stringify([kind, callFrame, position]);
    let found = this.#functions.get(key);
    if (found === undefined) {
      found = this.#name(callFrame, kind, position);
      this.#functions.set(key, found);
    }
    return found;
  }

  /** A frame at a line. */
  atLine({ index }: NamedFrame, line: number): number {
    return this.#builder.location(index, line);
  }

  #name(callFrame: V8CallFrame, kind: FrameKind | null, position: V8Node['position']): NamedFrame {
    const { functionName, url } = callFrame;
    const known = kind ?? (url === '' ? kindOfName.get(functionName) : undefined);
    if (known !== undefined && known !== 'javascript') return this.#entry(bareFrame(known, functionName));
    if (url === '' && callFrame.lineNumber < 0) return this.#entry(nameOnlyFrame(functionName));
    const script = this.#scripts.script(url);
    if (position === null) return this.#nameAt(callFrame, script);
    const original = script.isMapped ? script.original(position.lineNumber, position.columnNumber) : null;
    const isInside = callFrame.lineNumber < 0;
    const around = isInside && original !== null ? this.#nameAround(original) : null;
    const named = around ?? this.#nameAt(isInside ? this.#startOf(callFrame, script, position) : callFrame, script);
    return { ...named, location: this.atLine(named, (original?.lineNumber ?? position.lineNumber) + 1) };
  }

  #nameAt(start: V8CallFrame, script: Script): NamedFrame {
    return script.isMapped ? this.#nameMapped(start, script) : this.#nameUnmapped(start, script);
  }

  /** The function around a place of a source file; null where none is. */
  #nameAround({ file, lineNumber, columnNumber }: OriginalPosition): NamedFrame | null {
    const source = this.#sources.around(this.#scripts.sourceText(file), lineNumber, columnNumber);
    if (source === null) return null;
    return this.#entry(functionFrame(file, source.name ?? anonymous, source.lineNumber), noLine, source);
  }

  /** Where a function begins that is known by a place in it. */
  #startOf(frame: V8CallFrame, script: Script, position: NonNullable<V8Node['position']>): V8CallFrame {
    const { lineNumber, columnNumber } = position;
    const starts = this.#starts.get(`${frame.functionName}\0${frame.url}`) ?? [];
    const before = starts.filter((start) => isBefore(start, position)).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    const seen = before.at(-1);
    const around = this.#sources.around(script.text, lineNumber, columnNumber);
    if (around !== null && (seen === undefined || isBefore(seen, around))) return { ...frame, ...placeOf(around) };
    if (seen !== undefined) return seen;
    const isModule = frame.functionName === '' && script.text !== undefined;
    return { ...frame, ...(isModule ? { lineNumber: 0, columnNumber: 0 } : position) };
  }

  #nameUnmapped(frame: V8CallFrame, script: Script): NamedFrame {
    const { functionName, url, lineNumber, columnNumber } = frame;
    const file = url === '' ? evalFile : fileOfUrl(url);
    // Its columns are offsets, and it has no lines.
    if (file.startsWith('wasm:')) return this.#entry(functionFrame(file, v8Name(functionName) ?? anonymous, -1));
    const isModule = isModuleFrame(frame);
    const source = isModule ? null : this.#sources.at(script.text, lineNumber, columnNumber);
    const isHere = source !== null && source.lineNumber === lineNumber && source.columnNumber === columnNumber;
    const own = v8Name(functionName);
    const found = isHere && agrees(own, source.name) ? source : null;
    const implicit = found === null && functionName !== '' ? this.#implicitName(frame, script) : null;
    const written = implicit ?? join(own, found?.name ?? null, columnNumber);
    const name = isModule ? moduleName : written;
    const count = this.#sources.lineCount(script.text);
    const last = found?.lastLineNumber ?? count - 1;
    // A function that is not where it should be shows that the file is not what ran.
    const hasLines = isModule || found !== null || implicit !== null || (count === 0 && lineNumber >= 0);
    const isOwn = (line: number): boolean => line > lineNumber && (last < 0 || line <= last + 1);
    const lineOf = (line: number): number => (hasLines && isOwn(line) ? line : -1);
    return this.#entry(functionFrame(file, name, isModule ? 0 : lineNumber), lineOf, found);
  }

  /** V8 calls as its class what runs for a class by itself; the values of fields have names of their own until V8 13. */
  #implicitName({ functionName, lineNumber, columnNumber }: V8CallFrame, { text }: Script): JavaScriptName | null {
    const found = this.#sources.implicitAt(text, lineNumber, columnNumber);
    if (functionName === '<static_initializer>') return { name: '<static fields>', owner: found?.owner ?? null };
    if (functionName === '<instance_members_initializer>') return { name: fieldsName, owner: found?.owner ?? null };
    return found?.owner === functionName ? found : null;
  }

  #nameMapped(frame: V8CallFrame, script: Script): NamedFrame {
    const { functionName, lineNumber, columnNumber } = frame;
    const original = script.original(Math.max(0, lineNumber), Math.max(0, columnNumber));
    if (isModuleFrame(frame)) {
      return this.#entry(functionFrame(script.onlySource ?? fileOfUrl(frame.url), moduleName, 0));
    }
    if (original === null) return this.#nameUnmapped(frame, { ...script, text: undefined });
    const { file } = original;
    const source = this.#sources.at(this.#scripts.sourceText(file), original.lineNumber, original.columnNumber);
    const written = source?.name ?? null;
    const generated = v8Name(functionName);
    const renamed = original.name === null || generated === null ? generated : { ...generated, name: original.name };
    const name = written === null || written.name.startsWith('(') ? (renamed ?? written) : written;
    const first = source?.lineNumber ?? original.lineNumber;
    const last = source?.lastLineNumber ?? Number.POSITIVE_INFINITY;
    const lineOf = (line: number): number => {
      // Of a line with many functions, only that of a function without others is known.
      if (first === last) return first + 1;
      const place = script.originalLine(line - 1);
      return place?.file === file && place.lineNumber >= first && place.lineNumber <= last ? place.lineNumber + 1 : -1;
    };
    return this.#entry(functionFrame(file, name ?? anonymous, first), lineOf, source);
  }

  #entry(info: FrameInfo, lineOf: NamedFrame['lineOf'] = noLine, source: SourceFunction | null = null): NamedFrame {
    const index = this.#builder.frame(info);
    const location = this.#builder.location(index, -1);
    const callLineOf = (callee: FrameInfo): number => (source === null ? -1 : lineOfCall(source, info.file, callee));
    return { kind: info.kind, info, index, location, lineOf, callLineOf };
  }
}

/** The top level of a file. Of some modules V8 says no place at all, of wrapped ones a column before the first. */
function isModuleFrame({ functionName, lineNumber, columnNumber }: V8CallFrame): boolean {
  return functionName === '' && lineNumber <= 0 && columnNumber <= 0;
}

const anonymous: JavaScriptName = { name: '(anonymous)', owner: null };
const moduleName: JavaScriptName = { name: '<module>', owner: null };

/** Whether both may speak of one function. If not, the file is not what ran, as with test runners that transform it. */
function agrees(own: JavaScriptName | null, source: JavaScriptName | null): boolean {
  if (own === null || source === null || /^[([]/.test(source.name)) return true;
  return source.name === own.name || source.name === 'constructor';
}

/** What V8 knows, and what the source says beyond it. */
function join(own: JavaScriptName | null, source: JavaScriptName | null, columnNumber: number): JavaScriptName {
  if (own === null) return source ?? atColumn(anonymous, columnNumber);
  if (source === null) return own.name.length <= shortName ? atColumn(own, columnNumber) : own;
  // V8 calls a constructor as its class.
  if (source.name === 'constructor') return { name: source.name, owner: source.owner ?? own.name };
  return { name: own.name, owner: own.owner ?? (source.name === own.name ? source.owner : null) };
}

function atColumn(name: JavaScriptName, columnNumber: number): JavaScriptName {
  return columnNumber < farRight ? name : { ...name, name: `${name.name} (column ${columnNumber + 1})` };
}

function bareFrame(kind: FrameKind, functionName: string): FrameInfo {
  return { kind, functionName, file: null, firstLine: 0, className: null, hidden: false };
}

/** A function of V8 or the runtime itself; or `[await]` and the like, in profiles that this program has written. */
function nameOnlyFrame(functionName: string): FrameInfo {
  const kind = kindOfFrame(functionName, null);
  if (kind !== 'python') return bareFrame(kind, functionName);
  return { ...bareFrame('builtin', functionName === '' ? anonymous.name : functionName), file: '<built-in>' };
}

function functionFrame(file: string, { name, owner }: JavaScriptName, lineNumber: number): FrameInfo {
  const kind = pythonFile.test(file) ? 'python' : 'javascript';
  return { kind, functionName: name, file, firstLine: lineNumber + 1, className: owner, hidden: false };
}

/** A callback within the function is where it is called; others are called by their name, constructors by their class's. */
function lineOfCall(source: SourceFunction, file: string | null, callee: FrameInfo): number {
  const { functionName, className, firstLine } = callee;
  if (functionName.startsWith('(callback of ')) {
    const isWithin = callee.file === file && firstLine > source.lineNumber && firstLine <= source.lastLineNumber + 1;
    return isWithin ? firstLine : -1;
  }
  const name = functionName === 'constructor' && className !== null ? className : functionName;
  return source.callLineOf(name) < 0 ? -1 : source.callLineOf(name) + 1;
}

/** Functions within Node.js by which it loads modules and hands on to the program, and the files that they serve. */
const bindings: ReadonlyMap<string, string> = new Map([
  ...['evaluate', 'evaluateSync', 'instantiate', 'instantiateSync', 'link'].map(
    (name) => [name, 'node:internal/modules/esm/module_job'] as const,
  ),
  ...['compileFunctionForCJSLoader', 'internalCompileFunction'].map(
    (name) => [name, 'node:internal/modules/cjs/loader'] as const,
  ),
  ['runMicrotasks', 'node:internal/process/task_queues'],
]);

/** The file, where Node.js itself calls such a function. */
function fileOfBinding({ functionName, url, lineNumber }: V8CallFrame, caller: V8Node | undefined): string | undefined {
  const isNative = url === '' && lineNumber < 0;
  const isOfNode = caller === undefined || caller.callFrame.url.startsWith('node:internal/');
  return isNative && isOfNode ? bindings.get(functionName) : undefined;
}

type Place = Pick<V8CallFrame, 'lineNumber' | 'columnNumber'>;

function isBefore(a: Place, b: Place): boolean {
  return a.lineNumber < b.lineNumber || (a.lineNumber === b.lineNumber && a.columnNumber <= b.columnNumber);
}

function placeOf({ lineNumber, columnNumber }: SourceFunction): Place {
  return { lineNumber, columnNumber };
}
