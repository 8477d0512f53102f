"""What was recorded? A session: stacks with their times, and what is known about them."""

from __future__ import annotations

import json
import os
import weakref
from typing import Any, Dict, List, Sequence, Tuple, Union

from timesink._codec import as_bytes, frames_from
from timesink._origin import shorten_path
from timesink._recorder import Recorder, RecorderEnded, current_recorder, current_sys_path, current_sys_prefixes
from timesink.frame import Frame

__all__ = ["FrameRecordType", "Session"]

#: A stack of frame infos, outermost first, and the seconds spent there.
FrameRecordType = Tuple[List[str], float]
PathOrStr = Union[str, "os.PathLike[str]"]

# What the recorder calls what a session is asked for.
_head_names = {
    "start_time": "startTime",
    "duration": "duration",
    "min_interval": "minInterval",
    "max_interval": "maxInterval",
    "sample_count": "sampleCount",
    "start_call_stack": "startCallStack",
    "target_description": "description",
    "cpu_time": "cpuTime",
    "sys_path": "sysPath",
    "sys_prefixes": "sysPrefixes",
}


class Session:
    """One recording, or several that were combined. The samples stay in the recorder until they are asked for."""

    def __init__(
        self,
        frame_records: Sequence[FrameRecordType],
        start_time: float,
        duration: float,
        min_interval: float,
        max_interval: float,
        sample_count: int,
        start_call_stack: list[str],
        target_description: str,
        cpu_time: float,
        sys_path: list[str],
        sys_prefixes: list[str],
    ) -> None:
        """Times are in seconds, ``start_time`` since 1970."""
        self._records: list[FrameRecordType] | None = (
            frame_records if isinstance(frame_records, list) else list(frame_records)
        )
        self.start_time = start_time
        self.duration = duration
        self.min_interval = min_interval
        self.max_interval = max_interval
        self.sample_count = sample_count
        self.start_call_stack = start_call_stack
        self.target_description = target_description
        self.cpu_time = cpu_time
        self.sys_path = sys_path
        self.sys_prefixes = sys_prefixes
        self._kept: _Kept | None = None
        self._short_paths: dict[str, str] = {}
        self._short_paths_for: list[str] = []

    @property
    def frame_records(self) -> list[FrameRecordType]:
        """The samples of the main thread, or of the thread that was recorded: each a stack and its seconds."""
        if self._records is None:
            assert self._kept is not None
            records = self._kept.recorder.request("session", session=self._kept.number)["pyisession"]["frame_records"]
            self._records = [(stack, seconds) for stack, seconds in records]
            self._kept.records = list(self._records)
        return self._records

    @frame_records.setter
    def frame_records(self, records: list[FrameRecordType]) -> None:
        self._records = records

    @staticmethod
    def load(filename: PathOrStr) -> Session:
        """Reads a ``.pyisession`` file, or any other recording that ``timesink view`` reads, such as ``.timesink``."""
        path = os.path.abspath(os.fspath(filename))
        with open(path, "rb") as file:
            begin = file.read(4096).lstrip()
            if begin[:1] == b"{" and b'"$schema"' not in begin:
                file.seek(0)
                return Session.from_json(json.loads(file.read().decode("utf-8")))
        recorder = current_recorder()
        return Session._from_answer(recorder, recorder.request("load", source="path", content=path))

    def save(self, filename: PathOrStr) -> None:
        """Writes a file that :meth:`load` reads: with everything that was recorded where the name ends with ``.timesink``,
        else a ``.pyisession``."""
        if os.fspath(filename).endswith(".timesink"):
            data = as_bytes(self._ask("render", renderer="timesink", options={}))
        else:
            data = json.dumps(self.to_json()).encode("ascii")
        with open(filename, "wb") as file:
            file.write(data)

    def to_json(self, include_frame_records: bool = True) -> dict[str, Any]:
        """The content of a ``.pyisession``."""
        result = {name: getattr(self, name) for name in _head_names}
        if include_frame_records:
            result["frame_records"] = self.frame_records
        return result

    @staticmethod
    def from_json(json_dict: Dict[str, Any]) -> Session:
        """Takes what :meth:`to_json` gives. KeyError where something is missing that has no default."""
        return Session(
            frame_records=json_dict["frame_records"],
            start_time=json_dict["start_time"],
            duration=json_dict["duration"],
            min_interval=json_dict.get("min_interval", 0.001),
            max_interval=json_dict.get("max_interval", 0.001),
            sample_count=json_dict["sample_count"],
            start_call_stack=json_dict["start_call_stack"],
            target_description=json_dict["target_description"],
            cpu_time=json_dict["cpu_time"] or 0,
            sys_path=json_dict.get("sys_path", current_sys_path()),
            sys_prefixes=json_dict.get("sys_prefixes", current_sys_prefixes()),
        )

    @staticmethod
    def combine(session1: Session, session2: Session) -> Session:
        """One session of two, the earlier one first: their times add up. As a timeline it makes little sense."""
        recorder, numbers = _in_one_recorder([session1, session2])
        return Session._from_answer(recorder, recorder.request("combine", sessions=numbers))

    def resample(self, interval: float) -> Session:
        """A session with fewer samples: one for each ``interval``, in seconds."""
        recorder, number = self._in_recorder()
        return Session._from_answer(recorder, recorder.request("resample", session=number, interval=interval))

    @staticmethod
    def current_sys_prefixes() -> list[str]:
        """Where the files of this interpreter lie."""
        return current_sys_prefixes()

    def root_frame(self, trim_stem: bool = True) -> Frame | None:
        """The call tree in the order of time, nothing left out; None without samples.

        :param trim_stem: whether it begins with the function that started the recording, if all lies below it.
        """
        tree = self._ask("tree", trimStem=trim_stem)["tree"]
        return None if tree is None else frames_from(tree, self)

    def shorten_path(self, path: str) -> str:
        """The path as seen from the closest entry of ``sys_path``."""
        if self._short_paths_for != self.sys_path:
            self._short_paths, self._short_paths_for = {}, list(self.sys_path)
        if path not in self._short_paths:
            self._short_paths[path] = shorten_path(path, self.sys_path)
        return self._short_paths[path]

    @classmethod
    def _from_answer(cls, recorder: Recorder, answer: dict[str, Any]) -> Session:
        session = cls.__new__(cls)
        head = {name: answer["meta"][theirs] for name, theirs in _head_names.items()}
        session.__dict__.update(head)
        session._records = None
        session._short_paths, session._short_paths_for = {}, []
        session._kept = _Kept(recorder, answer["session"], _copied(head))
        weakref.finalize(session, recorder.drop, answer["session"]).atexit = False
        return session

    def _ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        recorder, number = self._in_recorder()
        try:
            return recorder.request(kind, session=number, **fields)
        except RecorderEnded:
            if self._records is None:
                raise
            # It has ended just now; what it was asked for before can be given to another.
            recorder, number = self._in_recorder()
            return recorder.request(kind, session=number, **fields)

    def _in_recorder(self) -> tuple[Recorder, int]:
        """The recorder that has this session as it is now, and what it calls it."""
        if self._kept is None or not self._is_as_kept(self._kept):
            self._give(current_recorder())
        assert self._kept is not None
        return self._kept.recorder, self._kept.number

    def _is_as_kept(self, kept: _Kept) -> bool:
        if kept.head != {name: getattr(self, name) for name in _head_names}:
            return False
        if self._records is None:
            return True
        # Where the recorder is gone, what was asked for before can be given to another.
        return kept.recorder.is_alive and self._records == kept.records

    def _give(self, recorder: Recorder) -> None:
        answer = recorder.request("load", source="text", content=json.dumps(self.to_json()))
        self._kept = _Kept(recorder, answer["session"], _copied(self.to_json(include_frame_records=False)))
        self._kept.records = list(self.frame_records)
        weakref.finalize(self, recorder.drop, answer["session"]).atexit = False


class _Kept:
    """A session as the recorder has it."""

    __slots__ = ("head", "number", "recorder", "records")

    def __init__(self, recorder: Recorder, number: int, head: dict[str, Any]) -> None:
        self.recorder = recorder
        self.number = number
        self.head = head
        #: What it gave out, or was given; None where it was not asked for.
        self.records: list[FrameRecordType] | None = None


def _copied(head: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, list) else value for name, value in head.items()}


def _in_one_recorder(sessions: list[Session]) -> tuple[Recorder, list[int]]:
    placed = [session._in_recorder() for session in sessions]
    newest = placed[-1][0]
    for session, (recorder, _) in zip(sessions, placed):
        if recorder is not newest:
            session.frame_records  # noqa: B018 - fetched before it is given to the other
            session._give(newest)
    return newest, [session._in_recorder()[1] for session in sessions]
