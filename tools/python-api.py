"""Writes docs/python-api.md: what the Python package offers, out of its docstrings. `python3 tools/python-api.py`.

The source is read, not run: neither the package nor what it plugs into has to be installed.
"""

import ast
import re
import sys
from pathlib import Path

checkout = Path(__file__).resolve().parents[1]
package = checkout / "python" / "src" / "timesink"
page = checkout / "docs" / "python-api.md"

# What users import, under what name, and where it is written.
contents = [
    ("timesink", "context_manager.py", ["_Profile"]),
    ("timesink", "profiler.py", ["Profiler"]),
    ("timesink.session", "session.py", ["Session"]),
    ("timesink.frame", "frame.py", ["Frame", "FrameGroup"]),
    ("timesink.renderers", "renderers/base.py", ["Renderer", "FrameRenderer"]),
    ("timesink.renderers", "renderers/console.py", ["ConsoleRenderer"]),
    ("timesink.renderers", "renderers/html.py", ["HTMLRenderer"]),
    ("timesink.renderers", "renderers/jsonrenderer.py", ["JSONRenderer"]),
    ("timesink.renderers", "renderers/speedscope.py", ["SpeedscopeRenderer"]),
    ("timesink.renderers", "renderers/pstatsrenderer.py", ["PstatsRenderer"]),
    ("timesink.renderers", "renderers/session.py", ["SessionRenderer"]),
    ("timesink.renderers", "renderers/named.py", ["NamedRenderer"]),
    ("timesink.processors", "processors.py", None),
    ("timesink.decorators", "decorators.py", None),
    ("timesink.middleware", "middleware.py", None),
    ("timesink.wsgi", "wsgi.py", None),
    ("timesink.asgi", "asgi.py", None),
    ("timesink.aiohttp", "aiohttp.py", None),
    ("timesink.celery", "celery.py", None),
    ("%timesink", "magic.py", []),
    ("pytest --timesink", "pytest_plugin.py", []),
]

# The types of values that only say what is passed on.
left_out = {"ProcessorOptions", "ProcessorType"}


def main():
    parts = [
        "# The Python package, name by name",
        "Written by `python3 tools/python-api.py` out of the docstrings of `python/src/timesink`. "
        "[python.md](python.md) says how it is meant, the [guides](guides/README.md) show it at work.",
    ]
    seen = set()
    for module, file, names in contents:
        source = (package / file).read_text(encoding="utf-8")
        tree = ast.parse(source)
        if module not in seen:
            seen.add(module)
            parts.append("## `{}`".format(module))
            if names is None or names == []:
                parts.append(markdown(ast.get_docstring(tree)))
        parts.extend(of_module(module, tree, names))
    text = "\n\n".join(part for part in parts if part) + "\n"
    if "--check" in sys.argv[1:]:
        if page.read_text(encoding="utf-8") != text:
            sys.exit("docs/python-api.md is not what the docstrings say: run `python3 tools/python-api.py`.")
        return
    page.write_text(text, encoding="utf-8")


def of_module(module, tree, names):
    if names == []:
        return [options_of(tree)]
    if names is None:
        names = [name for name in exported(tree) if name not in left_out]
    defined = {node.name: node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef))}
    parts = []
    for name in names:
        node = defined[name]
        if name == "_Profile":
            parts.extend(of_profile(node))
        elif isinstance(node, ast.ClassDef):
            parts.extend(of_class(node))
        else:
            parts += ["### `{}`".format(name), code(name + signature(node)), markdown(ast.get_docstring(node))]
    return parts


def exported(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return ast.literal_eval(node.value)
    raise ValueError("a module without __all__")


def of_profile(node):
    """`profile` is an object whose call has two forms; the second says what it takes."""
    calls = [item for item in node.body if isinstance(item, ast.FunctionDef) and item.name == "__call__"]
    text = "profile(function)\nprofile" + signature(calls[1], drop_first=True)
    return ["### `profile`", code(text), markdown(ast.get_docstring(calls[-1]))]


def of_class(node):
    methods = [item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))]
    init = next((item for item in methods if item.name == "__init__"), None) or inherited_init(node)
    # What lies between FrameRenderer and the formats is nothing to import.
    bases = ", ".join(ast.unparse(base).replace("RecorderRenderer", "FrameRenderer") for base in node.bases)
    head = "class {}{}".format(node.name, signature(init, drop_first=True) if init is not None else "()")
    parts = ["### `{}`".format(node.name), code(head)]
    parts.append(
        markdown(ast.get_docstring(node)) + (" A `{}`.".format(bases) if bases and "Middleware" not in bases else "")
    )
    if init is not None and ast.get_docstring(init):
        parts.append(markdown(ast.get_docstring(init)))
    rows = []
    for item in methods:
        text = ast.get_docstring(item)
        if item.name.startswith("_") or not text:
            continue
        decorators = [ast.unparse(one) for one in item.decorator_list]
        if any(one.endswith(".setter") for one in decorators):
            continue
        shown = item.name if "property" in decorators else call_of(item, "staticmethod" not in decorators)
        rows.append("- `{}`: {}".format(shown, indented(markdown(text))))
    return parts + (["Properties and methods:", "\n".join(rows)] if rows else [])


