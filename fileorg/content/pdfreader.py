"""pypdf, for what is worth a library: the text of a PDF, and what one keeps under lock."""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fileorg.content.window import Window
from fileorg.errors import FileorgError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from pypdf import PdfReader

_Answer = TypeVar("_Answer")

_BOUNDS: Final[Mapping[str, Any]] = {
    "maximum_declared_stream_length": 1 << 22,
    "zlib_maximum_output_length": 1 << 20,
    "zlib_maximum_recovery_input_length": 1 << 16,
    "lzw_maximum_output_length": 1 << 18,
    "run_length_maximum_output_length": 1 << 20,
    "stream_decoding_work_maximum_length": 1 << 23,
    "stream_parsing_work_maximum_count": 50_000,
    "xform_maximum_invocations_per_extraction": 50,
    "page_tree_maximum_entries": 10_000,
    "page_tree_maximum_page_entries": 10_000,
    "jbig2dec_binary": None,
}
"""What pypdf may do for one file: a fraction of what it would do by itself."""


def answer(
    window: Window, question: "Callable[[PdfReader], _Answer]", otherwise: _Answer
) -> _Answer:
    """Return what a question finds in a PDF, or *otherwise* where pypdf stumbles over it."""
    import logging

    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with pypdf.apply_configuration(**_BOUNDS):
            return question(pypdf.PdfReader(io.BufferedReader(_File(window))))
    except FileorgError:
        raise
    except Exception:  # noqa: BLE001
        return otherwise  # hostile files make it raise whatever there is


class _File(io.RawIOBase):
    """A window as a file."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._window.size}[whence]
        self._place = max(0, base + offset)
        return self._place

    def readinto(self, buffer: "WriteableBuffer") -> int:
        with memoryview(buffer).cast("B") as view:
            content = self._window.at(self._place, len(view))
            view[: len(content)] = content
        self._place += len(content)
        return len(content)
