"""How does a program sample itself that timesink has started, where no other process may read its memory?

`timesink` puts this, with what it imports from beside it, into a folder of its own as `sitecustomize.py`, and names the
folder in `PYTHONPATH`: so Python starts the program itself, and all that is the program's is as ever. What was seen is
written to a file in that folder, as lines that the recorder understands. Nothing is imported that the program might not want.
"""

from __future__ import annotations

import _signal
import _thread
import atexit
import os
import sys
import time

from timesink._await_chain import awaiting_stack
from timesink._stacks import StackNumbers, is_waiting, no_stack

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types
    from typing import Any

_own_file = (lambda: None).__code__.co_filename

# What they are before a program may replace them.
_monotonic, _sleep = time.monotonic, time.sleep
_own_time = getattr(time, "thread_time", time.monotonic)
_open, _write, _close = os.open, os.write, os.close

# Interval in seconds, and whether awaits are followed: `0.001 1`.
_variable = "TIMESINK_BOOTSTRAP"

# A program that is killed loses as much.
_seconds_between_messages = 0.02

# Stacks are forgotten and numbered anew when there are so many; the recorder takes a few times as many.
_most_stacks = 200_000

# Bytes that wait for a file to be opened, at most.
_most_unsent = 1 << 26

# PyPy crashes where frames of another thread are read while that goes on: there the main thread looks at itself, upon a
# signal that nothing uses, and that does nothing by default.
_signal_number: int | None = None
if sys.implementation.name == "pypy" and hasattr(_signal, "pthread_kill"):
    _signal_number = _signal.SIGURG

# Bits of a thread's state.
_running, _waiting = 1, 0


class ProgramStart:
    """Where does the program begin in the stacks of the main thread? Below that is Python's own start."""

    def __init__(self, stacks: StackNumbers, follows_awaits: bool) -> None:
        self._stacks = stacks
        self._follows_awaits = follows_awaits
        self._root: tuple[str, str, int] | None = None
        self._root_stack = no_stack

    def forget_numbers(self, stacks: StackNumbers) -> None:
        """After the stacks were numbered anew."""
        self._stacks = stacks
        self._root_stack = no_stack

    def stack_of(self, frame: types.FrameType | None) -> int | None:
        """Number of the main thread's stack; None while the program has not begun.

        What runs after its end, such as exit handlers, stands on its outermost frame.
        """
        frames: list[types.FrameType] = []
        while frame is not None:
            frames.append(frame)
            frame = frame.f_back
        while frames and _is_of_runpy(frames[-1].f_code):
            frames.pop()
        bottom = _identity(frames[-1].f_code) if frames else None
        if self._root is None:
            # Python's own start calls functions, and runs frozen modules only.
            if bottom is None or bottom[0] != "<module>" or bottom[1].startswith("<frozen "):
                return None
            self._root = bottom
        if bottom == self._root:
            self._root_stack = self._stacks.with_frame(no_stack, frames.pop())
        number = self._root_stack
        task = _main_task(frames) if self._follows_awaits else None
        for one in reversed(frames if task is None else frames[1:]):
            number = self._stacks.with_frame(number, one)
        if task is None:
            return number
        # The coroutine stands there whenever it runs, too.
        handle = sys.modules["asyncio"].events.Handle._run.__code__
        place: Any = _Place(handle, handle.co_firstlineno + 2)
        return awaiting_stack(task, self._stacks.with_frame(number, place), self._stacks)


class _Place:
    """A frame that is not there."""

    def __init__(self, code: types.CodeType, line: int) -> None:
        self.f_code = code
        self.f_lineno = line
        self.f_locals: dict[str, object] = {}


def _identity(code: types.CodeType) -> tuple[str, str, int]:
    return (code.co_name, code.co_filename, code.co_firstlineno)


def _is_of_runpy(code: types.CodeType) -> bool:
    file = code.co_filename
    return file == "<frozen runpy>" or file.endswith(("/runpy.py", "\\runpy.py"))


def _main_task(frames: list[types.FrameType]) -> Any:
    """What a thread waits for that is idle in an event loop of asyncio; frames are innermost first."""
    if len(frames) < 3 or frames[0].f_code.co_name != "select" or frames[1].f_code.co_name != "_run_once":
        return None
    for frame in frames[2:]:
        if frame.f_code.co_name == "run_until_complete":
            task = frame.f_locals.get("future")
            return task if hasattr(task, "get_coro") and not task.done() else None
    return None


class SeenThread:
    """A thread that was met, and what it does since."""

    def __init__(self, number: int, key: object) -> None:
        #: Its ident, another number where a thread before it had the same.
        self.number = number
        self.key = key
        self.is_new = True
        self.stack: int | None = None
        self.state = _running
        self.weight = 0.0
        self.looks = 0


