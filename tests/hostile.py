"""More than 300 names that are legal on a Linux disk and have broken somebody's tool, by kind.

A name is any bytes but NUL and slash, up to 255 of them; a kind is what is wrong with it.
"""

import os
import unicodedata
from pathlib import Path

_LONGEST = 255
_CONTROLS = [bytes([code]) for code in (*range(1, 32), 127)]
_C1 = [chr(code).encode() for code in range(0x80, 0xA0)]
_BIDI = [
    chr(code).encode()
    for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
]
_INVISIBLE = [
    chr(code).encode()
    for code in (0x00AD, 0x200B, 0x200C, 0x200D, 0x2028, 0x2029, 0x2060, 0xFEFF, 0x3000, 0xFFFC)
]
_BROKEN = [
    b"\xff", b"\xfe", b"\x80", b"\xbf", b"\xc0\x80", b"\xc0\xaf", b"\xc3", b"\xe2\x82",
    b"\xed\xa0\x80",
    b"\xed\xb3\xbf", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80",
    b"\xe0\x80\xaf",
    b"\xe9", b"caf\xe9", b"\xa4\xa2", b"\x82\xa0", b"\xef\xbf\xbe", b"\xef\xbf\xbf",
]  # fmt: skip
_TWINS = [
    "caf\u00e9", "\u212bngstr\u00f6m", "\ud55c\uae00", "\u1e9b\u0323", "\u0439", "\ufb01nd",
    "\u01c6", "Stra\u00dfe", "\u0130stanbul", "\u03c3\u03c2",
]  # fmt: skip
_RESERVED = (
    "CON", "PRN", "AUX", "NUL", "COM1", "COM9", "LPT1", "LPT9", "CONIN$", "CLOCK$", "con.txt",
    "nul.tar.gz", "Aux.jpg", "COM\u00b9.txt",
)  # fmt: skip
_SHELL = (
    b"$(id)", b"`id`", b"a;b", b"a|b", b"a&b", b"a>b", b"a<b", b"*", b"?", b"[a]", b"{a,b}",
    b"~", b"~root",
    b"!history", b"#comment", b"a'b", b'a"b', b"a\\b", b"\\", b"$HOME", b"${IFS}", b"a\\nb",
    b"&&", b"||",
    b"=cmd()", b"+1", b"@SUM(1)", b"%PATH%", b"^", b"()", b"<script>alert(1)", b"&amp;", b"';--",
)  # fmt: skip
_FORMAT = (
    b"%s%n%x", b"%(a)s", b"{}", b"{0}", b"{category}", b"{name.__class__}", b"{date:%Y}", b"{{",
    b"}}",
    b"[red]x[bold]", b"[bold", b"[]", b":smile:", b"[link=x]y", b"\\x41", b"\\udcff", b"\\u202e",
)  # fmt: skip
_ESCAPES = (
    b"\x1b[31mred", b"\x1b[2J\x1b[H", b"\x1b]0;title\x07", b"\x1b]8;;http:x\x1b\\y",
    b"\x1bP+q\x1b\\",
    b"\x1b[1;31", b"\x1bc", b"\x9b31m", b"\xc2\x9b31m", b"\x1b[?1049h", b"\x1b[6n",
    b"\x07\x08\x08",
)  # fmt: skip
_EDGES = (
    b" ", b"  ", b" a", b"a ", b"a  ", b"a.", b"a..", b"a...", b"...", b"....", b"-", b"--",
    b"-rf", b"--help",
    b"--output=json", b"-n", b"a .jpg", b"a. ", b"a.jpg ", b"a.jpg.", b"a..jpg", b"a.b.c.d.e.f",
    b".a.jpg", b"..a", b"a.JPG", b"a.jpG", b"1", b"0", b"-1", b"1.2.3", b"a.1", b"a.001",
    b"a.7z.001",
    b"a.tar.gz", b"a.TAR.GZ", b"a." + b"x" * 16, b"a." + b"x" * 17, b"a.!qB2", b"a.c++", b"_",
    b",", b"None",
    b"null", b"true", b"last", b"\xc2\xa0", b"a\xe2\x80\xa8b",
)  # fmt: skip
_OURS = (
    b".fileorg", b".fileorg-", b".fileorg-20261122-181934-k7q-3.part",
    b".fileorg-20261122-181934-k7q-3.case",
    b".fileorg-20261122-181934-k7q-probe", b".fileorg-x\x1b[2J", b"fileorg", b"index",
    b"20261122-181934-k7q.db",
    b"photo (1).jpg", b"photo (2).jpg", b"photo (01).jpg", b"photo (1) (1).jpg", b"photo(1).jpg",
    b"photo.jpg",
    b"photo (999999999999999999999).jpg", b"No extension.",
)  # fmt: skip
_HIDDEN = (
    b".hidden",
    b".\xff",
    b".\n",
    b"._a.jpg",
    b".a\x1b[31m",
    b"a.part",
    b"a.crdownload",
    b"~$a.docx",
)


