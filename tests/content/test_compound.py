"""Compound files are read by their chains of sectors, however large they are."""

from __future__ import annotations

import struct

from fileorg.content.compound import Compound
from fileorg.content.kind import mime_of
from fileorg.content.window import Window
from tests.content.compounds import compound
from tests.content.windows import window_of

_SECTOR = 512


def test_streams_are_read_by_name() -> None:
    """Small streams come out of the root's own, each as long as it was written."""
    streams = {"WordDocument": b"w" * 600, "Notes": b"n" * 70, "a": b"1", "b": b"2", "c": b"3"}
    file = Compound(window_of(compound(streams)))
    read = {entry.name: file.content(entry, 10_000) for entry in file.top() if entry.kind == 2}
    assert read == streams


def test_what_is_embedded_does_not_speak_for_the_whole() -> None:
    """Of streams with the same name the one in the root counts, wherever the other is listed."""
    made = bytearray(compound({"Book": b"of the picture", "WordDocument": b"", "Workbook": b""}))
    root = 2 * _SECTOR
    struct.pack_into("<I", made, root + 76, 2)  # the root begins with the second
    assert mime_of(window_of(bytes(made))) == "application/msword"
    assert [entry.name for entry in Compound(window_of(bytes(made))).top()] == [
        "Root Entry", "WordDocument", "Workbook",
    ]  # fmt: skip
    struct.pack_into("<I", made, root + 3 * 128 + 72, 2)  # the last leads back
    assert len(list(Compound(window_of(bytes(made))).top())) == 3


def test_a_directory_far_behind_is_found() -> None:
    """In a file of gigabytes the table of chains has parts beyond its header, and they are read."""
    made = compound({"WordDocument": bytes(600)})
    far = (109 + 128) * 128  # the second further part of the table speaks of this sector, second
    header = bytearray(made[:_SECTOR])
    struct.pack_into("<I", header, 48, far)
    struct.pack_into("<I", header, 68, 1_000)
    first = bytearray(made[2 * _SECTOR : 3 * _SECTOR])
    struct.pack_into("<I", first, 76, _SECTOR // 128 + 1)  # what the root begins with
    sectors = {
        1_000: struct.pack("<I", 0xFFFFFFFF) * 127 + struct.pack("<I", 1_001),
        1_001: struct.pack("<I", 0xFFFFFFFF) + struct.pack("<I", 1_002) + bytes(504),
        1_002: struct.pack("<I", far + 1).ljust(_SECTOR, b"\xff"),
        far: bytes(first).replace("WordDocument".encode("utf-16-le"), bytes(24)),
        far + 1: made[2 * _SECTOR : 3 * _SECTOR],
    }

    def read(start: int, length: int) -> bytes:
        sector, offset = divmod(start, _SECTOR)
        content = sectors.get(sector - 1, bytes(_SECTOR)) if sector else bytes(header)
        return content[offset : offset + length]

    assert mime_of(Window(read, 4 << 30)) == "application/msword"
