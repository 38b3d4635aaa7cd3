"""What a reader yields: names of fields with what the file says of them, best evidence first.

A reader looks no further than it is asked, so that what is not wanted is not read.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from fileorg.model.evidence import Dated

DATE: Final = "date"
MODIFIED: Final = "modified"
"""A date that only says when the file was last saved: better than none."""

Evidence = Iterator[tuple[str, Dated | str | int | None]]
"""None where a place holds nothing credible, so that whoever reads on need not ask."""


def camera(make: str, model: str) -> str:
    """Join make and model, without a make that the model repeats: `Canon EOS 5D`."""
    brand = make.partition(" ")[0]
    if model.casefold().startswith(brand.casefold()):
        return model
    return f"{make} {model}".strip()


def dated(moment: datetime | None, source: str) -> Dated | None:
    """Return a moment with its source, None where there is none."""
    return None if moment is None else Dated(moment, source)
