"""What a file says of itself, by the reader for its kind."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence
from fileorg.content.window import BudgetError, Window
from fileorg.model.evidence import Dated, Metadata

FIELDS: Final = frozenset(
    {"date", "camera", "artist", "album", "title", "track", "width", "height"}
)
"""What can be asked for: the names of template fields."""

_READERS: Final = {
    "jpeg": "image/jpeg",
    "xmp": "application/rdf+xml",
}
"""The modules that read, each with the MIME types that it reads."""

_BY_MIME: Final = {mime: module for module, mimes in _READERS.items() for mime in mimes.split()}
_NOTHING: Final = Metadata()
_DAMAGE: Final = (BudgetError, ValueError, LookupError, ArithmeticError)
"""What a reader may end with on a file that is not what it seems."""


def metadata_of(window: Window, mime: str, wanted: frozenset[str]) -> Metadata:
    """Return what a file of a MIME type says of what is *wanted*: names among `FIELDS`.

    What is damaged, or beyond the window's budget, is not there; only reading itself may raise.
    """
    module = _BY_MIME.get(mime)
    if module is None or not wanted:
        return _NOTHING
    return _gathered(_reader(module)(window, wanted), wanted)


def _gathered(evidence: Evidence, wanted: frozenset[str]) -> Metadata:
    """Take the first answer to each question, and stop at the last."""
    missing = set(wanted)
    date: Dated | None = None
    saved: Dated | None = None
    fields: dict[str, str] = {}
    try:
        for name, value in evidence:
            if not value:
                continue
            if isinstance(value, Dated):
                if name == MODIFIED:
                    saved = saved or value
                elif date is None:
                    date = value
                    missing.discard(DATE)
            elif name in missing:
                fields[name] = str(value)
                missing.discard(name)
            if not missing:
                break
    except _DAMAGE:
        pass
    return Metadata((date or saved) if DATE in wanted else None, fields)


_loaded: Final[dict[str, Callable[[Window, frozenset[str]], Evidence]]] = {}


def _reader(module: str) -> Callable[[Window, frozenset[str]], Evidence]:
    """Return a reader, imported when the first file needs it."""
    if module not in _loaded:
        _loaded[module] = import_module(f"fileorg.content.metadata.{module}").read
    return _loaded[module]
