"""What was found in a file or its name, and where it was found."""

from datetime import datetime
from typing import final

import msgspec


@final
class Dated(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """When a file was made. Naive: the clock as it was written down; aware: a moment in time.

    *source* names the evidence in the user's words, such as `EXIF DateTimeOriginal`.
    """

    moment: datetime
    source: str


@final
class Metadata(msgspec.Struct, frozen=True, array_like=True):
    """What a file says of itself: its date, and values by the name of their template field."""

    date: Dated | None = None
    fields: dict[str, str] = {}
