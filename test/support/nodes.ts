/** Which later Node.js versions can the tests use, beside the one that runs them? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { declareMissing, providedFolder } from './provided.ts';

const laterVersions = [22, 24, 26] as const;

/** A Node.js to record programs of. */
export interface NodeVersion {
  readonly major: number;
  /** Of its `node`. */
  readonly path: string;
}

/** Those that there are, in the order of their versions; the one that runs the tests among them. */
export const nodeVersions: readonly NodeVersion[] = [
  { major: Number(process.versions.node.split('.')[0]), path: process.execPath },
  ...laterVersions.map((major) => ({ major, path: pathOf(major) })).filter(({ path }) => existsSync(path)),
]
  .filter(({ major }, index, all) => all.findIndex((other) => other.major === major) === index)
  .sort((a, b) => a.major - b.major);

function pathOf(major: number): string {
  return join(providedFolder, `node/${major}/node_modules/node/bin/node`);
}

/** Declares a test once for each version of {@link nodeVersions}. What is missing is told by {@link testEachLaterNode}. */
export function testEachNode(name: string, body: (node: NodeVersion) => void | Promise<void>): void {
  for (const node of nodeVersions) test(`${name} (Node.js ${node.major})`, () => body(node));
}

/** Declares a test once for each later version; it gets the path of its `node`. */
export function testEachLaterNode(name: string, body: (path: string) => void | Promise<void>): void {
  for (const version of laterVersions) {
    const path = pathOf(version);
    const title = `${name} (Node.js ${version})`;
    if (existsSync(path)) test(title, () => body(path));
    else declareMissing(title, `Node.js ${version}`);
  }
}