def inherited_init(node):
    """That of the middlewares for WSGI and for ASGI; None for other classes."""
    if "WebMiddleware" not in map(ast.unparse, node.bases):
        return None
    tree = ast.parse((package / "_web" / "middleware.py").read_text(encoding="utf-8"))
    return next(item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef) and item.name == "__init__")


def options_of(tree):
    """A list of `@argument("--name", help=…)` and `group.addoption("--name", help=…)`."""
    rows = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [ast.literal_eval(one) for one in node.args if isinstance(one, ast.Constant)]
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if called in ("argument", "addoption") and words and words[0].startswith("-") and "help" in keywords:
            value = keywords.get("metavar")
            shown = ", ".join("`{}`".format(word) for word in words) + (
                " `{}`".format(ast.literal_eval(value)) if value else ""
            )
            rows.append((node.lineno, "- {}: {}".format(shown, ast.literal_eval(keywords["help"]))))
    return "\n".join(row for _, row in sorted(rows))


def call_of(node, drop_first):
    """`name(first, second=…)`, without types."""
    names = []
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args]
    first_default = len(every) - len(arguments.defaults)
    for position, argument in enumerate(every):
        default = arguments.defaults[position - first_default] if position >= first_default else None
        names.append(argument.arg if default is None else "{}={}".format(argument.arg, ast.unparse(default)))
    if arguments.vararg or arguments.kwonlyargs:
        names.append("*" + (arguments.vararg.arg if arguments.vararg else ""))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        names.append(argument.arg if default is None else "{}={}".format(argument.arg, ast.unparse(default)))
    if arguments.kwarg:
        names.append("**" + arguments.kwarg.arg)
    return "{}({})".format(node.name, ", ".join(names[1:] if drop_first else names))


def signature(node, drop_first=False):
    """With types, each argument in a line of its own where they are many."""
    text = ast.unparse(node.args)
    parts = [re.sub(r"^(\w+: .*?)=(?=[^=]*$)", r"\1 = ", part) for part in split_arguments(text)]
    if drop_first:
        parts = parts[1:]
    returns = "" if node.returns is None or node.name == "__init__" else " -> " + ast.unparse(node.returns)
    inline = "({}){}".format(", ".join(parts), returns)
    return inline if len(inline) < 80 else "(\n    {},\n){}".format(",\n    ".join(parts), returns)


def split_arguments(text):
    """At commas that are in no brackets and no quotes."""
    parts, depth, quote, begin = [], 0, "", 0
    for at, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
    return parts + ([text[begin:].strip()] if text[begin:].strip() else [])


def code(text):
    return "```python\n{}\n```".format(text)


def markdown(docstring):
    """What our docstrings have of reStructuredText, as Markdown."""
    text = (docstring or "").replace("``", "`")
    text = re.sub(
        r"\.\. code-block:: (\w+)\n\n((?:    .*\n|\n)+?)(?=\S|\Z)",
        lambda found: "```{}\n{}\n```\n\n".format(found[1], re.sub(r"(?m)^    ", "", found[2]).rstrip()),
        text + "\n",
    )
    text = re.sub(r":(?:meth|class|attr|data|func|mod):`~(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    text = re.sub(r":(?:meth|class|attr|data|func|mod):`([^`~]+)`", r"`\1`", text)
    text = re.sub(r":param (\w+):", r"- `\1`:", text)
    return joined(text.strip())


def joined(text):
    """Paragraphs and entries of lists in one line each; code as it is."""
    result, is_code = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
            result.append(line)
        elif is_code or line.lstrip().startswith("- ") or not line.strip() or not result or result[-1] in ("", "```"):
            result.append(line)
        else:
            result[-1] += " " + line.strip()
    # A list begins after an empty line.
    text = "\n".join(result)
    return re.sub(r"(?m)^(?!- )(\S.*)\n(?=- )", r"\1\n\n", text)


def indented(text):
    return re.sub(r"\n(?=.)", "\n  ", re.sub(r"\n\n(?=- )", "\n", text))


main()
