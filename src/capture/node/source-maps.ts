/** What were the scripts of a program made from? Finds and reads their source maps. */
import { posix } from 'node:path';
import { decodedMappings, FlattenMap, type TraceMap, traceSegment } from '@jridgewell/trace-mapping';
import { parseJson } from '../../session/check-json.ts';
import type { OriginalPosition, Script, Scripts } from '../../session/javascript-scripts.ts';
import { fileOfUrl } from '../../session/javascript-urls.ts';
import { checkedMap } from './source-map-check.ts';

/** Gives the text of a file; undefined where it cannot be read. Paths come from the program, and may point anywhere. */
export type ReadFile = (path: string) => string | undefined;

/** Raw source maps (ECMA-426) by the URL of their script, as the program's own runtime knows them. */
export type KnownMaps = ReadonlyMap<string, unknown>;

/** A line of more pieces is that of a bundle: it has no one origin. */
const mostSegments = 500;

/** Names of the members that come again and again. */
const repeatedNames = ['offset', 'line', 'column', 'map', 'version', 'sources', 'names', 'mappings', 'file', 'url'];

const comments = ['//# sourceMappingURL=', '//@ sourceMappingURL=', '/*# sourceMappingURL='];

/**
 * Scripts and what they were made from: each file is read once, when it is first asked for. A script's map is the one that
 * is known, or that its last `sourceMappingURL` names: inline or a file. One that is missing, damaged or too large is none.
 * @param maps those that cannot be found in files, such as of code that was transformed while it was loaded
 */
export function readScripts(readFile: ReadFile, maps: KnownMaps = new Map()): Scripts {
  return new ScriptReader(readFile, maps);
}

class ScriptReader implements Scripts {
  readonly #readFile: ReadFile;
  readonly #maps: KnownMaps;
  readonly #scripts = new Map<string, Script>();
  readonly #texts = new Map<string, string | undefined>();
  /** Texts that maps carry. */
  readonly #contents = new Map<string, string>();

  constructor(readFile: ReadFile, maps: KnownMaps) {
    this.#readFile = readFile;
    this.#maps = maps;
  }

  script(url: string): Script {
    let script = this.#scripts.get(url);
    if (script === undefined) {
      script = this.#read(url);
      this.#scripts.set(url, script);
    }
    return script;
  }

  sourceText(file: string): string | undefined {
    return this.#contents.get(file) ?? this.#text(file);
  }

  #text(file: string): string | undefined {
    if (!isPath(file)) return undefined;
    if (!this.#texts.has(file)) this.#texts.set(file, this.#readFile(file));
    return this.#texts.get(file);
  }

  #read(url: string): Script {
    const file = fileOfUrl(url);
    const text = this.#text(file);
    const comment = text === undefined ? null : sourceMappingUrl(text);
    const known = this.#maps.get(url);
    // What was transformed while it was loaded is not what the file holds.
    const own = known !== undefined && comment === null ? undefined : text;
    const [raw, base] = known === undefined ? this.#mapOf(comment, file) : [known, file];
    const map = raw === null ? null : readMap(raw);
    return map === null ? plainScript(own) : this.#mapped(map, own, base);
  }

  /** A map as it stands in JSON, and the file that it counts paths from. */
  #mapOf(comment: string | null, file: string): readonly [unknown, string] {
    if (comment === null) return [null, file];
    const inline = textOfDataUrl(comment);
    if (inline !== null) return [parsed(inline, file), file];
    const path = resolveFrom(file, comment);
    const text = this.#text(path);
    return [text === undefined ? null : parsed(text, path), path];
  }

  #mapped(map: TraceMap, text: string | undefined, base: string): Script {
    const files = map.resolvedSources.map((source) => resolveFrom(base, source ?? ''));
    files.forEach((file, source) => {
      const content = map.sourcesContent?.[source];
      if (typeof content === 'string' && !this.#contents.has(file)) this.#contents.set(file, content);
    });
    return new MappedScript(map, text, files);
  }
}

