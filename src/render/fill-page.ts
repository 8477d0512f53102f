/** How do a session and the page that shows it become one file? */
import { gzipSync } from 'node:zlib';
import { encodeSession } from '../session/file.ts';
import type { Session } from '../session/session.ts';
import type { PageContents } from './page-contents.ts';

/** What goes into the empty page. */
export interface PageParts {
  readonly title: string;
  /** For readers without scripts: what the page says, as plain text. */
  readonly text: string;
  readonly session: Session;
  /** An earlier session to compare with. */
  readonly before?: Session;
  readonly contents: PageContents;
}

/** Longer text is cut: it is for programs and for eyes without a browser, not for the page itself. */
const longestText = 400_000;

/**
 * Puts the parts in the places that `template` has for them. Titles and texts from a profile stay text; all other data is
 * base64, which holds no character that means anything in HTML.
 * @param template the page as the build leaves it, with a mark such as `@@title@@` for each part
 */
export function fillPage(template: string, { title, text, session, before, contents }: PageParts): string {
  const values: Readonly<Record<string, () => string>> = {
    title: () => escapeHtml(title),
    text: () => escapeHtml(text.length > longestText ? `${text.slice(0, longestText)}\n[…]\n` : text),
    session: () => toBase64(encodeSession(session)),
    before: () => (before === undefined ? '' : toBase64(encodeSession(before))),
    contents: () => toBase64(gzipSync(JSON.stringify(contents))),
  };
  return template.replace(
    /@@(title|text|session|before|contents)@@/g,
    (mark, name: string) => values[name]?.() ?? mark,
  );
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

const htmlEntities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => htmlEntities[character] ?? '');
}
