import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { type OpenTarget, sharedTarget } from '../../../../test/support/target.ts';
import { type Code, readCode } from './code.ts';

/** Tells of many code objects where they are and what Python itself says of them. */
const program = `
import dis, json, sys

def plain(one, two=2, *rest, three=3, **names):
    four = one
    return [four for five in rest]
def hiding(one):
    __tracebackhide__ = True
    return lambda: one
def hiding_too():
    two = 1
    __traceback_hide__ = two
def generator(): yield 1
async def coroutine(): await coroutine()
async def asynchronous_generator(): yield 1
def ümläut_変数_𝔘(): pass
def calling():
    for item in plain(1): print(item, end=plain(2))
class Outer:
    attribute = [1 for _ in 'a']
    class Inner:
        def method(self, value): return (lambda: value)()
        @classmethod
        def made(cls): return super().made()
    short = lambda self: self
    def local(self):
        def inner(): return self
        return inner
long = {}
exec('def long_one():\\n' + ''.join('    v%d = %d + plain(1)\\n' % (n, n) for n in range(2000)), long)
named = {}
exec(compile('def far_down(): pass', 'x' * 10000, 'exec'), named)
named['far_down'].__code__ = named['far_down'].__code__.replace(co_name='n' * 5000)

codes = []
def collect(code):
    codes.append(code)
    for constant in code.co_consts:
        if hasattr(constant, 'co_code'): collect(constant)
collect(sys._getframe().f_code)
collect(long['long_one'].__code__)
collect(named['far_down'].__code__)
for _ in range(50): plain(1)

told = []
for code in codes:
    caches = {'show_caches': False} if sys.version_info >= (3, 11) else {}
    instructions = list(dis.get_instructions(code, **caches))
    told.append({
        'address': id(code),
        'name': code.co_name[:4096],
        'qualname': getattr(code, 'co_qualname', code.co_name)[:4096],
        'file': code.co_filename[:4096],
        'firstLine': code.co_firstlineno,
        'units': len(code.co_code) // 2,
        'argumentCount': code.co_argcount,
        'isGenerator': code.co_flags & 0x2a0 != 0,
        'isFunction': code.co_flags & 1 != 0,
        'hiddenLocal': next((n for n, name in enumerate(code.co_varnames) if 'hide__' in name), -1),
        'starts': [one.offset // 2 for one in instructions],
        'calls': [one.offset // 2 for one in instructions if one.opname.startswith('CALL')],
        'makes': [one.offset // 2 for one in instructions if one.opname == 'RETURN_GENERATOR'],
    })
print(json.dumps(told), flush=True)
sys.stdin.read()
`;

interface ToldCode {
  readonly address: number;
  readonly name: string;
  readonly qualname: string;
  readonly units: number;
  readonly starts: readonly number[];
  readonly calls: readonly number[];
  readonly makes: readonly number[];
}

describeEachPython('a code object', (python) => {
  const shared = sharedTarget(python, program);
  const toldCodes = (): { readonly open: OpenTarget; readonly told: readonly ToldCode[] } => ({
    open: shared.open,
    told: JSON.parse(shared.line) as readonly ToldCode[],
  });

  test('is read as Python tells of it', () => {
    const { open, told } = toldCodes();
    expect(told.length).toBeGreaterThan(20);
    for (const { starts, calls, makes, ...expected } of told) {
      const code = readCode(open.reader, open.instructions, expected.address) as Code;
      expect(code).toMatchObject(expected);
      const units = Array.from({ length: code.units }, (_, unit) => unit);
      // 3.8-3.10: an EXTENDED_ARG is an instruction of its own in both; 3.11+: dis leaves out only the caches.
      expect(units.filter((unit) => code.instruction[unit] === unit)).toEqual(starts);
      const named = units.filter((unit) => code.instruction[unit] === unit && isNamedCall(open, code, unit));
      expect(named).toEqual(calls);
      expect(code.makesGeneratorAt).toBe(makes[0] ?? -1);
      expect(code.isTrampoline).toBe(false);
      expect(code.lines.length).toBe(code.units);
    }
  });

  test('knows the class of a method where its qualified name does', () => {
    const { open, told } = toldCodes();
    const classes = Object.fromEntries(
      told.map(({ address, qualname }) => [qualname, readCode(open.reader, open.instructions, address)?.className]),
    );
    if (python.minor < 11) {
      expect(new Set(Object.values(classes))).toEqual(new Set([undefined]));
      return;
    }
    expect(classes).toMatchObject({
      plain: null,
      'Outer.Inner': null,
      'Outer.Inner.method': 'Inner',
      'Outer.Inner.made': 'Inner',
      'Outer.<lambda>': 'Outer',
      'Outer.local': 'Outer',
      'Outer.local.<locals>.inner': null,
    });
  });

  test('is not seen in what is none', () => {
    const { open, told } = toldCodes();
    const { address } = told[0] as ToldCode;
    for (const other of [0, 8, address + 1, address + 8, 2 ** 47, open.main.threadState, Number.NaN]) {
      expect(readCode(open.reader, open.instructions, other)).toBeUndefined();
    }
  });
});

/** Whether the instruction, specialised or not, is one that dis calls `CALL…`. */
function isNamedCall({ instructions }: OpenTarget, code: Code, unit: number): boolean {
  return instructions.name[code.opcode[unit] as number]?.startsWith('CALL') ?? false;
}
