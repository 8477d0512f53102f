/** What does an hour of recording need: memory, room on disk, time to be read again? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { HourFigures } from './hour-session.ts';
import { runChecked } from './run.ts';
import { atMost, type Suite, type SuiteResult } from './suite.ts';

const script = fileURLToPath(new URL('hour-session.ts', import.meta.url));

const megabytes = (value: number): string => `${value.toFixed(1)} MB`;
const seconds = (value: number): string => `${value.toFixed(1)} s`;

async function runSuite(): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-bench-'));
  const figures = async (mode: string): Promise<HourFigures> => {
    const command = [process.execPath, join(folder, 'hour-session.js'), mode, join(folder, 'hour.timesink')];
    return JSON.parse((await runChecked(command)).stdout) as HourFigures;
  };
  try {
    // As what users run: a loader of TypeScript would take memory of its own.
    await build({ configFile: false, logLevel: 'error', build: { ssr: script, outDir: folder, emptyOutDir: false } });
    const written = await figures('encode');
    const loaded = await figures('load');
    return {
      tables: [
        {
          title: '3.6 million samples of one thread, 30,000 distinct stacks 5 to 50 deep',
          columns: ['step', 'rows', 'memory before', 'memory with the session', 'memory at most', 'time', 'file'],
          rows: [
            [
              ...['write', String(written.rows), megabytes(written.idlePeak), megabytes(written.builtPeak)],
              ...[megabytes(written.peak), seconds(written.seconds), megabytes(written.fileSize)],
            ],
            [
              ...['read', String(loaded.rows), megabytes(loaded.idlePeak), ''],
              ...[megabytes(loaded.peak), seconds(loaded.seconds), megabytes(loaded.fileSize)],
            ],
          ],
        },
      ],
      budgets: [
        atMost('one hour at 1 kHz: memory of the recorder', written.peak, 250, megabytes),
        atMost('one hour at 1 kHz: file', written.fileSize, 20, megabytes),
        atMost('one hour at 1 kHz: file read (a part of opening the page)', loaded.seconds, 10, seconds),
      ],
      notes: ['Memory is resident memory at its highest, Node.js itself included: "memory before".'],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const hour: Suite = { name: 'hour', title: 'An hour of recording', run: runSuite };
