"""How is a block or a function profiled in one line? ``with profile():`` and ``@profile``; the report goes to standard error."""

from __future__ import annotations

import functools
import inspect
import sys
import types
import warnings
from typing import Any, Callable, TypeVar, overload

from timesink._recorder import RecorderError
from timesink._terminal import file_supports_color, file_supports_unicode
from timesink.profiler import Profiler, position
from timesink.renderers import ConsoleRenderer, Renderer, find_renderer

__all__ = ["profile"]

CallableVar = TypeVar("CallableVar", bound=Callable[..., Any])

_forgotten_brackets = "did you forget the brackets of timesink.profile()?"

# What Profiler takes; the rest is for the report.
_profiler_options = ("interval", "async_mode", "use_timing_thread", "threads", "max_samples")
_options = _profiler_options + ("renderer", "target_description")


class ProfileContext:
    """What ``profile(...)`` gives: a context manager and a decorator."""

    def __init__(self, **options: Any) -> None:
        """Takes the options of :data:`timesink.profile`."""
        unknown = [name for name in options if name not in _options]
        if unknown:
            raise TypeError("profile() got an unexpected keyword argument {!r}".format(unknown[0]))
        self.options = options
        # Many may run at once, so they are not bound to a context unless that is asked for.
        given = {name: options[name] for name in _profiler_options if name in options}
        self._profiler_options: dict[str, Any] = {"async_mode": "disabled", **given}
        self._profiler: Profiler | None = None

    @property
    def profiler(self) -> Profiler:
        """The profiler behind it."""
        if self._profiler is None:
            self._profiler = Profiler(**self._profiler_options)
        return self._profiler

    @overload
    def __call__(self, func: CallableVar) -> CallableVar: ...
    @overload
    def __call__(self, **options: Any) -> ProfileContext: ...
    def __call__(self, func: Callable[..., Any] | None = None, **options: Any) -> Any:
        """Decorates ``func``, or gives a context manager with further options."""
        if func is not None:
            return _decorated(func, self)
        return ProfileContext(**{**self.options, **options})

    def __enter__(self) -> None:
        self._start(sys._getframe(1), None)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: types.TracebackType | None,
    ) -> None:
        self._finish()

    def _pause(self, is_paused: bool) -> None:
        region = self.profiler._region
        if region is not None:
            (region.pause if is_paused else region.resume)()

    def _start(self, caller_frame: types.FrameType | None, description: str | None) -> None:
        profiler = self.profiler
        if profiler.is_running:
            raise RuntimeError("This profiler is already running - " + _forgotten_brackets)
        description = self.options.get("target_description") or description or "Block at " + position(caller_frame)
        try:
            profiler.start(caller_frame=caller_frame, target_description=description)
        except RecorderError as error:
            _warn(error)

    def _finish(self) -> None:
        profiler = self.profiler
        if not profiler.is_running:
            return
        try:
            session = profiler.stop()
            report = self._renderer().render(session)
        except RuntimeError as error:
            # The recorder is gone; or a generator was ended by the garbage collection, in another thread.
            _warn(error)
            return
        out = sys.stderr
        if out is not None:
            out.write(report)

    def _renderer(self) -> Renderer:
        renderer = self.options.get("renderer")
        if renderer is None:
            return ConsoleRenderer(
                color=file_supports_color(sys.stderr), unicode=file_supports_unicode(sys.stderr), short_mode=True
            )
        return find_renderer(renderer)


