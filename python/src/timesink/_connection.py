"""How does this process talk to its recorder? Lines of JSON over private pipes; answers are matched to requests by number."""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from typing import Any, Mapping, Sequence

from timesink._threads import original

# Of pipes that are closed. Other errors are those of the program's own signal handlers, such as TimeoutError.
_closed = (errno.EPIPE, errno.EBADF)

# Seconds after which is looked whether someone else has read the answer.
_glance = 1.0


class RecorderError(RuntimeError):
    """The recorder could not do what it was asked for; the text says why. ``code`` is that of the command line's errors."""

    def __init__(self, message: str, code: str = "RECORDER") -> None:
        super().__init__(message)
        self.code = code


class RecorderEnded(RecorderError):
    """The recorder is gone, and with it what it had recorded."""


class Connection:
    """One recorder process and the pipes to it. All methods may be called from any thread."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Starts the process. Raises OSError where that fails; no file is left open then."""
        opened: list[int] = []
        try:
            for _ in range(3):
                opened.extend(os.pipe())
            stdin, self._write_fd, self._read_fd, stdout, self._error_fd, stderr = opened
            self._process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                env=dict(environment),
                # It keeps no folder of the program busy.
                cwd=os.path.abspath(os.sep),
                # Ctrl-C in the terminal is for the program alone.
                start_new_session=True,
            )
        except BaseException:
            for fd in opened:
                os.close(fd)
            raise
        for fd in (stdin, stdout, stderr):
            os.close(fd)
        self.pid: int = self._process.pid
        if hasattr(select, "poll"):
            os.set_blocking(self._read_fd, False)
        # Reentrant: a signal handler of the program may stop a profiler while this thread starts another.
        self._writing = threading.RLock()
        self._turn = threading.Condition(threading.RLock())
        self._reader: int | None = None
        self._received = bytearray()
        self._last_number = 0
        self._unsent = b""
        self._expected: set[int] = set()
        self._answers: dict[int, dict[str, Any]] = {}
        self._why_ended: str | None = None

    @property
    def is_alive(self) -> bool:
        """Whether the process can still be asked, as far as is known without asking."""
        if self._why_ended is not None:
            return False
        if not hasattr(select, "poll"):
            return self._process.poll() is None
        if _events_of(self._read_fd, 0) & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            self._ended()
        return self._why_ended is None

    def post(self, kind: str, **fields: Any) -> None:
        """Sends a message that has no answer. Raises RecorderEnded."""
        line = _line({"kind": kind, **fields})
        with self._writing:
            self._write(line)

    def send(self, kind: str, **fields: Any) -> int:
        """Sends a message and gives its number, for :meth:`answer`. Raises RecorderEnded."""
        with self._writing:
            self._last_number += 1
            number = self._last_number
            line = _line({"id": number, "kind": kind, **fields})
            self._expected.add(number)
            try:
                self._write(line)
            except BaseException:
                self._expected.discard(number)
                raise
        return number

    def request(self, kind: str, timeout: float | None = None, **fields: Any) -> dict[str, Any]:
        """Sends a message and waits for its answer. Raises RecorderError."""
        return self.answer(self.send(kind, **fields), timeout)

    def answer(self, number: int, timeout: float | None = None) -> dict[str, Any]:
        """Waits for the answer to a message; for ever where ``timeout``, in seconds, is None. Raises RecorderError."""
        deadline = None if timeout is None else time.monotonic() + timeout
        try:
            answer = self._await(number, deadline)
        finally:
            self._expected.discard(number)
            self._answers.pop(number, None)
        error = answer.get("error")
        if error is None:
            return answer
        if error.get("code") == "USAGE":
            raise ValueError(error_text(error))
        raise RecorderError(error_text(error), str(error.get("code")))

    def close(self, wait: float = 0.0) -> None:
        """Lets the recorder end, and waits that many seconds for it, then makes it."""
        self.forget("The recorder has ended with this interpreter.")
        try:
            self._process.wait(wait)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self, why: str) -> None:
        """Closes the pipes, whereupon the recorder ends unless another process holds them, too."""
        with self._turn:
            if self._why_ended is None:
                self._why_ended = why
            self._close_pipes()
            self._turn.notify_all()

    def forget_in_child(self) -> None:
        """The same after a fork, where a lock may be held by a thread that does not exist any more."""
        self._writing = threading.RLock()
        self._turn = threading.Condition(threading.RLock())
        # It is no child of this process.
        self._process.returncode = 0
        self.forget("This was recorded before the process was forked; its recorder belongs to the parent.")

    def _close_pipes(self) -> None:
        fds, self._write_fd, self._read_fd, self._error_fd = (
            (self._write_fd, self._read_fd, self._error_fd),
            -1,
            -1,
            -1,
        )
        for fd in fds:
            if fd >= 0:
                os.close(fd)

    def _write(self, data: bytes) -> None:
        if self._why_ended is not None:
            raise RecorderEnded(self._why_ended)
        # What a signal handler of the program interrupts is sent before the next message.
        self._unsent += data
        try:
            while self._unsent:
                self._unsent = self._unsent[_write_quietly(self._write_fd, self._unsent) :]
        except OSError as error:
            if error.errno not in _closed:
                raise
            raise self._ended() from None

    def _await(self, number: int, deadline: float | None) -> dict[str, Any]:
        while True:
            with self._turn:
                if number in self._answers:
                    return self._answers[number]
                if self._why_ended is not None:
                    raise RecorderEnded(self._why_ended)
                # A signal handler may run while this very thread reads: then it reads in its place.
                reader = self._reader
                if reader is not None and reader != threading.get_ident():
                    self._turn.wait(_glance)
                    continue
                self._reader = threading.get_ident()
            try:
                self._read(deadline)
            finally:
                with self._turn:
                    self._reader = reader
                    self._turn.notify_all()

    def _read(self, deadline: float | None) -> None:
        """Reads what has come, if something comes within a moment. One thread at a time."""
        now = time.monotonic()
        if deadline is not None and now > deadline:
            raise RecorderError("The recorder (process {}) does not answer.".format(self.pid))
        try:
            if not _is_readable(self._read_fd, now + _glance):
                return
            data = os.read(self._read_fd, 1 << 20)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno not in _closed:
                raise
            data = b""
        if not data:
            raise self._ended()
        self._received += data
        if b"\n" not in data:
            return
        *lines, rest = self._received.split(b"\n")
        self._received = bytearray(rest)
        with self._turn:
            for line in lines:
                self._take(line)

    def _take(self, line: bytes | bytearray) -> None:
        try:
            answer = json.loads(line.decode("utf-8", "surrogatepass"))
            number = answer["id"]
        except (ValueError, TypeError, KeyError):
            raise RecorderError("The recorder gave an answer that cannot be read: {!r}".format(bytes(line[:200]))) from None
        # Who was interrupted does not wait for it any more.
        if number in self._expected:
            self._answers[number] = answer

    def _ended(self) -> RecorderEnded:
        with self._turn:
            if self._why_ended is None:
                self._why_ended = self._describe_end()
                self._close_pipes()
                self._turn.notify_all()
            return RecorderEnded(self._why_ended)

    def _describe_end(self) -> str:
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        told = _last_words(self._error_fd)
        how = "was ended by signal {}".format(-code) if code < 0 else "ended with exit code {}".format(code)
        return "The recorder (process {}) {}; what it had recorded is lost.{}".format(self.pid, how, told)


