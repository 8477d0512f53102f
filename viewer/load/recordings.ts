/** Which recordings does the page show? Its own, with an earlier one or one that the reader adds. */
import { pageElements } from '../../src/render/page-contents.ts';
import type { Session } from '../../src/session/session.ts';
import { Comparison } from '../model/comparison.ts';
import { Model } from '../model/model.ts';
import { type Embedded, fromBase64, readTimesink } from './embedded.ts';

/** One recording, ready to be shown. */
export interface Recording {
  readonly model: Model;
  /** The bytes of its `.timesink` file. */
  readonly file: Uint8Array<ArrayBuffer>;
}

/** What there is to show. */
export interface Recordings {
  readonly after: Recording;
  /** Null where there is nothing to compare with. */
  readonly before: Recording | null;
}

/** The recordings of the page as it was written. */
export function compared({ session, before, beforeFile, contents, file }: Embedded): Recordings {
  const settings = contents.comparison ?? defaultSettings;
  if (before === null) return { after: { model: new Model(session, contents), file }, before: null };
  const comparison = new Comparison(before, session, settings);
  return {
    after: { model: new Model(session, contents, comparison), file },
    // Sources are as they were when the page was made.
    before: { model: new Model(before, { ...contents, sources: [] }, comparison), file: beforeFile },
  };
}

const defaultSettings = { names: { before: 'before', after: 'after' }, normalize: false, filterThreshold: 0.01 };

/**
 * The page's recording beside one from a `.timesink` file or another page.
 * @throws Error saying what is wrong with the file
 */
export async function withOther(embedded: Embedded, other: File): Promise<Recordings> {
  const beforeFile = await sessionBytes(other);
  const before: Session = await readTimesink(beforeFile, other.name);
  const names = { before: other.name, after: 'this page' };
  const contents = { ...embedded.contents, comparison: { ...defaultSettings, names } };
  return compared({ ...embedded, before, beforeFile, contents });
}

async function sessionBytes(file: File): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0x1f) return bytes;
  const text = new TextDecoder().decode(bytes);
  const [, packed] = new RegExp(`id="${pageElements.session}">([\\w+/=]+)<`).exec(text) ?? [];
  if (packed === undefined) throw new Error(`${file.name} is neither a .timesink file nor a page of timesink.`);
  return fromBase64(packed);
}
