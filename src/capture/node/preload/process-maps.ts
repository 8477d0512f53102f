/** Which source maps does only this process have? Loaders that translate while they load leave none on the disk. */
import { findSourceMap } from 'node:module';

/** A profile, as far as it is looked at here. */
interface ProfileNodes {
  readonly nodes?: readonly { readonly callFrame?: { readonly url?: string } }[];
}

/** Files that are not run as they are, unless Node.js itself leaves out the types. */
const translated = /\.([cm]?ts|tsx|jsx)$/;

/** What Vite makes of its configuration, and removes again as soon as that is loaded. */
const removed = /\.timestamp-\d+[^/]*\.mjs$/;

/** Test runners that translate every file. */
const translators = ['VITEST', 'JEST_WORKER_ID'];

const inlineMap = /^data:application\/json[^,]*,/;

/** Finds the map of each script once. */
export class ProcessMaps {
  readonly known: Set<string> = new Set();
  readonly unmapped: Set<string> = new Set();

  /** The maps, by URL, that a loader told Node.js of scripts in a profile that were not met before. */
  of(profile: unknown): Record<string, unknown> {
    const maps: Record<string, unknown> = {};
    const mayBeTold = (process as { readonly sourceMapsEnabled?: boolean }).sourceMapsEnabled === true;
    for (const { callFrame } of (profile as ProfileNodes | undefined)?.nodes ?? []) {
      const url = callFrame?.url;
      if (url === undefined || url === '' || this.known.has(url) || url.startsWith('node:')) continue;
      this.known.add(url);
      const payload = mayBeTold ? mapOf(url) : undefined;
      if (payload === undefined) this.unmapped.add(url);
      else maps[url] = payload;
    }
    return maps;
  }

  /**
   * The maps that stand in the text of scripts themselves, as only V8 has it.
   * @param mapUrls finds them; asked only where that is likely, since it takes a while
   */
  inScripts(mapUrls: () => ReadonlyMap<string, string>): Record<string, unknown> {
    if (!this.mayBeInScripts()) return {};
    const maps: Record<string, unknown> = {};
    for (const [url, mapUrl] of mapUrls()) {
      const map = this.unmapped.has(url) ? inlined(mapUrl) : undefined;
      if (map !== undefined) maps[url] = map;
    }
    return maps;
  }

  mayBeInScripts(): boolean {
    if (translators.some((name) => process.env[name] !== undefined)) return true;
    const { typescript } = process.features as { readonly typescript?: unknown };
    const needsMap = (url: string): boolean =>
      removed.test(url) || (translated.test(url) && (!typescript || /x$/.test(url)));
    return [...this.unmapped].some(needsMap);
  }
}

function mapOf(url: string): unknown {
  try {
    return findSourceMap(url)?.payload;
  } catch {
    return undefined;
  }
}

function inlined(url: string): unknown {
  const start = inlineMap.exec(url)?.[0];
  if (start === undefined) return undefined;
  const text = url.slice(start.length);
  try {
    return JSON.parse(start.includes(';base64') ? Buffer.from(text, 'base64').toString() : decodeURIComponent(text));
  } catch {
    return undefined;
  }
}
