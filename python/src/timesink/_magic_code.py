"""How is the code of a notebook's cell run so that all of it, and nothing else, is recorded?"""

from __future__ import annotations

import ast
import inspect
from typing import Any, Callable

# No identifiers, so that no code of the user's can have them.
_start, _stop, _result = "timesink start", "timesink stop", "timesink result"

_await_flag: int = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class RecordedCode:
    """A cell's code, compiled with a start and a stop around it."""

    def __init__(self, shell: Any, code: str, start: Callable[[], Any], stop: Callable[[], Any]) -> None:
        """SyntaxError where it is no Python.

        :param shell: IPython's.
        :param code: as it was typed, with magics.
        """
        transformed = shell.transform_cell(code)
        file = shell.compile.cache(transformed, shell.execution_count)
        tree = shell.transform_ast(shell.compile.ast_parse(transformed, filename=file))
        self._shell = shell
        self._names = {_start: start, _stop: stop, _result: None}
        self._code = compile(_surrounded(tree), file, "exec", shell.compile.flags | _await_flag, dont_inherit=True)
        self._is_silent = _ends_with_semicolon(shell, transformed)

    @property
    def awaits(self) -> bool:
        """Whether it has an ``await`` outside of functions."""
        return bool(self._code.co_flags & inspect.CO_COROUTINE)

    def run(self) -> Any:
        """Runs it; gives the value of the last expression. Whatever the code raises."""
        # Tracebacks show what users wrote.
        __tracebackhide__ = True
        self._enter()
        try:
            exec(self._code, self._shell.user_global_ns, self._shell.user_ns)
        finally:
            value = self._leave()
        return value

    async def run_awaiting(self) -> Any:
        """As :meth:`run`, for code that awaits."""
        __tracebackhide__ = True
        self._enter()
        try:
            await eval(self._code, self._shell.user_global_ns, self._shell.user_ns)
        finally:
            value = self._leave()
        return value

    def _enter(self) -> None:
        self._shell.user_ns.update(self._names)

    def _leave(self) -> Any:
        value = self._shell.user_ns.get(_result)
        for name in self._names:
            self._shell.user_ns.pop(name, None)
        return None if self._is_silent else value


def code_awaits(shell: Any, code: str) -> bool:
    """Whether code has an ``await`` outside of functions. SyntaxError."""
    tree = ast.parse(shell.transform_cell(code))
    return bool(compile(tree, "<cell>", "exec", _await_flag, dont_inherit=True).co_flags & inspect.CO_COROUTINE)


def _surrounded(tree: ast.Module) -> ast.Module:
    """``try: start, code, result = last expression; finally: stop``; imports from the future stay in front."""
    body = list(tree.body)
    future = [
        statement for statement in body if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    ]
    body = [statement for statement in body if statement not in future]
    last = body[-1] if body else None
    if isinstance(last, ast.Expr):
        body.pop()
        assign = ast.Assign(targets=[ast.Name(id=_result, ctx=ast.Store())], value=last.value)
        body.append(ast.copy_location(assign, last))
    whole = ast.Try(body=[_call(_start), *body], handlers=[], orelse=[], finalbody=[_call(_stop)])
    module = ast.Module(body=[*future, whole], type_ignores=[])
    return ast.fix_missing_locations(module)


def _call(name: str) -> ast.stmt:
    return ast.Expr(value=ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=[], keywords=[]))


def _ends_with_semicolon(shell: Any, code: str) -> bool:
    """Whether IPython shows no value for this code."""
    test = getattr(shell.displayhook, "semicolon_at_end_of_expression", None)
    return bool(test(code)) if test is not None else code.rstrip().endswith(";")


def awaited(lines: list[str], name: str, needs_await: Callable[[str, str | None], bool]) -> list[str]:
    """Puts ``await`` before calls of this magic that need it: where a cell, or a statement of it, is nothing but such a call, or
    assigns its value.

    :param lines: the cell as IPython has translated it, with magics as calls of ``get_ipython().run_line_magic`` and so on.
    :param needs_await: tells it for the magic's line and cell.
    """
    if not any(name in line and "get_ipython()" in line for line in lines):
        return lines
    try:
        tree = ast.parse("".join(lines))
    except (SyntaxError, ValueError):
        return lines
    result = list(lines)
    for statement in tree.body:
        call = getattr(statement, "value", None)
        arguments = _magic_arguments(call, name)
        if isinstance(statement, (ast.Expr, ast.Assign)) and arguments is not None and needs_await(*arguments):
            assert call is not None
            line = result[call.lineno - 1].encode("utf-8")
            result[call.lineno - 1] = (line[: call.col_offset] + b"await " + line[call.col_offset :]).decode("utf-8")
    return result


def _magic_arguments(call: Any, name: str) -> tuple[str, str | None] | None:
    """Line and cell of a call of the magic of this name; None for everything else."""
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
        return None
    try:
        values = [ast.literal_eval(argument) for argument in call.args]
    except ValueError:
        return None
    if not values or values[0] != name or not all(isinstance(value, str) for value in values):
        return None
    if call.func.attr == "run_cell_magic" and len(values) == 3:
        return values[1], values[2]
    if call.func.attr == "run_line_magic" and len(values) == 2:
        return values[1], None
    return None
