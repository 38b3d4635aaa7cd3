"""What may lead a unit and what may only belong to one: the ranks of extensions (data)."""

from enum import IntEnum
from typing import Final


class Rank(IntEnum):
    """What a file is to its unit: the first of those that are there is the main file."""

    RAW = 0
    HEIC = 1
    JPEG = 2
    IMAGE = 3
    VIDEO = 4
    AUDIO = 5
    DOCUMENT = 6


def _suffixes(text: str) -> frozenset[bytes]:
    return frozenset(f".{word}".encode() for word in text.split())


_BY_RANK: Final = {
    Rank.RAW: _suffixes(
        """3fr arw bay cap cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef
        raf raw rw2 rwl sr2 srf srw x3f"""
    ),
    Rank.HEIC: _suffixes("heic heif hif"),
    Rank.JPEG: _suffixes("jpg jpeg jpe jfif"),
    Rank.IMAGE: _suffixes("avif bmp exr gif jp2 jxl png psb psd svg tga tif tiff webp"),
    Rank.VIDEO: _suffixes(
        """3g2 3gp avi divx flv insv m2ts m4v mkv mov mp mp4 mpeg mpg mts ogv ts vob webm
        wmv"""
    ),
    Rank.AUDIO: _suffixes(
        "aac aif aiff alac ape dsf flac m4a m4b mka mp3 mpc oga ogg opus tta wav wma wv"
    ),
    Rank.DOCUMENT: _suffixes(
        """ai csv doc docx eps epub indd md odp ods odt pages pdf ppt pptx ps rtf tex txt xls
        xlsx"""
    ),
}
RANKS: Final = {suffix: rank for rank, words in _BY_RANK.items() for suffix in words}

_PHOTOS: Final = frozenset({Rank.RAW, Rank.HEIC, Rank.JPEG})
_PICTURES: Final = _PHOTOS | {Rank.IMAGE}
_SOUND: Final = frozenset({Rank.VIDEO, Rank.AUDIO})

SIDECARS: Final = (
    dict.fromkeys(_suffixes("xmp"), frozenset(Rank))
    | dict.fromkeys(_suffixes("aae thm"), _PICTURES | {Rank.VIDEO})
    | dict.fromkeys(_suffixes("dop on1 pp3 vrd"), _PICTURES)
    | dict.fromkeys(_suffixes("json"), _PHOTOS | {Rank.VIDEO})
    | dict.fromkeys(_suffixes("ass idx nfo smi srt ssa sub sup vtt"), _SOUND)
    | dict.fromkeys(_suffixes("lrc cue"), _SOUND)
    | dict.fromkeys(_suffixes("lrv"), frozenset({Rank.VIDEO}))  # the small copy of a camera's film
)
"""Which ranks of files a sidecar belongs to by its stem; by a full name it belongs to any."""

SUBTITLES: Final = _suffixes("ass idx lrc smi srt ssa sub sup vtt")
"""Sidecars that may name their language before the extension."""

_FIRST: Final = _BY_RANK[Rank.RAW] | _BY_RANK[Rank.HEIC]
_LIVE: Final = b".mov"


def may_pair(suffixes: set[bytes]) -> bool:
    """Whether, by the lower-case suffixes of a folder, there may be a picture with a companion."""
    if not suffixes.isdisjoint(_FIRST):
        return len(suffixes) > 1
    return _LIVE in suffixes and not suffixes.isdisjoint(_BY_RANK[Rank.JPEG])


def is_pair(main: Rank, suffix: bytes) -> bool:
    """Whether a file with the stem of a picture is a part of the same shot.

    A film may have a poster and a song a cover: of films a JPEG takes but what a Live Photo has.
    """
    match main:
        case Rank.RAW:
            return RANKS[suffix] in _PICTURES or suffix in {_LIVE, b".mp4", b".wav"}
        case Rank.HEIC:
            return RANKS[suffix] is Rank.JPEG or suffix in {_LIVE, b".mp4"}
        case Rank.JPEG:
            return suffix == _LIVE
        case _:
            return False
