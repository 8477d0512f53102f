"""How is a cell of a notebook recorded? ``%load_ext timesink``, then ``%%timesink`` in its first line."""

from __future__ import annotations

import html
import json
import re
from typing import Any, Generator

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import display

from timesink._magic_code import RecordedCode, awaited, code_awaits
from timesink.profiler import Profiler
from timesink.renderers import ConsoleRenderer, NamedRenderer, Renderer

__all__ = ["TimesinkMagics", "load_ipython_extension", "unload_ipython_extension"]

_modes = ("disabled", "enabled", "strict")


@magics_class
class TimesinkMagics(Magics):  # type: ignore[misc]
    """``%timesink`` and ``%%timesink``."""

    @magic_arguments()
    @argument(
        "-p",
        "--render-option",
        dest="render_options",
        action="append",
        default=[],
        metavar="NAME[=VALUE]",
        help="an option of the report, such as time=percent_of_total or processor_options.filter_threshold=0; may be repeated",
    )
    @argument("--show", metavar="GLOB", help="always show frames whose file matches")
    @argument("--show-regex", metavar="REGEX", help="the same with a regular expression")
    @argument("--show-all", action="store_true", help="show everything")
    @argument("--hide", metavar="GLOB", help="hide frames whose file matches")
    @argument("--hide-regex", metavar="REGEX", help="the same with a regular expression")
    @argument("--interval", type=float, default=0.001, help="seconds between samples (0.001)")
    @argument(
        "--async_mode",
        "--async-mode",
        choices=_modes,
        help="enabled charges waiting to the line that awaits, and is the default for code that awaits; strict also leaves out "
        "what runs meanwhile; disabled shows what the thread does",
    )
    @argument("--height", "-h", default="400", help="of the page, in pixels (400)")
    @argument("--timeline", nargs="?", const="true", default="", metavar="VALUE", help="show the order of time first")
    @argument("code", nargs="*", help="what %%timesink in a single line records")
    @no_var_expand
    @line_cell_magic
    def timesink(self, line: str, cell: str | None = None) -> Any:
        """Shows where the code spends its time: the page, and beside it text for where pages cannot be shown."""
        __tracebackhide__ = True
        options, code = _parse(self.timesink, line, cell)
        if not code.strip():
            return None
        what = "Cell" if cell is not None else "Line in cell"
        description = "{} [{}]".format(what, self.shell.execution_count)
        recorded = _RecordedCell(self.shell, code, options, description)
        return _Awaiting(recorded) if recorded.awaits else recorded.run()


class _RecordedCell:
    """Code that is about to be recorded and shown."""

    def __init__(self, shell: Any, code: str, options: Any, description: str) -> None:
        self._renderers = _make_renderers(options)
        self._options = options
        self._code = RecordedCode(shell, code, self._start, self._stop)
        self._description = description
        self._profiler: Profiler | None = None

    @property
    def awaits(self) -> bool:
        return self._code.awaits

    def run(self) -> Any:
        __tracebackhide__ = True
        try:
            value = self._code.run()
        except Exception:
            self._show()
            raise
        self._show()
        return value

    async def run_awaiting(self) -> Any:
        __tracebackhide__ = True
        try:
            value = await self._code.run_awaiting()
        except Exception:
            self._show()
            raise
        self._show()
        return value

    def _start(self) -> None:
        mode = self._options.async_mode or ("enabled" if self.awaits else "disabled")
        profiler = Profiler(interval=self._options.interval, async_mode=mode)
        profiler._may_nest = True
        profiler.start(target_description=self._description)
        self._profiler = profiler

    def _stop(self) -> None:
        if self._profiler is not None:
            self._profiler.stop()

    def _show(self) -> None:
        session = None if self._profiler is None else self._profiler.last_session
        if session is None:
            return
        try:
            page, text = (renderer.render(session) for renderer in self._renderers)
        except ValueError as error:
            raise UsageError(str(error)) from error
        display({"text/html": _in_frame(page, self._options.height), "text/plain": text}, raw=True)


class _Awaiting:
    """Runs once it is awaited. In cells, IPython is made to do that; in other places users are told to."""

    def __init__(self, recorded: _RecordedCell) -> None:
        self._recorded = recorded

    def __await__(self) -> Generator[Any, None, Any]:
        return self._recorded.run_awaiting().__await__()

    def __repr__(self) -> str:
        return (
            "This code awaits, and was not run: %timesink can only await where it begins a line. "
            "Put `await` before its call, or %%timesink in the cell's first line."
        )