class _Profile:
    """``profile`` itself: a decorator, and what makes context managers."""

    @overload
    def __call__(self, func: CallableVar) -> CallableVar: ...
    @overload
    def __call__(
        self,
        *,
        interval: float = 0.001,
        async_mode: str = "disabled",
        use_timing_thread: bool | None = None,
        renderer: Renderer | str | None = None,
        target_description: str | None = None,
        threads: str = "current",
        max_samples: int | None = None,
    ) -> ProfileContext: ...
    def __call__(self, func: Callable[..., Any] | None = None, **options: Any) -> Any:
        """Profiles a block, ``with profile():``, or every call of a function, ``@profile`` or ``@profile(...)``.

        Coroutine functions and async generators are followed through their awaits unless ``async_mode`` says otherwise.

        :param renderer: the report, also by its name; by default a short text.
        :param target_description: its title.

        The others are those of :class:`timesink.Profiler`.
        """
        context = ProfileContext(**options)
        return context if func is None else context(func)

    def __enter__(self) -> None:
        raise TypeError("profile is no context manager, profile() is: " + _forgotten_brackets)

    def __exit__(self, *_: object) -> None:
        """Never comes to this."""


profile = _Profile()


def _decorated(func: Callable[..., Any], context: ProfileContext) -> Callable[..., Any]:
    """A function that does what ``func`` does, and reports on every call. Of the same kind: async, generator, or neither."""
    if inspect.iscoroutinefunction(func):
        wrapper: Callable[..., Any] = _coroutine_function(func, context)
    elif inspect.isasyncgenfunction(func):
        wrapper = _async_generator_function(func, context)
    elif inspect.isgeneratorfunction(func):
        wrapper = _generator_function(func, context)
    else:
        wrapper = _plain_function(func, context)
    return functools.wraps(func)(wrapper)


def _describe(func: Callable[..., Any]) -> str:
    name = getattr(func, "__qualname__", None) or type(func).__qualname__
    code = getattr(inspect.unwrap(func), "__code__", None)
    if code is None:
        return "Function {}".format(name)
    return "Function {} at {}:{}".format(name, code.co_filename, code.co_firstlineno)


def _one_call(func: Callable[..., Any], context: ProfileContext, is_async: bool) -> ProfileContext:
    """Each call has a profiler of its own: it may call itself, or run in several threads and tasks at once."""
    options = dict(context.options)
    if is_async:
        options.setdefault("async_mode", "enabled")
    options["target_description"] = options.get("target_description") or _describe(func)
    call = ProfileContext(**options)
    call.profiler._may_nest = True
    return call


def _plain_function(func: Callable[..., Any], context: ProfileContext) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = _one_call(func, context, is_async=False)
        call._start(sys._getframe(1), None)
        try:
            return func(*args, **kwargs)
        finally:
            call._finish()

    return wrapper


def _coroutine_function(func: Callable[..., Any], context: ProfileContext) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = _one_call(func, context, is_async=True)
        call._start(sys._getframe(1), None)
        try:
            return await func(*args, **kwargs)
        finally:
            call._finish()

    return wrapper


def _generator_function(func: Callable[..., Any], context: ProfileContext) -> Callable[..., Any]:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = _one_call(func, context, is_async=False)
        call._start(sys._getframe(1), None)
        inner = func(*args, **kwargs)
        step, given = inner.send, None
        try:
            while True:
                value = step(given)
                # Until the next step, others run.
                call._pause(True)
                try:
                    step, given = inner.send, (yield value)
                except GeneratorExit:
                    call._pause(False)
                    inner.close()
                    raise
                except BaseException as error:
                    step, given = inner.throw, error
                call._pause(False)
        except StopIteration as end:
            return end.value
        finally:
            call._finish()

    return wrapper


def _async_generator_function(func: Callable[..., Any], context: ProfileContext) -> Callable[..., Any]:
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        call = _one_call(func, context, is_async=True)
        call._start(sys._getframe(1), None)
        inner = func(*args, **kwargs)
        step, given = inner.asend, None
        try:
            while True:
                value = await step(given)
                call._pause(True)
                try:
                    step, given = inner.asend, (yield value)
                except GeneratorExit:
                    call._pause(False)
                    await inner.aclose()
                    raise
                except BaseException as error:
                    step, given = inner.athrow, error
                call._pause(False)
        except StopAsyncIteration:
            return
        finally:
            await inner.aclose()
            call._finish()

    return wrapper


def _warn(error: RuntimeError) -> None:
    warnings.warn("timesink: {}".format(error), RuntimeWarning, stacklevel=4)
