"""Objects of a PDF are found by its tables, in each form that they have."""

from __future__ import annotations

import struct
import zlib

import pytest

from fileorg.content.pdfobjects import Objects, text_of
from fileorg.content.window import BudgetError
from tests.content.windows import window_of

_INFO = b"<</CreationDate (D:20190704120001Z)/Title<FEFF00C4>>>"


def _streamed(*, predicted: bool) -> bytes:
    """Return a PDF with its information in a stream of objects, and a table that is a stream."""
    objects = b"5 0 " + _INFO
    packed = zlib.compress(objects)
    out = b"%PDF-1.5\n"
    holder = len(out)
    out += b"4 0 obj\n<</Type/ObjStm/N 1/First 4/Length %d/Filter/FlateDecode>>" % len(packed)
    out += b"stream\r\n" + packed + b"\nendstream endobj\n"
    table = len(out)
    rows = [(0, 0, 0)] * 4 + [(1, holder, 0), (2, 4, 0), (1, table, 0)]
    lines = [struct.pack(">BHB", *row) for row in rows]
    how = b""
    if predicted:
        how = b"/DecodeParms<</Columns 4/Predictor 12>>"
        above = [bytes(4), *lines]
        lines = [
            b"\2" + bytes((a - b) & 0xFF for a, b in zip(line, up, strict=True))
            for line, up in zip(lines, above, strict=False)
        ]
    packed = zlib.compress(b"".join(lines))
    out += b"6 0 obj\n<</Type/XRef/W[1 2 1]/Size 7/Info 5 0 R/Length %d" % len(packed)
    out += b"/Filter/FlateDecode" + how + b">>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % table


def _tabled(info: bytes, before: bytes = b"") -> bytes:
    """Return a PDF with a plain table, or an update that is put behind another."""
    out = before or b"%PDF-1.4\n"
    place = len(out)
    out += b"5 0 obj\n" + info + b"\nendobj\n"
    table = len(out)
    out += b"xref\n5 1\n%010d 00000 n \ntrailer\n<</Size 6/Info 5 0 R" % place
    if before:
        out += b"/Prev %d" % before.rindex(b"xref\n5")
    return out + b">>\nstartxref\n%d\n%%%%EOF\n" % table


@pytest.mark.parametrize("predicted", [False, True])
def test_objects_in_streams_are_found(predicted: bool) -> None:
    """Tables and objects that are packed in streams are read, with differences or without."""
    objects = Objects(window_of(_streamed(predicted=predicted)))
    info = objects.dictionary(objects.resolved(objects.trailer()[b"Info"]))
    assert text_of(info[b"CreationDate"]) == "D:20190704120001Z"
    assert text_of(info[b"Title"]) == "Ä"


def test_the_newest_table_counts() -> None:
    """Of a PDF that was updated, objects are what the last update says."""
    first = _tabled(b"<</Title (old)>>")
    for content, title in ((first, "old"), (_tabled(b"<</Title (new)>>", first), "new")):
        objects = Objects(window_of(content))
        info = objects.dictionary(objects.resolved(objects.trailer()[b"Info"]))
        assert text_of(info[b"Title"]) == title


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"(plain)", "plain"), (rb"(a \(b\) (c) \\)", "a (b) (c) \\"), (rb"(\101\n)", "A\n"),
        (b"<48 65 6C6C6F>", "Hello"), (b"<FEFF00C4>", "Ä"), (b"(\xef\xbb\xbf\xc3\x84)", "Ä"),
        (b"/Name", ""), (b"", ""), (b"(torn", ""),
    ],
)  # fmt: skip
def test_texts_are_read_as_they_are_spelled(value: bytes, text: str) -> None:
    """Brackets, octal numbers, hexadecimal digits and both encodings are undone."""
    assert text_of(value) == text


def test_tables_that_lead_in_a_ring_have_an_end() -> None:
    """A table that names itself as the one before is read once, and nothing is found in it."""
    content = b"%PDF-1.4\nxref\n0 0\ntrailer\n<</Prev 9/Info 5 0 R>>\nstartxref\n9\n"
    objects = Objects(window_of(content))
    with pytest.raises(BudgetError):
        objects.resolved(objects.trailer()[b"Info"])
