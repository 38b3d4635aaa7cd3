"""PostScript: the comments that it begins with, and XMP."""

import re
from typing import Final

from fileorg.content.metadata import xmp
from fileorg.content.metadata.evidence import DATE, Evidence, dated
from fileorg.content.metadata.pdf import pdf_date
from fileorg.content.window import Window

_COMMENT: Final = re.compile(rb"^%%(CreationDate|Title):[ \t]*\(?([^\r\n()]*)", re.MULTILINE)
_XMP: Final = b"<rdf:RDF"


def read(window: Window, wanted: frozenset[str]) -> Evidence:
    """Yield what a PostScript or EPS file says at its beginning."""
    head = window.head()
    texts = {name: value.decode("latin-1").strip() for name, value in _COMMENT.findall(head)}
    yield DATE, dated(pdf_date(texts.get(b"CreationDate", "")), "PostScript CreationDate")
    yield "title", texts.get(b"Title")
    packet = window.at(0, xmp.LONGEST)
    if _XMP in packet:
        yield from xmp.said(packet)
