"""What a scan saw, kept packed so that two stages can go through it: about 100 bytes a file."""

from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from fileorg.model.entry import Seen

_CHUNK = 1000


class Spool:
    """Gives what a scan sees once as it is seen, by `filled`, and then as often as asked."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self._seen = iter(seen)
        self._packed: list[bytes] = []

    def filled(self) -> Iterator[Seen]:
        """Yield what is seen, and keep it."""
        encode = msgspec.msgpack.Encoder().encode
        while chunk := list(islice(self._seen, _CHUNK)):
            self._packed.append(encode(chunk))
            yield from chunk

    def __iter__(self) -> Iterator[Seen]:
        """Yield what was seen, in the same order."""
        decode = msgspec.msgpack.Decoder(list[Seen]).decode
        for packed in self._packed:
            yield from decode(packed)
