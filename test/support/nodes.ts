/** Which later Node.js versions can the tests use, beside the one that runs them? */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { declareMissing, providedFolder } from './provided.ts';

const laterVersions = [22, 24, 26] as const;

/** Declares a test once for each later version; it gets the path of its `node`. */
export function testEachLaterNode(name: string, body: (path: string) => void | Promise<void>): void {
  for (const version of laterVersions) {
    const path = join(providedFolder, `node/${version}/node_modules/node/bin/node`);
    const title = `${name} (Node.js ${version})`;
    if (existsSync(path)) test(title, () => body(path));
    else declareMissing(title, `Node.js ${version}`);
  }
}
