"""A folder of media and documents, made by the encoders and writers that people use."""

from __future__ import annotations

import bz2
import datetime as dt
import email.message
import gzip
import io
import itertools
import lzma
import sqlite3
import struct
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import mutagen.apev2
import mutagen.id3
import pillow_heif
import pypdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reportlab.pdfgen.canvas import Canvas

from tests.content import compounds, raws

TAKEN: Final = "2019:07:04 12:00:01"
MOMENT: Final = dt.datetime(2019, 7, 4, 12, 0, 1, tzinfo=dt.UTC)
ISO: Final = "2019-07-04T12:00:01"
EXIF_IFD: Final = 0x8769

XMP: Final = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmp:CreateDate="{ISO}+02:00">
<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/"><rdf:Alt>
<rdf:li xml:lang="x-default">A &amp; B</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def make(folder: Path) -> None:
    """Fill *folder*."""
    for name, content in itertools.chain(
        pictures(), raw(), documents(), archives(), texts(), pdfs()
    ):
        (folder / name).write_bytes(content)
    _database(folder / "data.sqlite")
    _films(folder)
    _sounds(folder)
    _retagged(folder)


def exif_of(tags: dict[int, str]) -> Image.Exif:
    """Return EXIF with tags, each in the directory it belongs to."""
    exif = Image.Exif()
    exif.get_ifd(EXIF_IFD).update({tag: text for tag, text in tags.items() if tag > EXIF_IFD})
    exif.update({tag: text for tag, text in tags.items() if tag < EXIF_IFD})
    return exif


_PHOTO: Final = {0x010F: "NIKON CORPORATION", 0x0110: "NIKON D90", 0x0132: "2021:02:03 04:05:06"}
_EXIFS: Final = {
    "original": _PHOTO | {0x9003: TAKEN, 0x9004: "2019:07:05 00:00:00"},
    "create": _PHOTO | {0x9004: TAKEN},
    "modify": _PHOTO,
    "offset": _PHOTO | {0x9003: TAKEN, 0x9291: "25", 0x9011: "+02:00"},
    "blank": _PHOTO | {0x9003: "    :  :     :  :  ", 0x9004: TAKEN},
    "none": {0x010F: "NIKON"},
}


def _saved(form: str, image: Image.Image | None = None, **how: object) -> bytes:
    out = io.BytesIO()
    (image or Image.linear_gradient("L").convert("RGB").resize((64, 48))).save(out, form, **how)
    return out.getvalue()


def pictures() -> Iterator[tuple[str, bytes]]:
    pillow_heif.register_heif_opener()
    for name, tags in _EXIFS.items():
        for ending, form in (
            ("jpg", "JPEG"), ("png", "PNG"), ("webp", "WEBP"), ("heic", "HEIF"), ("avif", "AVIF"),
        ):  # fmt: skip
            yield f"{name}.{ending}", _saved(form, exif=exif_of(tags))
    yield "xmp.jpg", _saved("JPEG", xmp=XMP)
    yield "xmp.webp", _saved("WEBP", xmp=XMP)
    yield "both.jpg", _saved("JPEG", xmp=XMP, exif=exif_of(_PHOTO))
    texts = PngInfo()
    texts.add_text("Creation Time", "Thu, 4 Jul 2019 12:00:01 +0200")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    yield "texts.png", _saved("PNG", pnginfo=texts)
    raw = exif_of(_EXIFS["original"]).tobytes()
    texts = PngInfo()
    texts.add_text("Raw profile type exif", f"\nexif\n{len(raw):8}\n{raw.hex()}\n", zip=True)
    yield "profile.png", _saved("PNG", pnginfo=texts)
    for ending, form in (
        ("gif", "GIF"), ("bmp", "BMP"), ("ico", "ICO"), ("tga", "TGA"), ("ppm", "PPM"),
        ("pcx", "PCX"), ("jp2", "JPEG2000"), ("dds", "DDS"), ("icns", "ICNS"), ("eps", "EPS"),
        ("sgi", "SGI"), ("qoi", "QOI"),
    ):  # fmt: skip
        yield f"plain.{ending}", _saved(form)
    yield "bits.xbm", _saved("XBM", Image.new("1", (8, 8)))
    yield "lzw.tif", _saved("TIFF", compression="tiff_lzw")


