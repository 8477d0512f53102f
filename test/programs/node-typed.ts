// TypeScript that Node.js can run by leaving out the types, and that waits and works in functions of known lines.
interface Job {
  readonly rounds: number;
}

const text: string = 'the quick brown fox jumps over the lazy dog '.repeat(20);

function work({ rounds }: Job): number {
  let sum = 0;
  for (let round = 0; round < rounds; round++) sum += text.indexOf('nowhere', round % 7);
  return sum;
}

class Store {
  async load(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  }
}

const end: number = performance.now() + 300;
while (performance.now() < end) work({ rounds: 100 });
await new Store().load(300);

export {};
