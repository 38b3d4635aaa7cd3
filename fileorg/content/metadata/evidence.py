"""What a reader yields: names of fields with what the file says of them, best evidence first.

A reader looks no further than it is asked, so that what is not wanted is not read.
"""

from collections.abc import Iterator
from typing import Final

from fileorg.model.evidence import Dated

DATE: Final = "date"
MODIFIED: Final = "modified"
"""A date that only says when the file was last saved: better than none."""

Evidence = Iterator[tuple[str, Dated | str | int | None]]
"""None where a place holds nothing credible, so that whoever reads on need not ask."""
