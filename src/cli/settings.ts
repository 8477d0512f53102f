/** Which defaults do the files of a project set? */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../capture/launch/interpreter.ts';
import { readRegularFile } from '../capture/system/regular-file.ts';
import type { GivenOptions } from './options.ts';
import { readSection } from './settings-section.ts';

/** Files that may hold a section, in the order in which they are looked at. */
const fileNames = ['pyproject.toml', 'package.json'] as const;

/** In bytes; what is larger was not written by hand. */
const largest = 1 << 20;

/**
 * Options from the nearest file that has a section for timesink: `[tool.timesink]` in `pyproject.toml`, `"timesink"` in
 * `package.json`. Looks in `folder` and those above it, up to but not including the home folder and the root, and not in
 * folders that everyone may write to.
 * @throws TimesinkError `USAGE`, naming the file, for a section that cannot be read or says something unknown
 */
export async function readSettings(folder: string, environment: Environment): Promise<GivenOptions> {
  for (const candidate of searchedFolders(folder, environment['HOME'])) {
    for (const name of fileNames) {
      const file = join(candidate, name);
      const text = readRegularFile(file, largest);
      const section = text === undefined ? undefined : await readSection(text, file);
      if (section === undefined) continue;
      const { parseSection } = await import('./settings-values.ts');
      return parseSection(section, file);
    }
  }
  return {};
}

function searchedFolders(folder: string, home: string | undefined): readonly string[] {
  const start = resolve(folder);
  const end = home === undefined || home === '' ? undefined : resolve(home);
  const folders = [start];
  let above = start === end ? '/' : dirname(start);
  while (above !== end && above !== dirname(above)) {
    folders.push(above);
    above = dirname(above);
  }
  return folders.filter((candidate) => !isForEveryone(candidate));
}

/** Such as `/tmp`: a file there may be anyone's. */
function isForEveryone(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false });
  return stats === undefined || (process.platform !== 'win32' && (stats.mode & 0o002) !== 0);
}