def raw() -> Iterator[tuple[str, bytes]]:
    """Yield raw files as far as EXIF goes: TIFF with another mark, or wrapped."""
    exif = exif_of(_EXIFS["original"])
    exif.endian = "<"
    tiff = exif.tobytes().removeprefix(b"Exif\0\0")
    yield "photo.nef", tiff
    yield "photo.orf", b"IIRO" + tiff[4:]
    jpeg = _saved("JPEG", exif=exif_of(_EXIFS["original"]))
    header = b"FUJIFILMCCD-RAW 0201FF383501".ljust(84, b"\0")
    header += (200).to_bytes(4, "big") + len(jpeg).to_bytes(4, "big")
    yield "photo.raf", header.ljust(200, b"\0") + jpeg
    directory = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    first = struct.pack("<4sIHHHIIHHIII", b"II*\0", 8, 2, 0x0110, 2, 8, 38, 0x0132, 2, 20, 46, 0)
    first += b"Canon R\0" + b"2021:02:03 04:05:06\0"
    second = (
        struct.pack("<4sIHHHIII", b"II*\0", 8, 1, 0x9003, 2, 20, 26, 0) + TAKEN.encode() + b"\0"
    )
    canon = box(b"uuid", directory + box(b"CMT1", first) + box(b"CMT2", second))
    yield "photo.cr3", box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", canon)
    yield "photo.crw", raws.crw(TAKEN)
    yield "photo.mrw", raws.mrw(tiff)
    yield "photo.x3f", raws.x3f(TAKEN)
    yield "preview.x3f", raws.x3f("2021:02:03 04:05:06", jpeg[:2] + jpeg[20:])  # no JFIF
    yield "photo.xmp", XMP
    yield "photo.psd", _photoshop(tiff)


def _photoshop(tiff: bytes) -> bytes:
    """Return a PSD of one grey, with EXIF among its resources."""
    resource = struct.pack(">4sHHI", b"8BIM", 1058, 0, len(tiff)) + tiff + bytes(len(tiff) % 2)
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 1, 48, 64, 8, 1)
    return head + struct.pack(">II", 0, len(resource)) + resource + bytes(6) + bytes(48 * 64)


def box(kind: bytes, content: bytes) -> bytes:
    """Return a box of ISO media."""
    return (len(content) + 8).to_bytes(4, "big") + kind + content


_CORE: Final = f"""<?xml version="1.0"?><cp:coreProperties xmlns:dcterms="http://purl.org/dc/terms/"
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<dc:title>Plan</dc:title><dc:creator>Ada</dc:creator>
<dcterms:created xsi:type="dcterms:W3CDTF">{ISO}Z</dcterms:created>
<dcterms:modified xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z</dcterms:modified>
</cp:coreProperties>"""
_META: Final = f"""<?xml version="1.0"?><office:document-meta
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>
<meta:creation-date>{ISO}</meta:creation-date><dc:title>Plan</dc:title><meta:initial-creator>Ada</meta:initial-creator><dc:date>2020-01-01T00:00:00
</dc:date></office:meta></office:document-meta>"""
_OPF: Final = """<package><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>A Book</dc:title><dc:creator>Ada</dc:creator><dc:date>2019-07-04</dc:date>
</metadata></package>"""


