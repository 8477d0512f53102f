"""Prints which instructions were seen to run Python code: base names, one JSON list. Runs on any CPython from 3.8 on."""
import bisect
import dis
import json
import sys

seen = set()
instructions = {}


def note(*_):
    """Called in place of a special method: its caller sits on the instruction that runs it."""
    frame = sys._getframe(1).f_back
    code = frame.f_code
    if code not in instructions:
        listed = [(item.offset, item.opname) for item in dis.get_instructions(code)]
        instructions[code] = ([offset for offset, _ in listed], [name for _, name in listed])
    offsets, names = instructions[code]
    seen.add(names[bisect.bisect_right(offsets, frame.f_lasti) - 1])


def method(result):
    def special(*arguments, **named):
        note()
        return result(*arguments) if callable(result) else result
    return special


class Noisy:
    """Every special method says that it ran."""
    kept = property(method(7))


for name in '''add sub mul matmul truediv floordiv mod pow lshift rshift and or xor
        iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ior ixor
        neg pos invert eq lt contains getitem setitem delitem getattr setattr delattr set_name enter exit
        missing instancecheck call'''.split():
    setattr(Noisy, '__%s__' % name, method(1))
Noisy.__bool__ = method(True)
Noisy.__len__ = method(2)
Noisy.__hash__ = method(5)
Noisy.__format__ = Noisy.__str__ = Noisy.__repr__ = method('text')
Noisy.__iter__ = method(lambda self: iter([1, 2]))


class Namespace(dict):
    def __setitem__(self, key, value):
        note()
        super().__setitem__(key, value)

    def __getitem__(self, key):
        note()
        return super().__getitem__(key)

    def __delitem__(self, key):
        note()
        super().__delitem__(key)


class Meta(type):
    @classmethod
    def __prepare__(cls, *_):
        return Namespace()


class Iterator:
    def __init__(self):
        self.left = 3

    def __iter__(self):
        note()
        return self

    def __next__(self):
        note()
        self.left -= 1
        if not self.left:
            raise StopIteration
        return self.left


class Mapping:
    def keys(self):
        note()
        return ['a', 'b']

    def __getitem__(self, key):
        note()
        return 1


class Awaitable:
    def __await__(self):
        note()
        return iter(())


class AsyncIterator:
    def __aiter__(self):
        note()
        return self

    def __anext__(self):
        note()
        raise StopAsyncIteration


class AsyncContext:
    def __aenter__(self):
        note()
        return Awaitable()

    __aexit__ = method(lambda *_: Awaitable())


def operators(x):
    x + 1, x - 1, x * 1, x @ 1, x / 1, x // 1, x % 1, x ** 1, x << 1, x >> 1, x & 1, x | 1, x ^ 1
    -x, +x, ~x, not x, x == 1, x < 1, 1 in x, x[0], x[1:2], x.kept, x.other


def in_place(*values):
    for number, value in enumerate(values):
        y = value
        if number == 0: y += 1
        if number == 1: y -= 1
        if number == 2: y *= 1
        if number == 3: y @= 1
        if number == 4: y /= 1
        if number == 5: y //= 1
        if number == 6: y %= 1
        if number == 7: y **= 1
        if number == 8: y <<= 1
        if number == 9: y >>= 1
        if number == 10: y &= 1
        if number == 11: y |= 1
        if number == 12: y ^= 1


def truth(x):
    if x:
        pass
    if not x:
        pass
    y = x and 1
    y = x or 1
    while x:
        if len(seen) >= 0:
            break
    for _ in range(2):
        while not x:
            pass
    n = 0
    while x:
        n += 1
        if n > 2:
            break
    return y


def stores(x):
    x[0] = 1
    x[1:2] = 1
    del x[0]
    x.field = 1
    del x.field


def building(x):
    {x}, {x: 1}, {x for _ in '12'}, {x: 1 for _ in '12'}
    [*Iterator()], {*Iterator()}, (*Iterator(),), {**Mapping()}
    a, b = Iterator()
    a, *b = Iterator()
    f'{x} {x!r} {x:>3}'


def accepts(*positional, **named):
    note()


def calls(x):
    accepts()
    accepts(1, b=2)
    accepts(*Iterator(), **Mapping())
    accepts(*Iterator(), *Iterator())
    accepts(**Mapping(), **{'c': 1})
    x.method_not_there
    x(1)
    super(Noisy, x)
    list(map(accepts, [1]))


def loops():
    for _ in Iterator():
        pass
    [one for one in Iterator()]

    def delegating():
        yield from Iterator()
    list(delegating())


def contexts():
    with Noisy():
        pass
    try:
        with Noisy():
            raise ValueError
    except TypeError:
        pass


def errors():
    class Loud(Exception):
        def __init__(self):
            note()
    try:
        raise Loud
    except Loud:
        pass


def names():
    class Body(metaclass=Meta):
        """Its namespace is a mapping written in Python."""
        field: int = 1
        other = field
        third = len
        del other

    outer = 1

    class Closure(metaclass=Meta):
        inner = outer

    exec('a = 1; b = a; del b', {}, Namespace())
    exec('import os as c', {'__builtins__': dict(vars(__import__('builtins')), __import__=accepts)}, {})
    exec('class D: pass', {'__builtins__': dict(vars(__import__('builtins')), __build_class__=accepts)}, {})


async def waiting():
    await Awaitable()
    async for _ in AsyncIterator():
        pass
    async with AsyncContext():
        pass


MATCHING = '''
def matching():
    match Sequence():
        case [a, b]: pass
    match Named():
        case Named(kept=1): pass
    match Dictionary():
        case {'a': 1}: pass
'''


def matching():
    import collections.abc

    class Sequence(collections.abc.Sequence):
        __len__ = method(2)
        __getitem__ = method(1)
        __iter__ = method(lambda self: iter('ab'))

    class Dictionary(collections.abc.Mapping):
        __len__ = method(2)
        __getitem__ = method(1)
        __iter__ = method(lambda self: iter('ab'))
        get = method(1)

    scope = {'Sequence': Sequence, 'Dictionary': Dictionary, 'Named': type('Named', (Noisy,), {})}
    exec(MATCHING, scope)
    scope['matching']()


x = Noisy()
operators(x)
in_place(*[Noisy() for _ in range(13)])
truth(x)
stores(x)
building(x)
calls(x)
loops()
contexts()
errors()
names()
try:
    waiting().send(None)
except StopIteration:
    pass
if sys.version_info >= (3, 10):
    matching()
print(json.dumps(sorted(seen)))
