"""What the content of a file is worth beside its name: which category, and which of both to trust.

Pure. Only formats with unmistakable marks can contradict a name.
"""

from functools import cache, lru_cache
from typing import Final

from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.mimetypes import category_of_mime
from fileorg.categorize.rules import Categorizer
from fileorg.model.names import key_of, split_extension


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TYPICAL: Final = {
    "image/jpeg": b"x.jpg", "image/png": b"x.png", "image/gif": b"x.gif",
    "image/webp": b"x.webp", "image/heic": b"x.heic", "image/tiff": b"x.tif",
    "image/bmp": b"x.bmp", "image/svg+xml": b"x.svg", "application/pdf": b"x.pdf",
    "text/plain": b"x.txt", "text/html": b"x.html", "text/csv": b"x.csv",
    "application/epub+zip": b"x.epub", "application/zip": b"x.zip", "video/mp4": b"x.mp4",
    "video/quicktime": b"x.mov", "video/x-matroska": b"x.mkv", "video/webm": b"x.webm",
    "video/x-msvideo": b"x.avi", "audio/mpeg": b"x.mp3", "audio/flac": b"x.flac",
    "audio/x-wav": b"x.wav", "audio/ogg": b"x.ogg", "audio/x-m4a": b"x.m4a",
}  # fmt: skip
"""A name for common types, so that the user's own categories hold for them, too."""

_MARKED: Final = _words("""
    image/jpeg image/png image/gif image/webp image/heic image/avif application/pdf
    application/epub+zip application/vnd.openxmlformats-officedocument.wordprocessingml.document
    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
    application/vnd.openxmlformats-officedocument.presentationml.presentation
    application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet
    application/vnd.oasis.opendocument.presentation video/mp4 video/quicktime video/x-matroska
    video/webm video/x-msvideo audio/flac application/x-executable application/x-pie-executable
    application/x-sharedlib application/x-mach-binary application/x-dosexec
    application/vnd.microsoft.portable-executable application/x-msi
    application/vnd.android.package-archive
""")
"""Types that nothing else is taken for."""

_TELLING: Final = _words("""
    jpg jpeg png gif webp heic heif avif pdf docx xlsx pptx odt ods odp epub mp4 mov mkv webm
    avi flac
""")
"""Extensions whose files are always known by their marks: what is anything else is not one."""

_NEVER_TEXT: Final = _words("""
    zip 7z rar gz tgz bz2 xz zst iso dmg mp3 m4a ogg opus wav wma wmv mpg flv bmp tif tiff
""")

_SOUND_AND_VISION: Final = frozenset({"Audio", "Video"})
_EITHER: Final = tuple(
    (_words(mimes), _words(extensions))
    for mimes, extensions in (
        ("video/mp4 video/quicktime video/3gpp video/3gpp2 video/x-m4v audio/mp4 audio/x-m4a",
         ("mp4 m4v mp4v m4a m4b m4r m4p mov qt 3gp 3gpp 3g2 3gp2 3gpp2 3ga f4v f4p f4a ismv isma "
         "alac aax aac insv lrv")),
        ("video/x-matroska video/webm audio/x-matroska", "mkv mk3d mka webm weba"),
        ("video/ogg audio/ogg", "ogg oga ogv ogx ogm opus spx"),
    )
)  # fmt: skip
"""Containers of sound as well as of films: their types, and the extensions that either has."""

_ANYTHING: Final = frozenset({"Backups", "Games"})
"""Categories of files that may begin as any other: what was copied, and the makes of consoles."""

_WORKING: Final = frozenset({"Design"})
_FINISHED: Final = frozenset({"Images", "Documents"})
"""What the first save may be in the formats of the second."""

_SHARED: Final = _words("001 fon fnt flt mexa64 mexw64")
"""Extensions of the first part of anything, and of programs that are something else first."""

_WITH_METADATA: Final = frozenset(
    {"Images", "Video", "Audio", "Documents", "Spreadsheets", "Presentations", "Diagrams", "Books",
     "Design", "Email"}
)  # fmt: skip
_PLAIN_TEXT: Final = _words("""
    txt text md markdown mdown mkd mdx rst adoc asciidoc org textile wiki mediawiki tex latex
    ltx bib bst cls sty dtx ins csv tsv tab diz 1st readme ans opml m3u m3u8 pls puml plantuml
    mmd gv
""")


def category_of_content(mime: str, categorizer: Categorizer) -> str | None:
    """Return the category of a MIME type, None where it is in none."""
    typical = _TYPICAL.get(mime)
    return category_of_mime(mime) if typical is None else categorizer.category_of(typical)


def is_marked(mime: str) -> bool:
    """Whether files of a type have marks that no other file has."""
    return mime in _MARKED


def contradicts(mime: str, name: bytes) -> bool:
    """Whether a content is surely of another category than the extension promises."""
    return _contradicts(mime, split_extension(name)[1] or name)


def may_say_more(name: bytes) -> bool:
    """Whether a file of that name may hold a date or another field, so that a look is worth it."""
    return _may_say_more(split_extension(name)[1])


@lru_cache(maxsize=4096)
def _contradicts(mime: str, ending: bytes) -> bool:
    promised, found = _built_in().category_of(_named(ending)), category_of_mime(mime)
    extension = key_of(split_extension(_named(ending))[1])
    if found is None or promised in (found, OTHER) or extension in _SHARED:
        return False
    if promised in _ANYTHING or (promised in _WORKING and found in _FINISHED):
        return False
    if {found, promised} == _SOUND_AND_VISION and _may_be_either(mime, extension):
        return False
    is_text = mime.startswith(("text/", "application/json", "application/xml"))
    return mime in _MARKED or extension in _TELLING or (is_text and extension in _NEVER_TEXT)


def _may_be_either(mime: str, extension: str) -> bool:
    return any(mime in mimes and extension in extensions for mimes, extensions in _EITHER)


@lru_cache(maxsize=4096)
def _may_say_more(extension: bytes) -> bool:
    if _built_in().category_of(_named(extension)) not in _WITH_METADATA:
        return False
    return key_of(extension) not in _PLAIN_TEXT


def _named(ending: bytes) -> bytes:
    """Return a name for an extension; a whole name is its own."""
    return b"x" + ending if ending.startswith(b".") else ending


@cache
def _built_in() -> Categorizer:
    return Categorizer()
