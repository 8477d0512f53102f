/** What must be known to read one version of CPython? */
import { TimesinkError } from '../../util/errors.ts';
import { type Instructions, instructionsOf } from './code/instructions.ts';
import { type Layout, layoutOf } from './objects/layout.ts';
import { offsetsFromDebugOffsets } from './offsets/debug-offsets.ts';
import { loadOffsets, newestMinor } from './offsets/index.ts';
import { loadOpcodes } from './opcodes/index.ts';
import type { FoundRuntime } from './runtime/find-runtime.ts';

/** What is needed to read one version of CPython. */
export interface Reading {
  readonly layout: Layout;
  readonly instructions: Instructions;
  /** Remarks for the report. */
  readonly notes: readonly string[];
}

/** Loads the tables for a runtime. @throws TimesinkError `UNSUPPORTED_RUNTIME` */
export async function loadReading(runtime: FoundRuntime): Promise<Reading> {
  const { minor, text } = runtime.version;
  const notes: string[] = [];
  let offsets = await loadOffsets(minor, runtime.freeThreaded);
  if (!offsets && minor > newestMinor && runtime.debugOffsets) {
    offsets = await offsetsFromDebugOffsets(runtime.debugOffsets);
    notes.push(
      `Python ${text} is newer than this timesink knows: it was read by its own debug offsets, which is not tested.`,
    );
  }
  const opcodes = await loadOpcodes(Math.min(minor, newestMinor));
  if (!offsets || !opcodes) {
    throw new TimesinkError(
      'UNSUPPORTED_RUNTIME',
      `CPython ${text} cannot be read: timesink knows 3.8 to 3.${newestMinor}`,
    );
  }
  if (runtime.freeThreaded) notes.push(`Reading a free-threaded Python (${text}) is not tested.`);
  if (runtime.machine !== 'x86-64') notes.push(`Reading Python on ${runtime.machine} is not tested.`);
  if (runtime.libc === 'musl') notes.push('Reading a Python that runs on musl is not tested.');
  return { layout: layoutOf(minor, offsets), instructions: instructionsOf(opcodes), notes };
}