function plainScript(text: string | undefined): Script {
  return { text, isMapped: false, onlySource: null, original: () => null, originalLine: () => null };
}

class MappedScript implements Script {
  readonly isMapped = true;
  readonly text: string | undefined;
  readonly onlySource: string | null;
  readonly #map: TraceMap;
  /** By number of a source. */
  readonly #files: readonly string[];

  constructor(map: TraceMap, text: string | undefined, files: readonly string[]) {
    this.#map = map;
    this.text = text;
    this.#files = files;
    this.onlySource = files.length === 1 ? (files[0] ?? null) : null;
  }

  original(lineNumber: number, columnNumber: number): OriginalPosition | null {
    const segment = traceSegment(this.#map, lineNumber, columnNumber);
    if (segment === null || segment.length === 1) return null;
    const file = this.#files[segment[1]];
    const name = segment.length === 5 ? (this.#map.names[segment[4]] ?? null) : null;
    if (file === undefined || segment[2] < 0 || segment[3] < 0) return null;
    return { file, lineNumber: segment[2], columnNumber: segment[3], name };
  }

  originalLine(lineNumber: number): Pick<OriginalPosition, 'file' | 'lineNumber'> | null {
    const segments = decodedMappings(this.#map)[lineNumber] ?? [];
    if (segments.length > mostSegments) return null;
    const ends = segments.flatMap((segment) => (segment.length === 1 ? [] : [[segment[1], segment[2]] as const]));
    const [source, line] = ends[0] ?? [-1, -1];
    const file = this.#files[source];
    if (file === undefined || line < 0 || ends.some((end) => end[0] !== source || end[1] !== line)) return null;
    return { file, lineNumber: line };
  }
}

/** What a script says of its map, in a comment at its end; null where it says nothing. */
function sourceMappingUrl(text: string): string | null {
  const at = Math.max(...comments.map((comment) => text.lastIndexOf(comment)));
  if (at < 0) return null;
  const from = text.indexOf('=', at) + 1;
  const length = text.slice(from).search(/[\s'"`*]|$/);
  const url = text.slice(from, from + length);
  // A comment that more code follows belongs to a part of the file.
  const rest = text.slice(from + length, from + length + 2000).replace(/^\s*\*\//, '');
  return url !== '' && /^(?:\s|\/\/[^\n]*)*$/.test(rest) ? url : null;
}

function textOfDataUrl(url: string): string | null {
  const [head] = /^data:[\w/+.-]*(?:;[\w=.-]+)*,/.exec(url.slice(0, 200)) ?? [];
  if (head === undefined) return null;
  const body = url.slice(head.length);
  return /;base64,$/.test(head) ? Buffer.from(body, 'base64').toString() : decoded(body);
}

function parsed(text: string, file: string): unknown {
  try {
    // Such a line protects maps from being run as scripts (ECMA-426).
    return parseJson(text.replace(/^\)\]\}'[^\n]*\n/, ''), file, '', repeatedNames);
  } catch {
    return null;
  }
}

function readMap(raw: unknown): TraceMap | null {
  const checked = checkedMap(raw);
  if (checked === null) return null;
  try {
    const map = new FlattenMap(checked);
    decodedMappings(map);
    return map;
  } catch {
    return null;
  }
}

/** A path that stands in the file `base`: bundlers write URLs of their own, others are relative. */
function resolveFrom(base: string, path: string): string {
  if (/^[A-Za-z][\w+.-]+:/.test(path)) return fileOfUrl(path);
  if (path.startsWith('/')) return path;
  if (/^https?:/.test(base)) return URL.canParse(path, base) ? new URL(path, base).href : path;
  const plain = decoded(path.replace(/[?#].*$/s, ''));
  return isPath(base) ? posix.join(posix.dirname(base), plain) : posix.normalize(plain);
}

function isPath(file: string): boolean {
  return file.startsWith('/') || /^[A-Za-z]:[/\\]/.test(file);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
