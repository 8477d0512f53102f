/** Which source maps does only this process have? Loaders that translate while they load leave none on the disk. */
import { findSourceMap } from 'node:module';

/** A profile, as far as it is looked at here. */
interface ProfileNodes {
  readonly nodes?: readonly { readonly callFrame?: { readonly url?: string } }[];
}

/** Finds the map of each script once. */
export class ProcessMaps {
  readonly known = new Set<string>();

  /** The maps of scripts in a profile that were not met before, by URL. */
  of(profile: unknown): Record<string, unknown> {
    const maps: Record<string, unknown> = {};
    // Without it no loader has given Node.js any map.
    if ((process as { readonly sourceMapsEnabled?: boolean }).sourceMapsEnabled !== true) return maps;
    for (const { callFrame } of (profile as ProfileNodes | undefined)?.nodes ?? []) {
      const url = callFrame?.url;
      if (url === undefined || url === '' || this.known.has(url) || url.startsWith('node:')) continue;
      this.known.add(url);
      const payload = mapOf(url);
      if (payload !== undefined) maps[url] = payload;
    }
    return maps;
  }
}

function mapOf(url: string): unknown {
  try {
    return findSourceMap(url)?.payload;
  } catch {
    return undefined;
  }
}