def _around(parts: list[bytes]) -> list[bytes]:
    return [b"a" + part + b"b.txt" for part in parts]


def _twins() -> list[bytes]:
    spelled = [
        twin
        for text in _TWINS
        for twin in (
            text.swapcase(),
            unicodedata.normalize("NFC", text),
            unicodedata.normalize("NFD", text),
            unicodedata.normalize("NFKC", text),
            unicodedata.normalize("NFKD", text),
        )
    ]
    return [text.encode() + b".jpg" for text in spelled]


def _long() -> list[bytes]:
    return [
        b"n" * _LONGEST, b"n" * 251 + b".txt", b"m" * 250 + b".jpeg", b"." + b"n" * 254,
        b" " * _LONGEST,
        b"\xff" * _LONGEST, "\u00e9".encode() * 127, "\U0001f600".encode() * 63, b"\n" * _LONGEST,
        b"." * 254 + b"a", b"a" + b"." * 254, b"a." + b"b" * 253, b".1" * 127, b"a.tar.gz" * 31,
        b"\x1b[31m" * 51, b"(1)" * 85, b"l" * 240 + b" (1).txt", "\u202e".encode() * 85,
    ]  # fmt: skip


KINDS: dict[str, list[bytes]] = {
    "control": _around(_CONTROLS),
    "newline": [b"new\nline.txt", b"\n", b"\n\n", b"a\r\nb.txt", b"a.jpg\n", b"\nmove: x -> y",
        b"a.\njpg"],
    "escape": [*_ESCAPES, *(escape + b".jpg" for escape in _ESCAPES)],
    "C1": _around(_C1),
    "bidi": [*_around(_BIDI), "\u202egpj.exe".encode(), "\u202e\u202e\u202c.txt".encode()],
    "invisible": _around(_INVISIBLE),
    "invalid UTF-8": [*_around(_BROKEN), *_BROKEN, *(part + b".jpg" for part in _BROKEN)],
    "twins": [*_twins(), b"Case.TXT", b"case.txt", b"CASE.txt", b"case.TXT"],
    "reserved": [name.encode() for name in _RESERVED] + [b"a:b", b"a:b:$DATA", b"C:", b"C:\\x",
        b"\\\\x\\y"],
    "shell": [*_SHELL, *(word + b".pdf" for word in _SHELL)],
    "format": [*_FORMAT, *(word + b".png" for word in _FORMAT)],
    "edges": list(_EDGES),
    "long": _long(),
    "ours": list(_OURS),
    "left alone": list(_HIDDEN),
    "other planes": ["\U0001f600.png".encode(), "\U0010ffff".encode(), "\ue000.txt".encode(),
        "\u0300.txt".encode()],
}  # fmt: skip

NAMES = sorted({name for names in KINDS.values() for name in names})
"""Each name once."""

assert len(NAMES) >= 300
assert all(0 < len(name) <= _LONGEST and not {0, 47} & set(name) for name in NAMES)


def make_hostile(root: Path, *, folders: bool = False) -> list[bytes]:
    """Make a file of each name in *root*, or with *folders* a file in a folder of each name.

    Each file holds its own name, so that none can pass for another. Returns the names.
    """
    top = os.fsencode(root)
    os.makedirs(top, exist_ok=True)
    for number, name in enumerate(NAMES):
        path = os.path.join(top, name)
        if folders:
            os.mkdir(path)
            path = os.path.join(path, b"inside.jpg")
        with open(path, "wb") as file:
            file.write(name)
        os.utime(path, (1.6e9 + number * 86_400, 1.6e9 + number * 86_400))
    return NAMES