class Sampler:
    """The thread that looks, from the start of the interpreter to its end."""

    def __init__(self, folder: str, interval: float, follows_awaits: bool) -> None:
        self._pid = os.getpid()
        self._file = os.path.join(folder, "{}.{}.samples".format(self._pid, time.time_ns()))
        self._interval = interval
        self._main = _thread.get_ident()
        self._stacks = StackNumbers()
        self._start = ProgramStart(self._stacks, follows_awaits)
        self._has_begun = False
        #: Nothing can be written any more, or need be.
        self._is_broken = False
        self._is_looking = False
        self._must_reset = False
        self._last = 0.0
        self._last_message = 0.0
        self._threads: dict[int, SeenThread] = {}
        self._met_idents: set[int] = set()
        self._next_number = 1 << 52
        self._rows: list[str] = []
        self._new_threads: list[str] = []
        self._unsent = b""
        self._quoted: dict[str, str] = {}
        self._own_ident = 0
        self._own_native = 0
        self._notes: list[str] = []
        self._switch_interval_before = self._switch_interval = sys.getswitchinterval()
        # Several threads may fork at a time.
        self._forks = 0
        self._turn = _thread.allocate_lock()
        #: Held while the thread shall go on.
        self._going = _thread.allocate_lock()
        #: Held while there is a thread.
        self._alive = _thread.allocate_lock()

    def begin(self) -> None:
        """Starts the thread."""
        # That there is a file tells that Python has loaded us, even if nothing is seen of a short program.
        self._append(b"")
        if _signal_number is not None:
            _signal.signal(_signal_number, self._on_signal)
            _signal.siginterrupt(_signal_number, False)
        self._resume()
        atexit.register(self._end)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork, after_in_parent=self._after_fork, after_in_child=self._forget
            )

    def _resume(self) -> None:
        if self._pid != os.getpid() or self._is_broken:
            return
        # A thread that computes gives way after this long; by default that is five times the usual interval.
        self._switch_interval_before = sys.getswitchinterval()
        self._switch_interval = min(self._switch_interval_before, max(self._interval / 4, 0.00005))
        sys.setswitchinterval(self._switch_interval)
        self._going.acquire()
        self._alive.acquire()
        try:
            _thread.start_new_thread(self._run, ())
        except RuntimeError as error:
            self._notes = [self._quote("The sampler in the program could not be started: {}.".format(error))]
            self._alive.release()
            self._going.release()

    def _pause(self) -> None:
        """Ends the thread: Python warns of forks while there are several, and is right."""
        if self._pid != os.getpid() or not self._going.locked():
            return
        self._going.release()
        if self._alive.acquire(True, 5.0):
            self._alive.release()
        _wait_for_end_of(self._own_native)
        if abs(sys.getswitchinterval() - self._switch_interval) < 1e-6:
            sys.setswitchinterval(self._switch_interval_before)

    def _before_fork(self) -> None:
        with self._turn:
            self._forks += 1
            if self._forks == 1:
                self._pause()

    def _after_fork(self) -> None:
        with self._turn:
            self._forks -= 1
            if self._forks == 0:
                self._resume()

    def _forget(self) -> None:
        """After a fork: the child is not recorded."""
        self._pid = -1
        self._turn = _thread.allocate_lock()

    def _end(self) -> None:
        if self._pid != os.getpid():
            return
        self._pause()
        if self._has_begun:
            now = _monotonic()
            for thread in self._threads.values():
                self._add(thread, now - self._last)
            self._send(now, is_last=True)
        self._is_broken = True

    def _run(self) -> None:
        try:
            _block_signals()
            self._own_ident = _thread.get_ident()
            self._own_native = getattr(_thread, "get_native_id", int)()
            pause = self._interval
            while not self._going.acquire(True, pause):
                before = _own_time()
                if _signal_number is None:
                    self._look_and_send(sys._current_frames())
                else:
                    _signal.pthread_kill(self._main, _signal_number)
                if self._is_broken:
                    return
                # Stacks may be so deep that looking takes longer than the interval.
                pause = max(self._interval, 9 * (_own_time() - before))
            self._going.release()
        except BaseException as error:
            # The program goes on.
            self._notes = [self._quote("The sampler in the program failed: {!r}.".format(error))]
        finally:
            self._alive.release()

    def _on_signal(self, _number: int, frame: types.FrameType | None) -> None:
        try:
            if frame is None:
                return
        except UnboundLocalError:
            # So PyPy has it where no function runs, which is when the program ends.
            return
        # Signals come also while this one is answered.
        if self._is_looking or not self._going.locked() or self._pid != os.getpid():
            return
        self._is_looking = True
        try:
            self._look_and_send({self._main: frame})
        except BaseException as error:
            # The program goes on.
            self._notes = [self._quote("The sampler in the program failed: {!r}.".format(error))]
        finally:
            self._is_looking = False

    def _look_and_send(self, frames: dict[int, types.FrameType]) -> None:
        now = _monotonic()
        self._look(now, frames)
        if self._has_begun and now - self._last_message > _seconds_between_messages:
            self._send(now)

    def _look(self, now: float, frames: dict[int, types.FrameType]) -> None:
        # Our own one would keep all of them alive: it holds this dictionary.
        frames.pop(self._own_ident, None)
        main = self._start.stack_of(_above_ours(frames.get(self._main)))
        if main is None:
            return
        if not self._has_begun:
            self._has_begun = True
            self._last = self._last_message = now
            self._introduce(now)
        passed = now - self._last
        self._last = now
        # The main thread has no frames for a while at the end.
        looked_at: dict[int, types.FrameType | None] = {self._main: None, **frames}
        for ident in [ident for ident in self._threads if ident not in looked_at]:
            self._close_row(self._threads.pop(ident), now)
        for ident, innermost in looked_at.items():
            frame = _above_ours(innermost)
            stack = main if ident == self._main else self._stacks.number_of_frame(frame)
            is_idle = frame is not None and is_waiting(frame)
            self._note(ident, stack, _waiting if is_idle else _running, passed, now)

    def _note(self, ident: int, stack: int, state: int, passed: float, now: float) -> None:
        thread = self._seen(ident, now)
        if thread.stack != stack or thread.state != state:
            self._close_row(thread, now - passed)
            thread.stack, thread.state = stack, state
        # A thread that has just appeared was not there the whole time.
        self._add(thread, 0.0 if thread.is_new else passed)
        thread.is_new = False

    def _add(self, thread: SeenThread, passed: float) -> None:
        thread.weight += passed
        thread.looks += 1

    def _seen(self, ident: int, now: float) -> SeenThread:
        """Threads that come later may have the ident of one that has ended."""
        threading = sys.modules.get("threading")
        found = getattr(threading, "_active", {}).get(ident)
        native = getattr(found, "native_id", None) or 0
        name = "MainThread" if ident == self._main else getattr(found, "name", None)
        key = None if name is None else (native, name if native == 0 else "")
        thread = self._threads.get(ident)
        if thread is not None and (thread.key == key or key is None or ident == self._main):
            return thread
        if thread is None or thread.key is not None:
            if thread is not None:
                self._close_row(thread, now)
            thread = self._threads[ident] = SeenThread(self._number_of(ident), key)
        thread.key = key
        if ident == self._main and native == 0:
            native = self._pid if sys.platform == "linux" else 0
        label = "Thread {}".format(ident) if name is None else str(name)
        self._new_threads.append(
            '{"ident":%d,"nativeId":%d,"name":%s}' % (thread.number, native, self._quote(label))
        )
        return thread

    def _number_of(self, ident: int) -> int:
        if ident not in self._met_idents:
            self._met_idents.add(ident)
            return ident
        self._next_number += 1
        return self._next_number

    def _close_row(self, thread: SeenThread, at: float) -> None:
        if thread.looks and thread.stack is not None:
            row = (at, thread.number, thread.stack, thread.weight, thread.state, thread.looks)
            self._rows.append("[%r,%d,%d,%r,%d,%d]" % row)
        thread.weight = 0.0
        thread.looks = 0

    def _introduce(self, now: float) -> None:
        version = "{}.{}.{}".format(*sys.version_info[:3])
        other = getattr(sys, "pypy_version_info", None)
        if other is not None:
            version += " (PyPy {}.{}.{})".format(*other[:3])
        command = getattr(sys, "orig_argv", None) or [sys.executable or "python"] + getattr(sys, "argv", [])
        prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
        self._rows = []
        self._unsent += _lines(
            '{"kind":"hello","protocol":1,"pid":%d,"implementation":%s,"version":%s,"engine":"inprocess",'
            '"command":%s,"sysPath":%s,"sysPrefixes":%s}'
            % (
                self._pid,
                self._quote(sys.implementation.name),
                self._quote(version),
                self._list(command),
                self._list(sys.path),
                self._list(prefixes),
            ),
            '{"kind":"start","region":1,"interval":%r,"thread":{"ident":%d,"nativeId":%d,"name":"MainThread"},'
            '"threads":"all","asyncMode":"disabled","description":"","startCallStack":[],"startTime":%r,"at":%r}'
            % (self._interval, self._main, self._pid if sys.platform == "linux" else 0, time.time(), now),
        )

    def _send(self, now: float, is_last: bool = False) -> None:
        self._last_message = now
        for thread in self._threads.values():
            self._close_row(thread, now)
        stacks = ["[%d,%s]" % (caller, self._quote(frame)) for caller, frame in self._stacks.take_new()]
        self._unsent += _lines(
            '{"kind":"samples","reset":%s,"stacks":[%s],"threads":[%s],"regions":[{"region":1,"rows":[%s]}]}'
            % (
                "true" if self._must_reset else "false",
                ",".join(stacks),
                ",".join(self._new_threads),
                ",".join(self._rows),
            ),
            '{"kind":"stop","region":1,"at":%r,"cpuTime":%r,"sysPath":%s,"notes":[%s]}'
            % (now, time.process_time(), self._list(sys.path) if is_last else "null", ",".join(self._notes)),
        )
        self._rows, self._new_threads, self._must_reset = [], [], False
        if self._append(self._unsent):
            self._unsent = b""
        elif len(self._unsent) > _most_unsent:
            self._is_broken = True
        if len(self._stacks) > _most_stacks:
            self._forget_stacks()

    def _forget_stacks(self) -> None:
        self._stacks = StackNumbers()
        self._start.forget_numbers(self._stacks)
        self._quoted = {}
        self._must_reset = True
        for thread in self._threads.values():
            thread.stack = None

    def _append(self, data: bytes) -> bool:
        """Opens the file each time: programs close descriptors that they do not know, and use their numbers again."""
        if self._is_broken or self._pid != os.getpid():
            return False
        try:
            descriptor = _open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        except OSError:
            return False
        try:
            while data:
                data = data[_write(descriptor, data) :]
        except OSError:
            # A part of it may be there: what comes after it could not be read.
            self._is_broken = True
        finally:
            _close(descriptor)
        return True

    def _list(self, texts: Any) -> str:
        return "[" + ",".join([self._quote(text) for text in texts if isinstance(text, str)]) + "]"

    def _quote(self, text: str) -> str:
        """As JSON, without the module for it."""
        quoted = self._quoted.get(text)
        if quoted is None:
            quoted = self._quoted[text] = '"' + "".join([_escaped(character) for character in text]) + '"'
        return quoted