def error_text(error: Mapping[str, Any]) -> str:
    """What an error of the recorder says, with its hint."""
    message, hint = error.get("message") or "", error.get("hint") or ""
    return "{}. {}".format(message.rstrip("."), hint) if hint else message


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"


def _write_quietly(fd: int, data: bytes) -> int:
    """As ``os.write``. Without a signal where the other end is closed, whatever the program does about signals."""
    guarded = sys.platform != "win32" and signal.getsignal(signal.SIGPIPE) is not signal.SIG_IGN
    if guarded:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPIPE})
    try:
        return os.write(fd, data)
    except BrokenPipeError:
        if guarded and hasattr(signal, "sigtimedwait"):
            signal.sigtimedwait({signal.SIGPIPE}, 0)
        raise
    finally:
        if guarded:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_readable(fd: int, deadline: float) -> bool:
    if fd < 0 or not hasattr(select, "poll"):
        return True
    return _events_of(fd, max(0, int((deadline - time.monotonic()) * 1000))) != 0


def _events_of(fd: int, timeout: int) -> int:
    if fd < 0:
        return int(select.POLLNVAL)
    # Not that of gevent: other greenlets must not run within start() and stop().
    poll = original("select", "poll")()
    poll.register(fd, select.POLLIN)
    return sum(event for _, event in poll.poll(timeout))


def _last_words(fd: int) -> str:
    """What the process said on standard error, where it said anything: the line that names the error, else the last."""
    said = b""
    try:
        while fd >= 0 and len(said) < 1 << 16:
            if not _is_readable(fd, 0.0):
                break
            data = os.read(fd, 1 << 16)
            if not data:
                break
            said += data
    except OSError:
        pass
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    named = [line for line in lines if "Error" in line] or lines[-1:]
    return " It said: " + named[0][:300] if named else ""
