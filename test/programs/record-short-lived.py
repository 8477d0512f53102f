"""Makes 10,000 functions one after the other, each in a file of its own, runs it for a moment, and forgets it.

Number N is function f_N in m_N.py, in line 3 + N % 7; every third is a method of class C_N, which begins a line before.
Most are gone before all of their code can be read; every sixteenth stays long enough to be seen.
"""

import time

text = """number = {number}{blank}
{head}
 def f_{number}({self}):
    end = time() + {seconds}
    while time() < end: pass
    return end
{call}
"""


def run(number):
    is_method = number % 3 == 0
    source = text.format(
        number=number,
        seconds=0.00012 if number % 16 else 0.002,
        blank="\n" * (number % 7),
        self="self" if is_method else "",
        head="class C_%d:" % number if is_method else "if True:",
        call=("C_%d().f_%d()" if is_method else "f_%.0s%d()") % (number, number),
    )
    exec(compile(source, "m_%d.py" % number, "exec"), {"time": time.perf_counter})


def main():
    for number in range(10_000):
        run(number)


main()
