import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { sharedTarget } from '../../../../test/support/target.ts';
import { ContextVariable } from './context-variable.ts';

/**
 * Makes contexts of many sizes and prints for each the variables that it has, with their values, and some that it has not.
 * Hashes are then set as the test wants them: equal, negative, or with equal low bits.
 */
const program = `
import contextvars, ctypes, json, sys

random = 12345
def number(bits):
    global random
    random = (random * 6364136223846793005 + 1442695040888963407) % 2**64
    return random >> (64 - bits)

class Value: pass
kept = []

def variable(hash=None):
    var = contextvars.ContextVar('v')
    if hash is not None:
        ctypes.c_uint64.from_address(id(var) + OFFSET).value = hash
        assert __builtins__.hash(var) % 2**64 == hash
    kept.append(var)
    return var

def context(present, absent):
    made = contextvars.Context()
    values = [Value() for _ in present]
    def fill():
        for var, value in zip(present, values): var.set(value)
    made.run(fill)
    kept.append((made, values))
    return [id(made), [[id(var), id(made[var])] for var in present], [id(var) for var in absent]]

def of_hashes(hashes):
    hashes = list(hashes)
    return context([variable(h) for h in hashes[::2]], [variable(h) for h in hashes[1::2]])

contexts = [context([variable() for _ in range(size)], [variable() for _ in range(20)]) for size in (0, 1, 2, 15, 16, 17, 18, 40, 600)]
for bits in (5, 10, 15, 20, 25, 30):
    contexts.append(of_hashes((number(32 - bits) << bits) + 7 for _ in range(24)))
# Folded to the same 32 bits.
contexts.append(of_hashes((high << 32) + (high ^ 0x1234567) for high in range(24)))
contexts.append(of_hashes((high << 32) + (high ^ 0xffffffff) for high in range(4)))
contexts.append(of_hashes((high << 32) + (high ^ 0x80000000) for high in range(300)))
contexts.append(of_hashes([*((high << 32) + (high ^ 7) for high in range(9)), *(number(64) for _ in range(90))]))
print(json.dumps(contexts), flush=True)
sys.stdin.read()
`;

type PrintedContext = readonly [
  context: number,
  present: readonly (readonly [number, number])[],
  absent: readonly number[],
];

/** Of `var_hash` in a variable: the same in every version. */
const hashOffset = 56;

describeEachPython('a context variable', (python) => {
  const shared = sharedTarget(python, program.replace('OFFSET', String(hashOffset)));

  test('is found in every context that has it, with its value, and in no other', () => {
    const { reader } = shared.open;
    expect(reader.layout.structs['PyContextVar']?.['var_hash']).toBe(hashOffset);
    const [told, found]: [unknown[], unknown[]] = [[], []];
    for (const [context, present, absent] of JSON.parse(shared.line) as readonly PrintedContext[]) {
      for (const [variable, value] of [...present, ...absent.map((one) => [one, 0] as const)]) {
        told.push([context, variable, value]);
        found.push([context, variable, new ContextVariable(reader, variable).valueIn(context)]);
      }
    }
    expect(found).toEqual(told);
    expect(told.length).toBeGreaterThan(1200);
  });

  test('has no value where there is no context, and none that can be told where there is something else', () => {
    const { reader } = shared.open;
    const [[context, , [variable = 0] = []] = [0, [], []]] = JSON.parse(shared.line) as readonly PrintedContext[];
    expect(new ContextVariable(reader, variable).valueIn(0)).toBe(0);
    expect(new ContextVariable(reader, variable).valueIn(variable)).toBeUndefined();
    expect(new ContextVariable(reader, 8).valueIn(context)).toBeUndefined();
    expect(new ContextVariable(reader, variable).valueIn(64)).toBeUndefined();
  });
});
