"""Names that say something else than what a file is (pure)."""

import re
from typing import Final

_OVERRIDES: Final = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")  # U+202A-E, U+2066-9
_PROGRAM: Final = re.compile(
    rb"(?i)\.(?:app|bat|cmd|com|cpl|exe|hta|jar|js|jse|lnk|msi|pif|ps1|scr|vbe|vbs|wsf)[ .]*\Z"
)
_DOCUMENT: Final = re.compile(
    rb"(?i)\.(?:avi|docx?|gif|html?|jpe?g|mkv|mov|mp[34]|od[pst]|pdf|png|pptx?|rtf|txt|xlsx?|zip)"
    rb"[ _]*\Z"
)
_GAP: Final = b"     "


def suspicion(name: bytes) -> str | None:
    """Return why a name deceives whoever reads it, or None.

    A program that is named like a document, one whose extension is pushed out of sight, or
    characters that turn the direction of the text (as in `\u202egpj.exe`).
    """
    if not name.isascii() and _OVERRIDES.search(name):
        return "characters in the name turn its direction"
    program = _PROGRAM.search(name)
    if program is None:
        return None
    stem = name[: program.start()]
    if _DOCUMENT.search(stem):
        return "a program named like a document"
    return "a program whose extension is far off" if _GAP in stem else None
