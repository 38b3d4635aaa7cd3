"""The objects of a PDF, found through its tables from the end on, and read when asked for."""

import re
from collections.abc import Iterator
from typing import Final

from fileorg.content.window import BudgetError, Window

_TAIL: Final = 2_048
_OBJECT: Final = 1 << 14
_LONGEST: Final = 1 << 22
_ROOM: Final = 1 << 22
"""How much may be unpacked of one file."""
_MOST_TABLES: Final = 32
_DEEPEST: Final = 8
_ENTRY: Final = 20

_START: Final = re.compile(rb"startxref\s+(\d{1,12})")
_REFERENCE: Final = re.compile(rb"(\d{1,9})\s+(\d{1,6})\s+R\b")
_BEGIN: Final = re.compile(rb"\s*(\d{1,9})\s+(\d{1,6})\s+obj\b")
_SECTION: Final = re.compile(rb"\s*(\d{1,9})[ \t]+(\d{1,9})[ \t]*\r?\n?")
_TOKEN: Final = re.compile(
    rb"""\s*+(?:%[^\r\n]*+\s*+)*+(?:
        (?P<name>/[^\s/<>\[\](){}%]*+) | (?P<open><<) | (?P<close>>>) | (?P<hex><[0-9A-Fa-f\s]*+>)
      | (?P<text>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\)) | (?P<bracket>[\[\]])
      | (?P<reference>\d{1,9}\s+\d{1,6}\s+R\b) | (?P<word>[^\s/<>\[\](){}%]++)
    )""",
    re.VERBOSE | re.DOTALL,
)

Dictionary = dict[bytes, bytes]
"""The keys of a dictionary, each with its value as it is written."""


class Objects:
    """The objects of one PDF; what is torn ends with `BudgetError`."""

    def __init__(self, window: Window) -> None:
        self._window: Final = window
        self._tables: list[tuple[int, Dictionary]] | None = None
        self._streams: dict[int, tuple[Dictionary, bytes]] = {}
        self._room = _ROOM

    def trailer(self) -> Dictionary:
        """Return the keys of the newest trailer."""
        tables = self._every_table()
        if not tables:
            raise BudgetError
        return tables[0][1]

    def resolved(self, value: bytes) -> bytes:
        """Return what a value is: itself, or the object that it refers to."""
        for _ in range(_DEEPEST):
            found = _REFERENCE.fullmatch(value.strip())
            if found is None:
                return value
            value = self._object(int(found[1]))
        raise BudgetError

    def dictionary(self, source: bytes) -> Dictionary:
        """Return the keys of the dictionary that begins a source, empty where it is none."""
        return _dictionary(source)

    def stream(self, value: bytes, limit: int) -> bytes:
        """Return up to *limit* bytes of the stream that a value refers to, unpacked."""
        found = _REFERENCE.fullmatch(value.strip())
        place = self._place(int(found[1])) if found else None
        return self._stream_at(place, limit)[1] if isinstance(place, int) else b""

    def _object(self, number: int) -> bytes:
        place = self._place(number)
        if isinstance(place, int):
            source = self._window.at(place, _OBJECT)
            found = _BEGIN.match(source)
            if found is None or int(found[1]) != number:
                raise BudgetError
            return source[found.end() :]
        return self._packed(*place)

    def _packed(self, holder: int, index: int) -> bytes:
        """Return an object out of a stream of objects."""
        place = self._place(holder)
        if not isinstance(place, int):
            raise BudgetError
        keys, content = self._table_at(place)
        first = int(keys[b"First"])
        offsets = content[:first].split()[1::2]
        return content[first + int(offsets[index]) :][:_OBJECT]

    def _place(self, number: int) -> int | tuple[int, int]:
        """Return where an object is: in the file, or as which one of which stream of objects."""
        for start, trailer in self._every_table():
            if b"W" in trailer:
                place = self._in_stream(start, number)
            else:
                place = self._in_table(start, number)
            if place is not None:
                return place
        raise BudgetError

    def _every_table(self) -> list[tuple[int, Dictionary]]:
        if self._tables is None:
            self._tables = list(self._tables_from_the_end())
        return self._tables

    def _tables_from_the_end(self) -> Iterator[tuple[int, Dictionary]]:
        starts = _START.findall(self._window.tail(_TAIL))
        ahead = [int(starts[-1])] if starts else []
        seen: set[int] = set()
        while ahead and len(seen) < _MOST_TABLES:
            start = ahead.pop(0)
            if start in seen:
                continue
            seen.add(start)
            trailer = self._trailer_at(start)
            yield start, trailer
            ahead += [int(trailer[key]) for key in (b"XRefStm", b"Prev") if key in trailer]

    def _trailer_at(self, start: int) -> Dictionary:
        head = self._window.at(start, _OBJECT)
        if not head.lstrip().startswith(b"xref"):
            found = _BEGIN.match(head)
            if found is None:
                raise BudgetError
            return _dictionary(head[found.end() :])
        place = start
        for first, count, entries in self._sections(start):
            del first
            place = entries + count * _ENTRY
        source = self._window.at(place, _OBJECT)
        return _dictionary(source[source.index(b"trailer") + 7 :])

    def _sections(self, start: int) -> Iterator[tuple[int, int, int]]:
        """Yield the sections of a table: the first number, how many there are, and where."""
        head = self._window.at(start, 64)
        place = start + head.index(b"xref") + 4
        while found := _SECTION.match(self._window.at(place, 64)):
            first, count = int(found[1]), int(found[2])
            yield first, count, place + found.end()
            place += found.end() + count * _ENTRY

    def _in_table(self, start: int, number: int) -> int | None:
        for first, count, entries in self._sections(start):
            if first <= number < first + count:
                entry = self._window.exactly(entries + (number - first) * _ENTRY, 18)
                return int(entry[:10]) if entry.endswith(b"n") else None
        return None

    def _in_stream(self, start: int, number: int) -> int | tuple[int, int] | None:
        keys, content = self._table_at(start)
        widths = [int(width) for width in keys[b"W"].strip(b"[] \r\n").split()]
        index = keys.get(b"Index", b"[0 " + keys[b"Size"] + b"]").strip(b"[] \r\n").split()
        row = 0
        for first, count in zip(map(int, index[::2]), map(int, index[1::2]), strict=False):
            if first <= number < first + count:
                entry = _row(content, row + number - first, sum(widths), keys)
                kind, one, two = _fields(entry, widths)
                return one if kind == 1 else (one, two) if kind == 2 else None
            row += count
        return None

    def _table_at(self, place: int) -> tuple[Dictionary, bytes]:
        """Return a stream that holds objects, or says where they are, unpacked once."""
        if place not in self._streams:
            self._streams[place] = self._stream_at(place, _ROOM)
        return self._streams[place]

    def _stream_at(self, place: int, limit: int) -> tuple[Dictionary, bytes]:
        """Return the keys of a stream, and up to *limit* bytes of what it holds."""
        source = self._window.at(place, _OBJECT)
        found = _BEGIN.match(source)
        if found is None:
            raise BudgetError
        keys = _dictionary(source[found.end() :])
        begin = source.index(b"stream", found.end()) + 6
        begin += 2 if source[begin : begin + 2] == b"\r\n" else 1
        length = int(self.resolved(keys[b"Length"]).split(None, 1)[0].removesuffix(b"endobj"))
        content = self._window.at(place + begin, min(length, _LONGEST))
        if b"FlateDecode" in keys.get(b"Filter", b""):
            if self._room <= 0:
                raise BudgetError
            content = _inflated(content, min(limit, self._room))
            self._room -= len(content)
        return keys, content[:limit]


