/** Which instructions stand behind those that tracing put over them? (3.12+: `sys.settrace`, coverage, debuggers) */
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from '../objects/objects.ts';
import type { Instructions } from './instructions.ts';

/** Bytes of an entry for a line, at most (Python/instrumentation.c: an opcode and a line delta of up to four bytes). */
const longestEntry = 5;

/**
 * Puts the instructions that INSTRUMENTED_LINE and INSTRUMENTED_INSTRUCTION hide back into `bytecode`: those two say
 * nothing of what they hide, not even its length (Python/instrumentation.c, 3.12–3.15).
 * @param monitoring address of the code's `_PyCoMonitoringData`, 0 where it has none
 */
export function revealInstructions(
  { layout, memory }: ObjectReader,
  { number }: Instructions,
  monitoring: Address,
  bytecode: Uint8Array,
): void {
  const data = layout.structs['_PyCoMonitoringData'];
  if (monitoring === 0 || data === undefined) return;
  const units = bytecode.length >> 1;
  const reveal = (hiding: number | undefined, address: Address, stride: number): void => {
    if (address === 0 || hiding === undefined || stride > longestEntry) return;
    const hidden = new Uint8Array(units * stride);
    const read = memory.read(address, hidden);
    for (let unit = 0; unit * stride < read; unit++) {
      if (bytecode[unit * 2] === hiding) bytecode[unit * 2] = hidden[unit * stride] as number;
    }
  };
  const lines = memory.pointer(monitoring + (data['lines'] ?? 0));
  // 3.12, 3.13: original opcode and line delta for each unit. 3.14+: the size of an entry, then entries that begin so.
  if (layout.minor < 14) reveal(number['INSTRUMENTED_LINE'], lines, 2);
  else if (lines !== 0 && memory.fetch(lines, 1)) reveal(number['INSTRUMENTED_LINE'], lines + 1, memory.bytes[0] ?? 1);
  const opcodes = memory.pointer(monitoring + (data['per_instruction_opcodes'] ?? 0));
  reveal(number['INSTRUMENTED_INSTRUCTION'], opcodes, 1);
}
