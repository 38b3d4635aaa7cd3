"""What a file says of itself, by the reader for its kind."""

import struct
from collections.abc import Callable, Mapping
from typing import Final

from fileorg.content.metadata import (
    aiff,
    ape,
    asf,
    camcorder,
    canon,
    ciff,
    compound,
    flash,
    fuji,
    heif,
    id3,
    jpeg,
    jpeg2000,
    mail,
    matroska,
    minolta,
    office,
    palm,
    pdf,
    photoshop,
    picture,
    png,
    postscript,
    quicktime,
    riff,
    rtf,
    sigma,
    tiff,
    vorbis,
    xmp,
)
from fileorg.content.metadata.evidence import DATE, MODIFIED, Evidence
from fileorg.content.window import BudgetError, Window
from fileorg.model.evidence import Dated, Metadata

FIELDS: Final = frozenset(
    {"date", "camera", "artist", "album", "title", "track", "width", "height"}
)
"""What can be asked for: the names of template fields."""

_Reader = Callable[[Window, frozenset[str]], Evidence]

_READERS: Final[Mapping[_Reader, str]] = {
    jpeg.read: "image/jpeg",
    tiff.read: """
        image/tiff image/x-canon-cr2 image/x-nikon-nef image/x-sony-arw image/x-pentax-pef
        image/x-samsung-srw image/x-adobe-dng image/x-hasselblad-3fr image/x-phaseone-iiq
        image/x-epson-erf image/x-kodak-kdc image/x-kodak-dcr image/x-olympus-orf
        image/x-panasonic-rw2
    """,
    heif.read: "image/heic image/heif image/avif",
    png.read: "image/png",
    riff.read: "image/webp audio/x-wav video/x-msvideo",
    canon.read: "image/x-canon-cr3",
    ciff.read: "image/x-canon-crw",
    minolta.read: "image/x-minolta-mrw",
    sigma.read: "image/x-x3f",
    fuji.read: "image/x-fuji-raf",
    jpeg2000.read: "image/jxl image/jp2",
    photoshop.read: "image/vnd.adobe.photoshop",
    picture.read: "image/gif image/bmp",
    xmp.read: "image/svg+xml application/rdf+xml",
    flash.read: "video/x-flv",
    quicktime.read: """
        video/quicktime video/mp4 video/x-m4v video/3gpp video/3gpp2 audio/x-m4a audio/mp4
    """,
    matroska.read: "video/x-matroska video/webm audio/x-matroska",
    asf.read: "video/x-ms-asf audio/x-ms-wma",
    id3.read: "audio/mpeg audio/x-hx-aac-adts",
    vorbis.read: "audio/flac audio/ogg video/ogg",
    ape.read: "audio/x-ape audio/x-musepack audio/x-wavpack audio/x-tak audio/x-ofr",
    aiff.read: "audio/x-aiff",
    palm.read: "application/x-mobipocket-ebook",
    pdf.read: "application/pdf",
    office.read: """
        application/vnd.openxmlformats-officedocument.wordprocessingml.document
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
        application/vnd.openxmlformats-officedocument.presentationml.presentation
        application/vnd.ms-visio.drawing.main+xml application/epub+zip
        application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet
        application/vnd.oasis.opendocument.presentation
        application/vnd.oasis.opendocument.graphics application/vnd.oasis.opendocument.formula
        application/vnd.oasis.opendocument.text-template
        application/vnd.oasis.opendocument.spreadsheet-template
        application/vnd.oasis.opendocument.presentation-template
        application/vnd.oasis.opendocument.graphics-template
        application/vnd.oasis.opendocument.text-master application/vnd.oasis.opendocument.text-web
        application/vnd.sun.xml.writer application/vnd.sun.xml.writer.template
        application/vnd.sun.xml.writer.global application/vnd.sun.xml.writer.web
        application/vnd.sun.xml.calc application/vnd.sun.xml.calc.template
        application/vnd.sun.xml.impress application/vnd.sun.xml.impress.template
        application/vnd.sun.xml.draw application/vnd.sun.xml.draw.template
        application/vnd.sun.xml.math application/vnd.ms-xpsdocument
    """,
    compound.read: """
        application/msword application/vnd.ms-excel application/vnd.ms-powerpoint
        application/vnd.ms-outlook application/vnd.visio application/x-msi
        application/vnd.ms-publisher application/x-ole-storage
    """,
    camcorder.read: "video/mp2t",
    postscript.read: "application/postscript image/x-eps",
    rtf.read: "text/rtf",
    mail.read: "message/rfc822",
}
"""What reads which MIME types, as `kind` spells them."""

_BY_MIME: Final = {mime: reader for reader, mimes in _READERS.items() for mime in mimes.split()}
_LONGEST: Final = 1_000
_NOTHING: Final = Metadata()
_DAMAGE: Final = (BudgetError, ValueError, LookupError, ArithmeticError, struct.error)
"""What a reader may end with on a file that is not what it seems."""


def metadata_of(window: Window, mime: str, wanted: frozenset[str]) -> Metadata:
    """Return what a file of a MIME type says of what is *wanted*: names among `FIELDS`.

    What is damaged, or beyond the window's budget, is not there; only reading itself may raise.
    """
    reader = _BY_MIME.get(mime)
    if reader is None or not wanted:
        return _NOTHING
    return _gathered(reader, window, wanted)


def _gathered(reader: _Reader, window: Window, wanted: frozenset[str]) -> Metadata:
    """Take the first answer to each question, and stop at the last."""
    missing = set(wanted)
    date: Dated | None = None
    saved: Dated | None = None
    fields: dict[str, str] = {}
    try:
        for name, value in reader(window, wanted):
            if not value:
                continue
            if isinstance(value, Dated):
                if name == MODIFIED:
                    saved = saved or value
                elif date is None:
                    date = value
                    missing.discard(DATE)
            elif name in missing:
                text = str(value).partition("/")[0] if name == "track" else str(value)  # `3/12`
                fields[name] = " ".join(text.split())[:_LONGEST]
                missing.discard(name)
            if not missing:
                break
    except _DAMAGE:
        pass
    return Metadata((date or saved) if DATE in wanted else None, fields)
