"""What is a report format? Something that makes text of a session, most of them by way of its tree."""

from __future__ import annotations

from typing import Any

from timesink import processors
from timesink._codec import ProcessorList, as_text, records_from, tree_of
from timesink.frame import Frame
from timesink.session import Session

__all__ = ["FrameRenderer", "ProcessorList", "Renderer"]


class Renderer:
    """The base of all report formats."""

    #: What files of it end with, without the dot.
    output_file_extension: str = "txt"

    #: Whether it is no text. What :meth:`render` gives is to be encoded as UTF-8 with ``surrogateescape`` then.
    output_is_binary: bool = False

    class MisconfigurationError(Exception):
        """Options that do not go together."""

    def __init__(self) -> None:
        pass

    def render(self, session: Session) -> str:
        """The report."""
        raise NotImplementedError()


class FrameRenderer(Renderer):
    """The base of formats that show the call tree. Subclasses say what :meth:`render` makes of it."""

    def __init__(
        self,
        show_all: bool = False,
        timeline: bool = False,
        processor_options: dict[str, Any] | None = None,
    ) -> None:
        """
        :param show_all: keep every frame: library code, import machinery, the smallest times.
        :param timeline: keep the order of time instead of adding repeated calls together.
        :param processor_options: ``filter_threshold``, ``hide_regex``, ``show_regex``; all processors get them.
        """
        self.show_all = show_all
        self.timeline = timeline
        self.processor_options: dict[str, Any] = processor_options or {}
        #: Functions that are applied to the tree, in this order. Change the list as you like.
        self.processors: ProcessorList = self._wanted_processors()

    def default_processors(self) -> ProcessorList:
        """The functions that are applied unless ``show_all`` or ``timeline`` leave some out."""
        raise NotImplementedError()

    def preprocess(self, root_frame: Frame | None) -> Frame | None:
        """Applies the processors to a tree."""
        return processors.run(self.processors, root_frame, self.processor_options)

    def _wanted_processors(self) -> ProcessorList:
        left_out = set()
        if self.show_all:
            left_out |= {
                processors.remove_importlib,
                processors.remove_tracebackhide,
                processors.remove_irrelevant_nodes,
                processors.group_library_frames_processor,
            }
        if self.timeline:
            left_out.add(processors.aggregate_repeated_calls)
        return [processor for processor in self.default_processors() if processor not in left_out]


class RecorderRenderer(FrameRenderer):
    """The base of formats that the recorder writes."""

    #: What the command line calls it.
    _format = ""

    #: Whether it can show a tree that has been processed.
    _takes_trees = True

    def render(self, session: Session) -> str:
        """The report."""
        tree = None
        if self.processors != self._wanted_processors():
            root = self.preprocess(session.root_frame())
            if root is None or not self._takes_trees:
                session = session_of_tree(root, session)
            else:
                tree = tree_of(root)[0]
        answer = session._ask("render", renderer=self._format, options=self._options(), tree=tree)
        return as_text(answer)

    def default_processors(self) -> ProcessorList:
        """Those of pyinstrument's text."""
        return [
            processors.remove_importlib,
            processors.remove_tracebackhide,
            processors.merge_consecutive_self_time,
            processors.aggregate_repeated_calls,
            processors.remove_irrelevant_nodes,
            processors.remove_unnecessary_self_time_nodes,
            processors.remove_first_pyinstrument_frames_processor,
            processors.group_library_frames_processor,
        ]

    def _options(self) -> dict[str, Any]:
        return {
            "show_all": self.show_all,
            "timeline": self.timeline,
            "processor_options": self.processor_options,
        }


def session_of_tree(root: Frame | None, original: Session) -> Session:
    """A session that has this tree and is otherwise as ``original``."""
    head = original.to_json(include_frame_records=False)
    records = [] if root is None else records_from(root)
    return Session(frame_records=records, **{**head, "sample_count": original.sample_count})
