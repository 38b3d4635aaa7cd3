"""File names as the bytes they are: where the stem ends and the extension begins."""

import re
from functools import lru_cache
from typing import Final

LONGEST_EXTENSION: Final = 16
"""Bytes after the dot; what is longer is the end of a sentence."""

_PACKERS: Final = ("gz", "bz2", "xz", "zst")
_PACKED: Final = """
    bed cif cpio csv db dump fa fasta fastq fit fits fq geojson gff gff3 gpx gtf img iso json jsonl
    log mbox mtx nc ndjson nii osm pcap pcapng pdb pdf ps qcow2 raw sam sdf sql sqlite svg tar tsv
    txt vcf vhd vmdk warc xcf xml
"""
_OTHERS: Final = """
    aux.xml d.cts d.mts d.ts fb2.zip img.zip kepub.epub min.css min.js osm.pbf pkg.tar.gz pkg.tar.xz
    pkg.tar.zst shp.xml sql.zip src.rpm tar.7z tar.br tar.lz tar.lz4 tar.lzma tar.lzo tar.sz tar.z
    user.css user.js
"""

COMPOUND_EXTENSIONS: Final = frozenset(
    f".{extension}".encode()
    for extension in (*(f"{p}.{z}" for p in _PACKED.split() for z in _PACKERS), *_OTHERS.split())
)
"""Extensions of more than one part, lower-case, with their first dot."""

_TAILS: Final = frozenset(compound.rpartition(b".")[2] for compound in COMPOUND_EXTENSIONS)

# Either letters and digits with a letter among them, or a wilder one that no digit begins:
# `.7z`, `.c++`, `.!ut`, but neither `1.2-beta` nor `v1.2)`.
_EXTENSION: Final = re.compile(
    rb"\.(?=.{1,%d}\Z)(?=.*[A-Za-z])" % LONGEST_EXTENSION
    + rb"(?:[A-Za-z0-9]+|[A-Za-z!#$%&+=@^_~-][A-Za-z0-9!#$%&+=@^_~-]*)"
)

# What ends in numbers, and the extensions that numbers are known to follow.
_NUMBERED: Final = re.compile(
    rb"(?i)(?P<base>(?:\.tar)?\.(?:gz|bz2|xz|zst)|\.(?:7z|img|iso|log|rar|so|tar|tgz|zip))?"
    rb"(?P<numbers>(?:\.[0-9]+)+)\Z"
)

_DOT: Final = ord(".")


def split_extension(name: bytes) -> tuple[bytes, bytes]:
    """Split a file name into stem and extension, the dot with the latter; together they are `name`.

    Leading dots begin no extension, and the stem is never empty or dots alone unless `name` is.
    Numbers are no extension (`report.2024`, `ls.1`, `10.0.0.101`) but for parts of a split file
    (`.001` to `.999`) and after what is numbered by custom (`.7z.001`, `.log.1`, `.so.1.2`).
    """
    dot = name.rfind(b".")
    if dot <= 0:
        return name, b""
    extension = name[dot:]
    if is_plain(extension) and name[0] != _DOT:
        return name[:dot], extension
    cut = _start_of_extension(name)
    return name[:cut], name[cut:]


def base_of(extension: bytes) -> bytes:
    """Return the extension that all parts of a set share: `.7z` for `.7z.002`, `.001` for `.002`.

    Any other extension comes back as it is.
    """
    numbered = _NUMBERED.fullmatch(extension) if extension[-1:].isdigit() else None
    return (numbered["base"] or b".001") if numbered else extension


def key_of(extension: bytes) -> str:
    """Return the name an extension goes by: without dot and part number, in lower case."""
    return base_of(extension)[1:].lower().decode("ascii", "surrogateescape")


@lru_cache(maxsize=4096)
def is_plain(extension: bytes) -> bool:
    """Tell whether a last suffix is the extension, whatever stands before it: most files."""
    tail = extension[1:].lower()
    is_word = tail.isalnum() and not tail.isdigit() and len(tail) <= LONGEST_EXTENSION
    return is_word and tail not in _TAILS


def _start_of_extension(name: bytes) -> int:
    """Return the offset of the extension, or the length of the name where there is none.

    The whole rule; `split_extension` only answers the plain cases faster.
    """
    first = max(1, len(name) - len(name.lstrip(b".")))
    if name[-1:].isdigit() and (numbered := _NUMBERED.search(name, first)):
        is_part = len(numbered["numbers"]) == len(b".001") and numbered["numbers"] != b".000"
        return numbered.start() if numbered["base"] or is_part else len(name)
    dot = name.rfind(b".", first)
    if dot < 0 or not _EXTENSION.fullmatch(name, dot):
        return len(name)
    while (before := name.rfind(b".", first, dot)) > 0:
        if name[before:].lower() not in COMPOUND_EXTENSIONS:
            break
        dot = before
    return dot
