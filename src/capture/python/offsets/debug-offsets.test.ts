/** Do the debug offsets of real interpreters say what the tables say, and is a layout that does not fit refused? */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { pythons } from '../../../../test/support/pythons.ts';
import type { Pid } from '../../../session/ids.ts';
import { parseElf } from '../../memory/elf.ts';
import { readerOf } from '../../memory/mapped-file.ts';
import { type FoundRuntime, findRuntime } from '../runtime/find-runtime.ts';
import {
  debugOffsetsSize,
  isDebugOffsets,
  isPlausible,
  offsetsFromDebugOffsets,
  overlay,
  readDebugOffsets,
} from './debug-offsets.ts';
import { loadOffsets, newestMinor, type OffsetTable } from './index.ts';

async function tableOf(minor: number, freeThreaded = false): Promise<OffsetTable> {
  const table = await loadOffsets(minor, freeThreaded);
  if (!table) throw new Error(`no table for 3.${minor}`);
  return table;
}

/** Starts an interpreter, and looks at it until it is found. */
async function findRunning(path: string): Promise<FoundRuntime> {
  const child = spawn(path, ['-c', 'input()'], { stdio: ['pipe', 'ignore', 'inherit'] });
  try {
    for (;;) {
      const search = findRuntime(child.pid as Pid);
      if (search.kind === 'found') return search;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } finally {
    child.kill('SIGKILL');
  }
}

/** The section `.PyRuntime` of a file, as far as the debug offsets reach. */
function sectionOf(file: string, length: number): Uint8Array {
  const fd = openSync(file, 'r');
  const read = readerOf(fd);
  const image = parseElf(read);
  const section = image.kind === 'elf' ? image.sections.find(({ name }) => name === '.PyRuntime') : undefined;
  const bytes = read(section?.offset ?? 0, length);
  closeSync(fd);
  return bytes;
}

/** The two largest structures grow from one micro version to the next. */
function withoutSizes({ structs }: OffsetTable): OffsetTable['structs'] {
  const sized = (name: string) => ({ [name]: { ...structs[name], sizeof: 0 } });
  return { ...structs, ...sized('_PyRuntimeState'), ...sized('PyInterpreterState') };
}

for (const minor of [13, 14, 15]) {
  const python = pythons.find((one) => one.minor === minor);
  if (!python && process.env['CI'] === 'true') throw new Error(`CPython 3.${minor} is not on this machine`);
  test.skipIf(!python)(`the binary of CPython 3.${minor} says what its table says, field by field`, async () => {
    const found = await findRunning(python?.path as string);
    const bytes = sectionOf(found.image, debugOffsetsSize(minor));
    expect(bytes).toEqual(found.debugOffsets);
    const table = await tableOf(minor);
    const values = readDebugOffsets(bytes, table);
    if (!values) throw new Error('no debug offsets');
    expect(isPlausible(values)).toBe(true);
    expect(withoutSizes(overlay(table, values))).toEqual(withoutSizes(table));
    if (table.source.endsWith(found.version.text)) expect(overlay(table, values).structs).toEqual(table.structs);
  });
}

/** The debug offsets that an interpreter of this layout would have, by way of its own table. */
async function bytesOf(
  minor: number,
  freeThreaded = false,
  change: Readonly<Record<string, number>> = {},
): Promise<Uint8Array> {
  const table = await tableOf(minor, freeThreaded);
  const { debugOffsetFields } = await import('./debug-offset-fields.ts');
  const struct = (name: string): Readonly<Record<string, number>> => table.structs[name] ?? {};
  const { gc = 0, 'gc.collecting': collecting = 0, 'gc.frame': frame = 0 } = struct('PyInterpreterState');
  const special: Readonly<Record<string, number>> = {
    version: 0x0310_00f0,
    free_threaded: Number(freeThreaded),
    'gc.size': 256,
    'gc.generation_stats_size': 1120,
    'debugger_support.debugger_script_path_size': 512,
    'gc.collecting': collecting - gc,
    'gc.frame': frame - gc,
    ...Object.fromEntries(
      ['tuple', 'list', 'bytes'].map((kind) => [`${kind}_object.ob_size`, struct('PyObject')['sizeof'] ?? 0]),
    ),
    ...change,
  };
  const names = table.debugOffsets ?? [];
  const view = new DataView(new ArrayBuffer(names.length * 8));
  for (const [index, name] of names.entries()) {
    const [owner, field] = debugOffsetFields.get(name) ?? ['', ''];
    view.setUint32(index * 8, special[name] ?? struct(owner)[field] ?? 0, true);
  }
  const bytes = new Uint8Array(view.buffer);
  bytes.set(new TextEncoder().encode('xdebugpy'));
  return bytes;
}

describe('a version without a table', () => {
  let bytes: Uint8Array;
  beforeAll(async () => {
    bytes = await bytesOf(newestMinor);
  });

  test('gets that of the newest version where nothing has moved', async () => {
    for (const freeThreaded of [false, true]) {
      const table = await offsetsFromDebugOffsets(await bytesOf(newestMinor, freeThreaded));
      const { structs, constants } = await tableOf(newestMinor, freeThreaded);
      expect(table).toMatchObject({ version: '3.16', freeThreaded, constants });
      expect(table?.structs).toEqual(structs);
    }
  });

  test('has every field moved along with those that are known to have moved', async () => {
    const { structs } = await tableOf(newestMinor);
    const thread = structs['PyThreadState'] as Readonly<Record<string, number>>;
    const later = ['datastack_chunk', 'exc_state'].map((field) => [
      `thread_state.${field}`,
      (thread[field] as number) + 16,
    ]);
    const table = await offsetsFromDebugOffsets(await bytesOf(newestMinor, false, Object.fromEntries(later)));
    const moved = table?.structs['PyThreadState'];
    expect(moved?.['datastack_top']).toBe((thread['datastack_top'] as number) + 16);
    expect(moved?.['datastack_limit']).toBe((thread['datastack_limit'] as number) + 16);
    expect(moved?.['native_thread_id']).toBe(thread['native_thread_id']);
    expect(moved?.['interp']).toBe(thread['interp']);
  });

  test('is refused where an entry was put in or taken out', async () => {
    const names = (await tableOf(newestMinor)).debugOffsets ?? [];
    for (let word = 3; word <= names.indexOf('llist_node.prev'); word++) {
      const more = new Uint8Array(bytes.length);
      more.set(bytes.subarray(0, word * 8));
      more.set(bytes.subarray(word * 8, -8), word * 8 + 8);
      expect(await offsetsFromDebugOffsets(more), `one more before ${names[word]}`).toBeUndefined();
      const fewer = new Uint8Array(bytes.length);
      fewer.set(bytes.subarray(0, word * 8));
      fewer.set(bytes.subarray(word * 8 + 8), word * 8);
      expect(await offsetsFromDebugOffsets(fewer), `without ${names[word]}`).toBeUndefined();
    }
  });

  test('is refused where the table is cut or is none', async () => {
    for (const length of [0, 8, 24, bytes.length - 8, bytes.length - 1]) {
      expect(await offsetsFromDebugOffsets(bytes.subarray(0, length))).toBeUndefined();
    }
    expect(await offsetsFromDebugOffsets(new Uint8Array(bytes.length))).toBeUndefined();
    expect(isDebugOffsets(bytes)).toBe(true);
  });

  test('never gets fields outside of their structures, whatever the bytes', async () => {
    const word = fc.tuple(fc.nat(110), fc.constantFrom(0, 1, 7, 8, 16, 24, 255, 4096, 0x7fff_ffff, 0xffff_ffff));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (changes) => {
        const changed = bytes.slice();
        for (const [index, value] of changes) new DataView(changed.buffer).setUint32(index * 8, value, true);
        const table = await offsetsFromDebugOffsets(changed);
        for (const fields of Object.values(table?.structs ?? {})) {
          for (const offset of Object.values(fields)) expect(Math.abs(offset)).toBeLessThan(1 << 27);
        }
      }),
      { numRuns: 500 },
    );
  });
});
