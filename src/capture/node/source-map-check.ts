/** Is this a source map, of a size that can be taken apart? Maps are made by anyone's tools. */
import type { SectionedSourceMapInput } from '@jridgewell/trace-mapping';

/** Characters of mappings: a large bundle has some millions, and decoded they take fifty times the room. */
const longestMappings = 16_000_000;

/** Lines of a script, each a list. */
const mostLines = 1_000_000;

const mostSources = 100_000;
const mostSections = 10_000;

type Checked = Exclude<SectionedSourceMapInput, string>;

interface Room {
  mappings: number;
}

/** The map without what is not part of the format; null where it is none. Sections may not have sections. */
export function checkedMap(raw: unknown): Checked | null {
  const room = { mappings: longestMappings };
  if (!isObject(raw)) return null;
  const { sections } = raw;
  if (sections === undefined) return checkedPlain(raw, room);
  if (!Array.isArray(sections) || sections.length > mostSections) return null;
  const checked = sections.map((section) => checkedSection(section, room));
  return checked.includes(null) ? null : ({ version: 3, sections: checked } as Checked);
}

function checkedSection(section: unknown, room: Room): object | null {
  if (!isObject(section) || !isObject(section['offset'])) return null;
  const { line, column } = section['offset'];
  const map = isObject(section['map']) ? checkedPlain(section['map'], room) : null;
  return map !== null && isCount(line, mostLines) && isCount(column, 2 ** 30)
    ? { offset: { line, column }, map }
    : null;
}

function checkedPlain(raw: Readonly<Record<string, unknown>>, room: Room): Checked | null {
  const { mappings, sources, names = [], sourcesContent = [], sourceRoot } = raw;
  if (typeof mappings !== 'string' || !Array.isArray(sources) || !Array.isArray(names)) return null;
  room.mappings -= mappings.length;
  if (room.mappings < 0 || sources.length > mostSources || lineCount(mappings) > mostLines) return null;
  if (!/^[A-Za-z0-9+/,;]*$/.test(mappings)) return null;
  return {
    version: 3,
    mappings,
    sources: sources.map((source) => (typeof source === 'string' ? source : null)),
    names: names.map((name) => (typeof name === 'string' ? name : '')),
    sourcesContent: Array.isArray(sourcesContent)
      ? sourcesContent.map((content) => (typeof content === 'string' ? content : null))
      : [],
    ...(typeof sourceRoot === 'string' ? { sourceRoot } : {}),
  };
}

function lineCount(mappings: string): number {
  let count = 1;
  for (let at = mappings.indexOf(';'); at >= 0; at = mappings.indexOf(';', at + 1)) count++;
  return count;
}

function isCount(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < limit;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
