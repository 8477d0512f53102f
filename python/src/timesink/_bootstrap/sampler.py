"""What do a program's threads do, from the start of the interpreter to its end? A thread of the program itself looks."""

from __future__ import annotations

import _signal
import _thread
import atexit
import os
import sys
import time

from timesink._bootstrap.program_start import ProgramStart
from timesink._bootstrap.sample_file import SampleFile
from timesink._bootstrap.thread_rows import ThreadRows
from timesink._stacks import StackNumbers, is_waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    import types

_own_file = (lambda: None).__code__.co_filename

# What they are before a program may replace them.
_monotonic, _sleep = time.monotonic, time.sleep
_own_time = getattr(time, "thread_time", time.monotonic)

# A program that is killed loses as much.
_seconds_between_messages = 0.02

# Stacks are forgotten and numbered anew when there are so many; the recorder takes a few times as many.
_most_stacks = 200_000

# PyPy crashes where frames of another thread are read while that goes on: there the main thread looks at itself, upon a
# signal that nothing uses, and that does nothing by default.
_signal_number: int | None = None
if sys.implementation.name == "pypy" and hasattr(_signal, "pthread_kill"):
    _signal_number = _signal.SIGURG


class Sampler:
    """The thread that looks, from the start of the interpreter to its end."""

    def __init__(self, folder: str, interval: float, follows_awaits: bool) -> None:
        self._pid = os.getpid()
        self._interval = interval
        self._main = _thread.get_ident()
        self._main_native = self._pid if sys.platform == "linux" else 0
        self._file = SampleFile(folder)
        self._stacks = StackNumbers()
        self._start = ProgramStart(self._stacks, follows_awaits)
        self._rows = ThreadRows(self._main, self._main_native)
        self._has_begun = False
        self._is_looking = False
        self._must_reset = False
        self._last = 0.0
        self._last_message = 0.0
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
        self._file.write()
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
        if self._pid != os.getpid() or self._file.is_closed:
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
            self._notes = ["The sampler in the program could not be started: {}.".format(error)]
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
            self._rows.go_on(now - self._last)
            self._send(now, is_last=True)
        self._file.is_closed = True

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
                if self._file.is_closed:
                    return
                # Stacks may be so deep that looking takes longer than the interval.
                pause = max(self._interval, 9 * (_own_time() - before))
            self._going.release()
        except BaseException as error:
            # The program goes on.
            self._notes = ["The sampler in the program failed: {!r}.".format(error)]
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
            self._notes = ["The sampler in the program failed: {!r}.".format(error)]
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
            self._file.introduce(self._interval, self._main, self._main_native, now)
        passed = now - self._last
        self._last = now
        # The main thread has no frames for a while at the end.
        looked_at: dict[int, types.FrameType | None] = {self._main: None, **frames}
        self._rows.end_others(looked_at, now)
        for ident, innermost in looked_at.items():
            frame = _above_ours(innermost)
            stack = main if ident == self._main else self._stacks.number_of_frame(frame)
            is_running = frame is None or not is_waiting(frame)
            self._rows.note(ident, stack, is_running, passed, now)

    def _send(self, now: float, is_last: bool = False) -> None:
        self._last_message = now
        rows = self._rows.take_rows(now)
        self._file.add_samples(self._must_reset, self._stacks.take_new(), self._rows.take_new_threads(), rows)
        self._file.stop_at(now, self._notes, is_last)
        self._file.write()
        self._must_reset = False
        if len(self._stacks) > _most_stacks:
            self._forget_stacks()

    def _forget_stacks(self) -> None:
        self._stacks = StackNumbers()
        self._start.forget_numbers(self._stacks)
        self._rows.forget_stacks()
        self._must_reset = True


def _above_ours(frame: types.FrameType | None) -> types.FrameType | None:
    """The program's innermost frame: at its end and before forks it waits in here."""
    while frame is not None and frame.f_code.co_filename == _own_file:
        frame = frame.f_back
    return frame


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