def _above_ours(frame: types.FrameType | None) -> types.FrameType | None:
    """The program's innermost frame: at its end and before forks it waits in here."""
    while frame is not None and frame.f_code.co_filename == _own_file:
        frame = frame.f_back
    return frame


def _lines(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n").encode("ascii")


def _escaped(character: str) -> str:
    if " " <= character <= "~" and character not in '"\\':
        return character
    code = ord(character)
    if code < 0x10000:
        return "\\u%04x" % code
    return "\\u%04x\\u%04x" % (0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF))


def _block_signals() -> None:
    """They are for the program's own threads: one that waits would not wake up."""
    try:
        _signal.pthread_sigmask(_signal.SIG_BLOCK, _signal.valid_signals())
    except AttributeError:
        pass


def _wait_for_end_of(thread: int) -> None:
    """The system knows a thread for a moment longer than Python does."""
    for _ in range(100):
        try:
            os.stat("/proc/self/task/{}".format(thread))
        except OSError:
            return
        _sleep(0.0002)


def _leave_path(folder: str) -> str:
    """Makes the environment and ``sys.path`` what they would be without us. Gives our settings."""
    entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [entry for entry in entries if entry != folder]
    if others:
        os.environ["PYTHONPATH"] = os.pathsep.join(others)
    else:
        os.environ.pop("PYTHONPATH", None)
    sys.path[:] = [entry for entry in sys.path if entry != folder]
    sys.path_importer_cache.pop(folder, None)
    # Loaded by the first line of this file, unless it was there already.
    modules = list(sys.modules)
    if "__future__" in modules[modules.index("sitecustomize") :]:
        del sys.modules["__future__"]
    return os.environ.pop(_variable, "")


def _load_hidden() -> bool:
    """Loads the ``sitecustomize`` that Python would have found without us; false where there is none."""
    del sys.modules["sitecustomize"]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        return False
    return True


if __name__ == "sitecustomize":
    _folder = os.path.dirname(__file__)
    _settings = _leave_path(_folder).split()
    if len(_settings) == 2:
        Sampler(_folder, float(_settings[0]), _settings[1] == "1").begin()
    if not _load_hidden():
        # What Python expects where there is none.
        raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