def text_of(value: bytes) -> str:
    """Return the text that a value is, empty where it is none."""
    found = _TOKEN.match(value)
    if found is None:
        return ""
    if found["hex"]:
        digits = b"".join(found["hex"][1:-1].split()).decode()
        content = bytes.fromhex(digits + "0" * (len(digits) % 2))
    elif found["text"]:
        content = _ESCAPE.sub(_unescaped, found["text"][1:-1])
    else:
        return ""
    if content.startswith((b"\xfe\xff", b"\xff\xfe")):
        return content.decode("utf-16", "replace").strip("\0 ")
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:].decode("utf-8", "replace").strip()
    return content.decode("latin-1").strip("\0 ")


_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r?\n|.)", re.DOTALL)
_ESCAPES: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _unescaped(found: re.Match[bytes]) -> bytes:
    word = found[1]
    if word[0] in b"01234567":
        return bytes([int(word, 8) & 0xFF])
    return b"" if word.endswith(b"\n") else _ESCAPES.get(word, word)


def _dictionary(source: bytes) -> Dictionary:
    """Return the keys of the dictionary that begins a source, with their values as written."""
    keys: Dictionary = {}
    found = _TOKEN.match(source)
    if found is None or not found["open"]:
        return keys
    place, depth, key, begin = found.end(), 1, b"", 0
    while depth and (found := _TOKEN.match(source, place)):
        bracket = found["bracket"]
        ends = found["close"] and depth == 1
        if depth == 1 and (found["name"] or ends) and (not key or source[begin:place].strip()):
            if key:
                keys.setdefault(key, source[begin:place].strip())
            key, begin = (found["name"] or b"/")[1:], found.end()
        depth += bool(found["open"]) + (bracket == b"[") - bool(found["close"]) - (bracket == b"]")
        place = found.end()
    return keys


def _row(content: bytes, row: int, width: int, keys: Dictionary) -> bytes:
    """Return a row of a table, whose columns are sums where a predictor wrote differences."""
    parameters = _dictionary(keys.get(b"DecodeParms", b""))
    if int(parameters.get(b"Predictor", b"1")) < 10:
        return content[row * width : (row + 1) * width]
    stride = width + 1
    filters = set(content[: (row + 1) * stride : stride])
    if filters == {0}:
        return content[row * stride + 1 : (row + 1) * stride]
    if filters != {2}:
        raise BudgetError
    end = (row + 1) * stride
    return bytes(sum(content[column:end:stride]) & 0xFF for column in range(1, stride))


def _fields(entry: bytes, widths: list[int]) -> tuple[int, int, int]:
    kind, one, two = widths
    if len(entry) != kind + one + two:
        raise BudgetError
    return (
        int.from_bytes(entry[:kind], "big") if kind else 1,
        int.from_bytes(entry[kind : kind + one], "big"),
        int.from_bytes(entry[kind + one :], "big"),
    )


def _inflated(content: bytes, limit: int) -> bytes:
    import zlib

    try:
        return zlib.decompressobj().decompress(content, limit)
    except zlib.error:
        raise BudgetError from None
