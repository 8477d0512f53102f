/** What does a dict of strings hold under one name? */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';

/** Most entries that are looked at: namespaces of asyncio's modules and classes have a few hundred. */
const mostEntries = 1000;

/** The value; 0 where there is none, or it comes too late. */
export function dictEntry(reader: ObjectReader, dict: Address, name: string): Address {
  let looked = 0;
  for (const [key, value] of reader.dictEntries(dict)) {
    if (reader.string(key) === name) return value;
    if (++looked >= mostEntries) return 0;
  }
  return 0;
}
