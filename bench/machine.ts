/** On what the figures were measured. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, loadavg, release, totalmem } from 'node:os';

/** One line: processor, cores, memory, kernel, Node.js. */
export function describeMachine(): string {
  const model = /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim() ?? arch();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${memory} GB, Linux ${release()}, Node.js ${process.versions.node}`;
}

/** How busy the machine was with other programs, by the load average of the minute before anything is measured. */
export function describeLoad(): string {
  const load = loadavg()[0] ?? Number.NaN;
  const warning = load > 0.5 ? '; other programs ran, so the figures are worse than they should be' : '';
  return `Load average before it began: ${load.toFixed(1)}${warning}`;
}