def _parse(magic: Any, line: str, cell: str | None) -> tuple[Any, str]:
    """The options, and the code that is to be recorded. UsageError."""
    if cell is not None:
        return parse_argstring(magic, line), cell
    # The code is what follows the first words that are whole options; as it was typed, with its own quotes and minus signs.
    for start in range(len(line)):
        begins_word = not line[start].isspace() and (start == 0 or line[start - 1].isspace())
        if begins_word and line[start] != "-":
            try:
                return parse_argstring(magic, line[:start]), line[start:]
            except UsageError:
                continue
    return parse_argstring(magic, line), ""


def _make_renderers(options: Any) -> tuple[Renderer, Renderer]:
    """For the page, and for the text beside it. UsageError where options are wrong."""
    chosen = _render_options([_unquoted(word) or "" for word in options.render_options])
    patterns = dict(chosen.pop("processor_options", None) or {})
    for name in ("show", "hide"):
        glob, regex = (_unquoted(getattr(options, option)) for option in (name, name + "_regex"))
        if glob is not None and regex is not None:
            raise UsageError("--{0} and --{0}-regex cannot both be given".format(name))
        if glob is not None or regex is not None:
            patterns[name + "_regex"] = _regex_of(glob) if glob is not None else regex
    chosen.setdefault("show_all", options.show_all)
    chosen.setdefault("timeline", options.timeline.lower() not in ("", "0", "false", "no", "off"))
    try:
        text = ConsoleRenderer(**{"unicode": True, "color": True, "processor_options": patterns, **chosen})
    except (TypeError, Renderer.MisconfigurationError) as error:
        raise UsageError("-p: {}".format(error)) from error
    page_options = {name: chosen[name] for name in ("show_all", "timeline", "time") if name in chosen}
    return NamedRenderer("html", processor_options=patterns, **page_options), text


def _render_options(words: list[str]) -> dict[str, Any]:
    """``-p name=value`` and ``-p a.b=value`` as a dictionary; values are JSON, or else text, or true."""
    result: dict[str, Any] = {}
    for word in words:
        path, equals, text = word.partition("=")
        value: Any = True
        if equals:
            try:
                value = json.loads(text)
            except ValueError:
                value = text
        *parents, name = path.split(".")
        inner = result
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                raise UsageError("-p {}: {} is no set of options".format(word, parent))
        inner[name] = value
    return result


def _unquoted(word: str | None) -> str | None:
    """IPython leaves quotes on words."""
    is_quoted = word is not None and len(word) > 1 and word[0] == word[-1] and word[0] in "'\""
    return word[1:-1] if word is not None and is_quoted else word


def _regex_of(glob: str) -> str:
    """A regular expression for a shell pattern, in what Python and JavaScript have in common."""
    parts = []
    for token in re.findall(r"\[!?\]?[^\]]*\]|[\s\S]", glob):
        if token == "*":
            parts.append(r"[\s\S]*")
        elif token == "?":
            parts.append(r"[\s\S]")
        elif len(token) > 1:
            inner = re.sub(r"([\\\[\]^])", r"\\\1", token[1:-1])
            parts.append("[^" + inner[1:] + "]" if inner.startswith("!") else "[" + inner + "]")
        else:
            parts.append(re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", token))
    return "".join(parts) + r"(?![\s\S])"


def _in_frame(page: str, height: str) -> str:
    """The page within the notebook's; it needs no network and no server."""
    return '<iframe width="100%" height="{}" style="resize: vertical" frameborder="0" srcdoc="{}"></iframe>'.format(
        html.escape(height), html.escape(page)
    )


def load_ipython_extension(ipython: Any) -> None:
    """Called by ``%load_ext timesink``."""
    ipython.register_magics(TimesinkMagics)
    if _await_magics not in ipython.input_transformers_post:
        ipython.input_transformers_post.append(_await_magics)


def unload_ipython_extension(ipython: Any) -> None:
    """Called by ``%unload_ext timesink``."""
    for kind in ("line", "cell"):
        ipython.magics_manager.magics[kind].pop("timesink", None)
    if _await_magics in ipython.input_transformers_post:
        ipython.input_transformers_post.remove(_await_magics)


def _await_magics(lines: list[str]) -> list[str]:
    """Lets IPython await the magics whose code awaits: on its own event loop, as it does with cells without them."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None or not getattr(shell, "autoawait", True):
        return lines

    def needs_await(line: str, cell: str | None) -> bool:
        try:
            return code_awaits(shell, _parse(shell.find_line_magic("timesink"), line, cell)[1])
        except (UsageError, SyntaxError, ValueError):
            return False

    return awaited(lines, "timesink", needs_await)
