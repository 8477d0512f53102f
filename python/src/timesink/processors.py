"""What makes a short tree of a long one? Functions that take the root of a tree and options, and give the new root.

They change the tree that they are given. Reports run them in the recorder; here they can be called on trees of one's own, and
taken out of, or put into, the list ``processors`` of a renderer.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from timesink._codec import ProcessorList, ProcessorType, frames_from, tree_of
from timesink._recorder import current_recorder
from timesink.frame import Frame

__all__ = [
    "ProcessorOptions",
    "ProcessorType",
    "aggregate_repeated_calls",
    "group_library_frames_processor",
    "merge_consecutive_self_time",
    "remove_first_pyinstrument_frames_processor",
    "remove_importlib",
    "remove_irrelevant_nodes",
    "remove_tracebackhide",
    "remove_unnecessary_self_time_nodes",
]

#: ``filter_threshold``, ``hide_regex``, ``show_regex``.
ProcessorOptions = Dict[str, Any]


def remove_importlib(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Puts what the import machinery called in its place."""
    return run([remove_importlib], frame, options)


def remove_tracebackhide(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Puts what frames called that have a local ``__tracebackhide__`` in their place."""
    return run([remove_tracebackhide], frame, options)


def merge_consecutive_self_time(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Makes one ``[self]`` of neighbours."""
    return run([merge_consecutive_self_time], frame, options)


def aggregate_repeated_calls(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Adds calls of the same function from the same place together, the longest first. It is no timeline any more then."""
    return run([aggregate_repeated_calls], frame, options)


def remove_irrelevant_nodes(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Takes away what took less than ``filter_threshold`` (0.01) of the whole; the parent keeps its time."""
    return run([remove_irrelevant_nodes], frame, options)


def remove_unnecessary_self_time_nodes(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Takes away a ``[self]`` that is an only child."""
    return run([remove_unnecessary_self_time_nodes], frame, options)


def remove_first_pyinstrument_frames_processor(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Takes away the frames of the profiler and of ``runpy`` before the program, in recordings of pyinstrument."""
    return run([remove_first_pyinstrument_frames_processor], frame, options)


def group_library_frames_processor(frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Puts frames of libraries that call each other into groups. ``hide_regex`` and ``show_regex`` are matched from the
    beginning of the file; ``show_regex`` wins."""
    return run([group_library_frames_processor], frame, options)


#: The functions that the recorder runs.
built_in = frozenset(
    [
        remove_importlib,
        remove_tracebackhide,
        merge_consecutive_self_time,
        aggregate_repeated_calls,
        remove_irrelevant_nodes,
        remove_unnecessary_self_time_nodes,
        remove_first_pyinstrument_frames_processor,
        group_library_frames_processor,
    ]
)


def run(processors: ProcessorList, frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    """Runs these one after the other; neighbours that are ours in one go."""
    waiting: list[ProcessorType] = []
    for processor in processors:
        if processor in built_in:
            waiting.append(processor)
        else:
            frame = processor(_run_built_in(waiting, frame, options), options=options)
            waiting = []
    return _run_built_in(waiting, frame, options)


def _run_built_in(processors: ProcessorList, frame: Optional[Frame], options: ProcessorOptions) -> Optional[Frame]:
    if frame is None or not processors:
        return frame
    columns, frames = tree_of(frame)
    context = frame._context
    answer = current_recorder().request(
        "process",
        tree=columns,
        steps=[{"name": processor.__name__, "options": options} for processor in processors],
        sysPrefixes=list(context.sys_prefixes) if context is not None else None,
    )
    return frames_from(answer["tree"], context, frames)
