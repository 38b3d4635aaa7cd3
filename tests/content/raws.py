"""Raw files of cameras whose formats are like no other, each as its documentation lays it out."""

from __future__ import annotations

import calendar
import struct
import time


def clock(moment: str) -> int:
    """Return what a clock without a zone shows, `2019:07:04 12:00:01`, in seconds since 1970."""
    return calendar.timegm(time.strptime(moment, "%Y:%m:%d %H:%M:%S"))


def _heap(order: str, records: list[tuple[int, bytes]]) -> bytes:
    """Return a heap: what its records hold, then where each is, then where that is written."""
    content = entries = b""
    for tag, value in records:
        if tag & 0x4000:
            entries += struct.pack(order + "H", tag) + value
        else:
            entries += struct.pack(order + "HII", tag, len(value), len(content))
            content += value
    directory = struct.pack(order + "H", len(records)) + entries
    return content + directory + struct.pack(order + "I", len(content))


def crw(moment: str, order: str = "<") -> bytes:
    """Return a CRW by Canon: its properties in a heap in a heap."""
    taken = struct.pack(order + "III", clock(moment), 0, 0)
    size = struct.pack(order + "IIII", 64, 48, 0, 0)
    properties = _heap(
        order,
        [
            (0x2807, _heap(order, [(0x080A, b"Canon\0Canon EOS D60\0"), (0x0810, b"Ada\0")])),
            (0x180E, taken),
            (0x1810, size),
            (0x580B, struct.pack(order + "II", 1, 2)),
        ],
    )
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "I", 26) + b"HEAPCCDR"
    return head.ljust(26, b"\0") + _heap(order, [(0x2005, bytes(99)), (0x300A, properties)])


def mrw(tiff: bytes) -> bytes:
    """Return an MRW by Minolta around a TIFF structure."""
    picture = b"\0PRD" + struct.pack(">I8sHHHH8x", 24, b"21860002", 50, 66, 48, 64)
    blocks = picture + b"\0TTW" + len(tiff).to_bytes(4, "big") + tiff + b"\0PAD\0\0\0\0"
    return b"\0MRM" + len(blocks).to_bytes(4, "big") + blocks


def x3f(moment: str, preview: bytes = b"") -> bytes:
    """Return an X3F by Sigma, with a JPEG to look at, if there is one."""
    words = ["TIME", str(clock(moment)), "CAMMANUF", "SIGMA", "CAMMODEL", "SIGMA SD10"]
    letters, places = "", b""
    for word in words:
        places += struct.pack("<I", len(letters))
        letters += word + "\0"
    listed = struct.pack("<4sHHIIII", b"SECp", 0, 2, len(words) // 2, 0, 0, len(letters))
    parts = [(b"PROP", listed + places + letters.encode("utf-16-le"))]
    if preview:
        header = struct.pack("<4sHHIIIII", b"SECi", 0, 2, 2, 18, 8, 8, 0)
        parts.append((b"IMA2", header + preview))
    file = struct.pack("<4sHH16sIIII", b"FOVb", 0, 2, bytes(16), 0, 64, 48, 0)
    directory = struct.pack("<4sHHI", b"SECd", 0, 2, len(parts))
    for kind, content in parts:
        directory += struct.pack("<II4s", len(file), len(content), kind)
        file += content
    return file + directory + struct.pack("<I", len(file))
