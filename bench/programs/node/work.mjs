// What the programs here have in common: they time their own work, and leave what it took as JSON.
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** Begins to measure. @returns gives CPU time of the process and wall time since then, in seconds */
export function startWatch() {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return () => {
    const wall = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { cpu: (user + system) / 1e6, wall };
  };
}

export function leave(file, result) {
  writeFileSync(file, JSON.stringify(result));
}

/** Computes for so many steps, a few ns each; nothing of it can be left out. */
export function spin(steps, seed) {
  let value = seed | 1;
  for (let step = 0; step < steps; step++) value = (Math.imul(value, 1664525) + 1013904223) | 0;
  return value;
}