def zipped(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive; a member `mimetype` is stored as it must be."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, stored)
    return out.getvalue()


def documents() -> Iterator[tuple[str, bytes]]:
    for ending, part in (
        ("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"),
        ("pptx", "ppt/presentation.xml"),
    ):  # fmt: skip
        yield f"office.{ending}", zipped(
            {"[Content_Types].xml": "<Types/>", "_rels/.rels": "<R/>", "docProps/core.xml": _CORE,
             part: "<w:document><w:body><w:p><w:t>Hello</w:t></w:p></w:body></w:document>"}
        )  # fmt: skip
    for ending, kind in (("odt", "text"), ("ods", "spreadsheet"), ("odp", "presentation")):
        mimetype = f"application/vnd.oasis.opendocument.{kind}"
        yield (
            f"open.{ending}",
            zipped(
                {"mimetype": mimetype, "meta.xml": _META, "content.xml": "<text:p>Hello</text:p>"}
            ),
        )
    old = "application/vnd.sun.xml.writer"
    yield "open.sxw", zipped({"mimetype": old, "meta.xml": _META, "content.xml": "<text:p/>"})
    yield (
        "book.epub",
        zipped(
            {"mimetype": "application/epub+zip", "META-INF/container.xml": "", "content.opf": _OPF}
        ),
    )
    made = compounds.summary("Plan", "Ada", MOMENT)
    for ending, stream in (
        ("doc", "WordDocument"), ("xls", "Workbook"), ("ppt", "PowerPoint Document"),
    ):  # fmt: skip
        streams = {stream: bytes(600), "\5SummaryInformation": made}
        yield f"old.{ending}", compounds.compound(streams)
    sent = bytes(32) + struct.pack("<IIQ", 0x00390040, 6, compounds.ticks(MOMENT))
    yield (
        "outlook.msg",
        compounds.compound(
            {"__properties_version1.0": sent, "__substg1.0_0037001F": "Plan".encode("utf-16-le")}
        ),
    )
    clock = int(MOMENT.timestamp())
    palm = struct.pack(">II16x8s8xHI", clock, clock, b"BOOKMOBI", 1, 86)
    yield "book.mobi", (b"Plan".ljust(36, b"\0") + palm).ljust(400, b"\0")
    message = email.message.EmailMessage()
    message["From"] = "ada@example.org"
    message["To"] = "alan@example.org"
    message["Subject"] = "Grüße"
    message["Date"] = "Thu, 4 Jul 2019 12:00:01 +0200"
    message.set_content("Hello")
    yield "letter.eml", bytes(message)
    info = rb"{\info{\title Plan}{\author Ada}{\creatim\yr2019\mo7\dy4\hr12\min0\sec1}}"
    yield "letter.rtf", rb"{\rtf1\ansi" + info + rb" Hello\par}"


def archives() -> Iterator[tuple[str, bytes]]:
    yield "a.zip", zipped({"a.txt": "a", "b.txt": "b"})
    yield "a.jar", zipped({"META-INF/MANIFEST.MF": "Manifest-Version: 1.0", "A.class": b"\xca\xfe"})
    yield "a.apk", zipped({"AndroidManifest.xml": b"\3\0", "classes.dex": b"dex\n035"})
    yield "a.3mf", zipped({"[Content_Types].xml": "", "3D/3dmodel.model": "<model/>"})
    yield "a.gz", gzip.compress(b"a" * 99)
    yield "a.bz2", bz2.compress(b"a" * 99)
    yield "a.xz", lzma.compress(b"a" * 99)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    yield "a.tar", out.getvalue()
    yield "a.iso", (bytes(0x8001) + b"CD001\1").ljust(0x9000, b"\0")
    yield "a.torrent", b"d8:announce20:http://example.org/a4:infod6:lengthi9e4:name1:aee"


def texts() -> Iterator[tuple[str, bytes]]:
    words = "The quick brown fox jumps over the lazy dog.\nAnd so it goes, on and on.\n"
    yield "plain.txt", words.encode()
    yield "utf8.txt", "Füchse über Zäune\n".encode() * 9
    yield "utf16.txt", "Füchse über Zäune\n".encode("utf-16")
    yield "latin.txt", "Füchse über Zäune\n".encode("latin-1") * 9
    yield "japanese.txt", "こんにちは世界\n".encode("shift_jis") * 9
    yield "script", b"#!/bin/sh\necho hello\n"
    yield "script.py", b"#!/usr/bin/env python3\nprint('hello')\n"
    yield "program.c", b"#include <stdio.h>\n\nint main(void)\n{\n\treturn 0;\n}\n"
    yield "page.html", b"<!DOCTYPE html>\n<html><head><title>x</title></head></html>\n"
    yield "data.json", b'{"name": "Ada", "born": 1815, "friends": ["Charles"]}\n'
    yield "data.xml", b'<?xml version="1.0"?>\n<data><item/></data>\n'
    yield "drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>\n'
    yield "table.csv", b"name,born,died\n" + b"Ada,1815,1852\nAlan,1912,1954\n" * 9
    yield "card.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD\n"
    yield "dates.ics", b"BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n"
    yield "film.srt", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n"
    yield "page.1", b".TH PAGE 1\n.SH NAME\npage \\- a page\n"
    yield "change.diff", b"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    yield "paper.tex", b"\\documentclass{article}\n\\begin{document}\nHello\n\\end{document}\n"


def pdfs() -> Iterator[tuple[str, bytes]]:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle("Plan (first)")
    canvas.setAuthor("Ada")
    canvas.drawString(72, 720, "Hello")
    canvas.save()
    plain = out.getvalue()
    yield "plain.pdf", plain
    for name, date in {
        "zone": "D:20190704120001+02'00'", "utc": "D:20190704120001Z", "day": "D:20190704",
        "naive": "D:20190704120001", "month": "D:201907", "bad": "D:00000000000000Z",
    }.items():  # fmt: skip
        writer = pypdf.PdfWriter(io.BytesIO(plain))
        writer.add_metadata({"/CreationDate": date, "/Title": "Grüße"})
        out = io.BytesIO()
        writer.write(out)
        yield f"{name}.pdf", out.getvalue()
    writer = pypdf.PdfWriter(io.BytesIO(plain))
    writer.add_metadata({"/CreationDate": "D:20190704120001Z"})
    writer.encrypt("", "secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    yield "locked.pdf", out.getvalue()
    writer = pypdf.PdfWriter(io.BytesIO(plain), incremental=True)
    writer.add_metadata({"/CreationDate": "D:20190704120001Z"})
    out = io.BytesIO()
    writer.write(out)
    yield "updated.pdf", out.getvalue()


def _database(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (x)")
    database.commit()
    database.close()


_FILM: Final = ("-f", "lavfi", "-i", "testsrc=size=64x48:rate=25:duration=1")
_SOUND: Final = ("-f", "lavfi", "-i", "sine=duration=1")
_TAGS: Final = {
    "title": "Song",
    "artist": "Ada",
    "album": "Engines",
    "track": "3",
    "date": "2019-07-04",
}


def _ffmpeg(*arguments: str | Path) -> None:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True)


def _films(folder: Path) -> None:
    made = ("-metadata", f"creation_time={ISO}Z", "-metadata", "title=Film")
    for name in ("f.mp4", "f.mov", "f.m4v", "f.3gp", "f.mkv", "f.avi", "f.mpg", "f.ts", "f.flv"):
        _ffmpeg(*_FILM, *made, *(("-s", "176x144") if name == "f.3gp" else ()), folder / name)
    _ffmpeg(*_FILM, *made, "-c:v", "libvpx", folder / "f.webm")
    _ffmpeg(*_FILM, *made, "-c:v", "wmv2", folder / "f.wmv")
    _ffmpeg(*_FILM, *made, "-c:v", "libtheora", folder / "f.ogv")
    # A camcorder's note: two entries, the zone in half hours and the date in decimal digits.
    note = "17ee8c60f84d11d98cd60800200c9a66+MDPM\2\x18\4\x20\x19\7\x19\4\x12\x11\x10"
    _ffmpeg(*_FILM, "-c:v", "libx264", "-bsf:v", f"h264_metadata=sei_user_data={note}",
            folder / "camcorder.mts")  # fmt: skip
    _ffmpeg(*_FILM, "-fflags", "+bitexact", folder / "nodate.mp4")
    _ffmpeg(*_FILM, *made, "-movflags", "+faststart", folder / "fast.mp4")


def _sounds(folder: Path) -> None:
    tags = [word for name, text in _TAGS.items() for word in ("-metadata", f"{name}={text}")]
    for name in (
        "s.mp3", "s.m4a", "s.flac", "s.ogg", "s.opus", "s.wav", "s.aiff", "s.wma", "s.aac",
        "s.ac3", "s.mka", "s.au", "s.caf", "s.wv",
    ):  # fmt: skip
        _ffmpeg(*_SOUND, *tags, *(("-strict", "-2") if name == "s.opus" else ()), folder / name)
    _ffmpeg(*_SOUND, *tags, "-id3v2_version", "3", "-write_id3v1", "1", folder / "old.mp3")
    _ffmpeg(*_SOUND, *tags, "-write_bext", "1", "-metadata", "origination_date=2019-07-04",
            "-metadata", "origination_time=12:00:01", folder / "bext.wav")  # fmt: skip
    _ffmpeg(*_SOUND, "-id3v2_version", "0", "-write_xing", "0", folder / "bare.mp3")
    cover = mutagen.id3.ID3(folder / "s.mp3")
    cover.add(mutagen.id3.APIC(mime="image/jpeg", data=bytes(5 << 20)))
    (folder / "cover.mp3").write_bytes((folder / "s.mp3").read_bytes())
    cover.save(folder / "cover.mp3")
    (folder / "ape.mp3").write_bytes((folder / "bare.mp3").read_bytes())
    ape = mutagen.apev2.APEv2()
    ape.update({"Title": "Song", "Artist": "Ada", "Track": "3/9"})
    ape.save(folder / "ape.mp3")


def _retagged(folder: Path) -> None:
    """Make files that exiftool has written to."""
    for source, name, *tags in (
        ("f.mov", "phone.mov", f"-Keys:CreationDate={TAKEN}+02:00", "-Keys:Make=Apple",
         "-Keys:Model=iPhone 12"),
        ("f.mp4", "phone.mp4", f"-ContentCreateDate={TAKEN}+02:00"),
        ("none.jpg", "iptc.jpg", "-IPTC:DateCreated=2019:07:04",
         "-IPTC:TimeCreated=12:00:01+02:00"),
        ("none.jpg", "big.jpg", "-exifbyteorder=MM", f"-DateTimeOriginal={TAKEN}"),
        ("plain.gif", "xmp.gif", f"-XMP:CreateDate={TAKEN}"),
        ("none.png", "time.png", f"-PNG:ModifyDate={TAKEN}"),
        ("none.png", "late.png", f"-DateTimeOriginal={TAKEN}"),
        ("plain.pdf", "xmp.pdf", "-PDF:all=", f"-XMP:CreateDate={TAKEN}"),
        ("plain.jp2", "exif.jp2", f"-DateTimeOriginal={TAKEN}"),
        ("lzw.tif", "exif.tif", f"-DateTimeOriginal={TAKEN}", "-SubSecTimeOriginal=25"),
        ("lzw.tif", "xmp.tif", f"-XMP-exif:DateTimeOriginal={TAKEN}"),
        ("none.heic", "xmp.heic", f"-XMP:CreateDate={TAKEN}"),
    ):  # fmt: skip
        subprocess.run(
            ["exiftool", "-q", "-q", "-m", *tags, "-o", folder / name, folder / source], check=True
        )
