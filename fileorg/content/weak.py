"""Kinds without a mark of their own: streams that repeat, and headers whose numbers fit."""

import struct
from typing import Final

from fileorg.content.window import Window

_RATES: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_BITRATES: Final = {
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Of MPEG audio, by version and layer code, kilobits a second."""

_PACKETS: Final = ((0, 188), (4, 192), (0, 204))
_ATOMS: Final = frozenset({b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"})
_COMPRESSED_PYTHON: Final = b"\r\n"
_DBASE: Final = frozenset({3, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5})


def mime_of_stream(window: Window, head: bytes, name: str) -> str | None:
    """Return the MIME type of what repeats a short mark, or has a header that must be so."""
    if head[4:8] in _ATOMS:
        return "video/quicktime"
    if head[0] == 0xFF and (mime := _framed(window, head, name)):
        return mime
    for start, length in _PACKETS:
        if head[start::length][:5] == b"\x47" * 5:
            return "video/mp2t"
    if head[2:4] == _COMPRESSED_PYTHON and len(head) > 16 and head[16] in {0x63, 0xE3}:
        return "application/x-bytecode.python"
    if window.tail(18).startswith(b"TRUEVISION-XFILE.") or _is_old_targa(head):
        return "image/x-tga"
    if _is_old_archive(head):
        return "application/x-tar"
    if head[0] == 0x0A and head[1] < 6 and head[2] == 1 and head[3] in {1, 2, 4, 8}:
        return "image/vnd.zbrush.pcx"
    if head[0] in {0x95, 0x99} and head[3] in {2, 3, 4}:  # a key, and its version
        return "application/pgp-keys"
    if name.endswith(".dbf") and head[0] in _DBASE:
        return "application/x-dbf"
    return None


def _framed(window: Window, head: bytes, name: str) -> str | None:
    """Tell MPEG audio by its first two frames."""
    if head[1] & 0xF6 == 0xF0:
        length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
        if window.at(length, 1) == b"\xff" or name.endswith(".aac"):
            return "audio/x-hx-aac-adts"
        return None
    length = _frame_length(head)
    if length and (window.at(length, 1) == b"\xff" or window.size <= length):
        return "audio/mpeg"
    return None


def _frame_length(head: bytes) -> int:
    """Return the length of an MPEG audio frame of layer 2 or 3, 0 where the header is none."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, frequency, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if head[1] < 0xE0 or version == 1 or layer not in {1, 2} or frequency == 3 or not 0 < rate < 15:
        return 0
    rates = _BITRATES[(3, layer)] if version == 3 else _BITRATES[(2, 1)]
    factor = 72_000 if version != 3 and layer == 1 else 144_000
    return factor * rates[rate - 1] // _RATES[version][frequency] + padding


def _is_old_targa(head: bytes) -> bool:
    """Tell a Targa without a footer and without a palette by numbers that few others have."""
    if len(head) < 18 or head[1] or head[2] not in {2, 3, 10, 11} or any(head[3:12]):
        return False
    width, height = struct.unpack_from("<HH", head, 12)
    return 0 < width <= _WIDEST and 0 < height <= _WIDEST and (head[16], head[17]) in _DEPTHS


_WIDEST: Final = 1 << 14
_DEPTHS: Final = frozenset(
    (depth, alpha | order)
    for depth, alpha in ((8, 0), (16, 0), (16, 1), (24, 0), (32, 0), (32, 8))
    for order in (0, 0x20)
)
"""Bits a pixel, with those for alpha and the order of lines."""


def _is_old_archive(head: bytes) -> bool:
    """Tell a tape archive of before POSIX by the sum of its first header."""
    header = head[:512]
    digits = header[148:156].strip(b" \0")
    if len(header) < 512 or not digits or digits.strip(b"01234567"):
        return False
    return sum(header) - sum(header[148:156]) + 8 * 0x20 == int(digits, 8)
