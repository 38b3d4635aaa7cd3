"""Kinds that a first mark leaves open: what is packed in a container tells them apart."""

import re
import struct
from collections.abc import Callable
from typing import Final

from fileorg.content.compound import MAGIC, Compound
from fileorg.content.texts import mime_of_script
from fileorg.content.window import Window
from fileorg.content.zips import content, members

_ZIP_MIMES: Final = re.compile(rb"[\w.+-]+/[\w.+-]+")
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_BY_MEMBER: Final = (
    ("word/", f"{_OFFICE}wordprocessingml.document"),
    ("xl/", f"{_OFFICE}spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}presentationml.presentation"),
    ("visio/", "application/vnd.ms-visio.drawing.main+xml"),
    ("FixedDocSeq.fdseq", "application/vnd.ms-xpsdocument"),
    ("FixedDocumentSequence.fdseq", "application/vnd.ms-xpsdocument"),
    ("AndroidManifest.xml", "application/vnd.android.package-archive"),
    ("AppxManifest.xml", "application/msix"),
    ("Payload/", "application/x-ios-app"),
    ("3D/", "model/3mf"),
    ("META-INF/container.xml", "application/epub+zip"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
    ("doc.kml", "application/vnd.google-earth.kmz"),
    ("Index/Slide", "application/vnd.apple.keynote"),
    ("Index/Tables/", "application/vnd.apple.numbers"),
    ("Index/Document.iwa", "application/vnd.apple.pages"),
    ("index.apxl", "application/vnd.apple.keynote"),
    ("extension.vsixmanifest", "application/vsix"),
    ("document.json", "application/x-sketch"),
)
"""The members that only archives of a kind have, the surest first."""


_IWORK: Final = {
    ".pages": "application/vnd.apple.pages",
    ".numbers": "application/vnd.apple.numbers",
    ".key": "application/vnd.apple.keynote",
}
"""Any of them may hold tables, so that members alone do not tell."""


def _zip(window: Window, head: bytes, name: str) -> str | None:
    first = head[30 : 30 + struct.unpack_from("<H", head, 26)[0]]
    if first == b"mimetype":
        skip = struct.unpack_from("<H", head, 28)[0]
        found = _ZIP_MIMES.match(head, 38 + skip)
        if found:
            return found[0].removesuffix(b"PK").decode()
    packed = {member.name: member for member in members(window)}
    names = list(packed)
    if (own := _IWORK.get(name[name.rfind(".") :])) and "Index/Document.iwa" in packed:
        return own
    if "mimetype" in packed:  # by whoever has packed it anew, and did not know that it comes first
        found = _ZIP_MIMES.fullmatch(content(window, packed["mimetype"], 256).strip())
        if found:
            return found[0].decode()
    for mark, mime in _BY_MEMBER:
        if any(name.startswith(mark) for name in names):
            return mime
    return "application/zip"


_CLASSES: Final = {
    "84100c0000000000c000000000000046": "application/x-msi",
    "86100c0000000000c000000000000046": "application/x-msi",
}
_BY_STREAM: Final = {
    "worddocument": "application/msword",
    "workbook": "application/vnd.ms-excel",
    "book": "application/vnd.ms-excel",
    "powerpoint document": "application/vnd.ms-powerpoint",
    "pp40": "application/vnd.ms-powerpoint",
    "visiodocument": "application/vnd.visio",
    "__properties_version1.0": "application/vnd.ms-outlook",
    "quill": "application/vnd.ms-publisher",
    "hwpsummaryinformation": "application/x-hwp",
    "swdoccontentmgr": "application/x-solidworks",
}


def _compound(window: Window, _: bytes, __: str) -> str:
    for place, entry in enumerate(Compound(window).top()):
        if place == 0 and entry.classed.hex() in _CLASSES:
            return _CLASSES[entry.classed.hex()]
        name = entry.name.strip("\5").casefold()
        if name in _BY_STREAM:
            return _BY_STREAM[name]
    return "application/x-ole-storage"


_RIFF: Final = {
    b"WAVE": "audio/x-wav",
    b"AVI ": "video/x-msvideo",
    b"WEBP": "image/webp",
    b"ACON": "application/x-navi-animation",
    b"RMID": "audio/midi",
    b"sfbk": "audio/x-sfbk",
    b"CDXA": "video/mpeg",
}
_FORM: Final = {
    b"AIFF": "audio/x-aiff",
    b"AIFC": "audio/x-aiff",
    b"8SVX": "audio/x-8svx",
    b"ILBM": "image/x-ilbm",
    b"PBM ": "image/x-ilbm",
}


def _riff(_: Window, head: bytes, __: str) -> str | None:
    kind = head[8:12]
    return "image/x-coreldraw" if kind.startswith(b"CDR") else _RIFF.get(kind)


def _form(_: Window, head: bytes, __: str) -> str | None:
    return _FORM.get(head[8:12])


_BRANDS: Final = {
    brand: mime
    for mime, brands in {
        "image/heic": "heic heix heim heis hevc hevx hevm hevs",
        "image/avif": "avif avis",
        "image/heif": "mif1 msf1 mif2 miaf",
        "image/x-canon-cr3": "crx",
        "video/quicktime": "qt",
        "audio/x-m4a": "M4A M4B M4P F4A F4B",
        "video/x-m4v": "M4V M4VH M4VP",
        "video/3gpp": "3gp3 3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3gr6 3gs6 3ge6 3gg6 3gpp",
        "video/3gpp2": "3g2a 3g2b 3g2c",
        "video/mj2": "mjp2 mj2s",
    }.items()
    for brand in brands.split()
}


_SONGS: Final = (".m4a", ".m4b", ".m4r")


def _iso_media(_: Window, head: bytes, name: str) -> str:
    length = min(struct.unpack_from(">I", head)[0], 256)
    brands = [head[place : place + 4].decode("latin-1").strip() for place in range(8, length, 4)]
    del brands[1:2]  # a version, not a brand
    mime = _BRANDS.get(brands[0], "audio/mp4" if name.endswith(_SONGS) else "video/mp4")
    if mime == "image/heif":  # the common brand of both its kinds
        return next((m for b in brands if (m := _BRANDS.get(b)) and m != "image/heif"), mime)
    return mime


def _matroska(_: Window, head: bytes, name: str) -> str:
    if b"webm" in head[:64]:
        return "video/webm"
    return "audio/x-matroska" if name.endswith(".mka") else "video/x-matroska"


def _ogg(_: Window, head: bytes, __: str) -> str:
    return "video/ogg" if b"\x80theora" in head or b"BBCD\0" in head else "audio/ogg"


_VIDEO_STREAM: Final = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")


def _asf(_: Window, head: bytes, name: str) -> str:
    if _VIDEO_STREAM in head or name.endswith((".wmv", ".asf")):
        return "video/x-ms-asf"
    return "audio/x-ms-wma"


_RAW: Final = {
    ".nef": "image/x-nikon-nef",
    ".nrw": "image/x-nikon-nef",
    ".arw": "image/x-sony-arw",
    ".sr2": "image/x-sony-arw",
    ".pef": "image/x-pentax-pef",
    ".srw": "image/x-samsung-srw",
    ".dng": "image/x-adobe-dng",
    ".3fr": "image/x-hasselblad-3fr",
    ".iiq": "image/x-phaseone-iiq",
    ".erf": "image/x-epson-erf",
    ".kdc": "image/x-kodak-kdc",
    ".dcr": "image/x-kodak-dcr",
}


def _tiff(_: Window, head: bytes, name: str) -> str:
    if head.startswith(b"CR", 8):
        return "image/x-canon-cr2"
    return _RAW.get(name[name.rfind(".") :], "image/tiff")


_GRAPHICS: Final = 0x16


def _wordperfect(_: Window, head: bytes, __: str) -> str:
    """Tell a text from a drawing of WordPerfect by the type of its file."""
    is_drawn = head[9] == _GRAPHICS
    return "image/x-wordperfect-graphics" if is_drawn else "application/vnd.wordperfect"


_SHARED, _INTERPRETED = 3, 3
_ELF: Final = {
    1: "application/x-object",
    2: "application/x-executable",
    3: "application/x-sharedlib",
    4: "application/x-coredump",
}


def _elf(window: Window, head: bytes, _: str) -> str | None:
    order = ">" if head[5] == 2 else "<"
    (kind,) = struct.unpack_from(order + "H", head, 16)
    if kind == _SHARED and _INTERPRETED in _segments(window, head, order):
        return "application/x-pie-executable"
    return _ELF.get(kind)


def _segments(window: Window, head: bytes, order: str) -> list[int]:
    """Return the kinds of a program's segments."""
    wide = head[4] == 2
    (place,) = struct.unpack_from(order + ("Q" if wide else "I"), head, 32 if wide else 28)
    size, count = struct.unpack_from(order + "HH", head, 54 if wide else 42)
    table = window.at(place, size * min(count, 64))
    starts = range(0, len(table) - 3, max(size, 4))
    return [struct.unpack_from(order + "I", table, start)[0] for start in starts]


def _dos(window: Window, head: bytes, _: str) -> str:
    place = struct.unpack_from("<I", head, 60)[0] if len(head) > 64 else 0
    if window.at(place, 2) == b"PE":
        return "application/vnd.microsoft.portable-executable"
    return "application/x-dosexec"


def _cafe(_: Window, head: bytes, __: str) -> str:
    """Tell a class of Java, which has a version here, from programs for few processors."""
    (number,) = struct.unpack_from(">I", head, 4)
    return "application/x-mach-binary" if number < 30 else "application/x-java-applet"


def _icon(_: Window, head: bytes, __: str) -> str | None:
    count, reserved = struct.unpack_from("<H3xB", head, 4)
    if not 0 < count < 256 or reserved not in {0, 255}:
        return None
    return "image/vnd.microsoft.icon" if head[2] == 1 else "image/x-win-bitmap"


def _bitmap(_: Window, head: bytes, __: str) -> str | None:
    (length,) = struct.unpack_from("<I", head, 14)
    return "image/bmp" if length in {12, 16, 40, 52, 56, 64, 108, 124} else None


_PNM: Final = re.compile(rb"P([1-7])\s(?:#.*\n|\s)*+(?:WIDTH )?\d")
_PNM_KINDS: Final = ("bitmap", "greymap", "pixmap")


def _pnm(_: Window, head: bytes, __: str) -> str | None:
    found = _PNM.match(head)
    if found is None:
        return None
    number = int(found[1]) - 1
    return f"image/x-portable-{_PNM_KINDS[number % 3]}" if number < 6 else "image/x-portable-anymap"


def _sfnt(_: Window, head: bytes, __: str) -> str | None:
    """Tell a font by how many tables it has, and the power of two below that."""
    count, nearest = struct.unpack_from(">HH", head, 4)
    return "font/sfnt" if count and nearest == 16 << (count.bit_length() - 1) else None


TELLERS: Final[tuple[tuple[int, bytes, Callable[[Window, bytes, str], str | None]], ...]] = (
    (0, b"PK\x03\x04", _zip),
    (0, b"PK\x05\x06", lambda *_: "application/zip"),
    (0, MAGIC, _compound),
    (0, b"\xffWPC", _wordperfect),
    (0, b"RIFF", _riff),
    (0, b"RIFX", _riff),
    (0, b"FORM", _form),
    (4, b"ftyp", _iso_media),
    (0, b"\x1aE\xdf\xa3", _matroska),
    (0, b"OggS", _ogg),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _asf),
    (0, b"II*\0", _tiff),
    (0, b"MM\0*", _tiff),
    (0, b"II+\0", _tiff),
    (0, b"MM\0+", _tiff),
    (0, b"\x7fELF", _elf),
    (0, b"MZ", _dos),
    (0, b"#!", lambda _, head, __: mime_of_script(head)),
    (0, b"\0\1\0\0", _sfnt),
    (0, b"\xca\xfe\xba\xbe", _cafe),
    (0, b"\0\0\1\0", _icon),
    (0, b"\0\0\2\0", _icon),
    (0, b"BM", _bitmap),
    (0, b"P", _pnm),
)
