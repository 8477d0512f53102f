"""One call site that calls twelve functions, each of which calls only its own one."""
source = """
def leaf_%d(count):
    %s
    total = 0
    for number in range(count):
        total += number
    return total

def f%d(functions):
    %s
    return functions[0](3)
"""

namespace = {}
for index in range(12):
    few = "=".join("xyzu"[: index % 4 + 1]) + "=1"
    some = "=".join("pqrst"[: index % 5 + 1]) + "=1"
    exec(source % (index, few, index, some), namespace)
pairs = [(namespace["f%d" % index], (namespace["leaf_%d" % index],)) for index in range(12)]


def main():
    while True:
        for function, functions in pairs:
            function(functions)


main()
