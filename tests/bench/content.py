"""What it costs to look into files: as they come, and at worst."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fileorg.content.kind import mime_of
from fileorg.content.metadata.reading import FIELDS, metadata_of
from fileorg.content.text import text_of
from fileorg.content.window import HEAD, Window
from tests.bench.rounds import Bench
from tests.bench.table import Row
from tests.content import corpus, hostile_media

_DATE = frozenset({"date"})
_PHOTO = 3 << 20
_BLOCK = 64 << 10
_SLOWEST = 0.050
_HOSTILE = "hostile-"
_TRIES = 5


def measure(bench: Bench, rows: list[Row], pairs: int) -> None:
    """Add rows for the date of photos, for kinds without extensions, and for the slowest file."""
    count = min(bench.files, 20_000)
    dates = Row("date of a JPEG (vs open, read 64 KiB)", None, count)
    kinds = Row("kind by content (vs open, read 8 KiB)", None, count)
    slowest = Row("slowest file (vs 50 ms)", 1)
    text = Row("slowest text of a document (vs 50 ms)", 1)
    rows += [dates, kinds, slowest, text]
    bench.say("making media")
    media = _media(bench.folder / "media")
    photos = _photos(bench.folder / "photos", media, count)
    usual = [path for path in media if not path.name.startswith(_HOSTILE)]
    several = [usual[number % len(usual)] for number in range(count)]
    for pair in range(pairs):
        bench.say(f"looking into files, {pair + 1} of {pairs}")
        dates.add(_each(_date, photos), _each(_read(_BLOCK), photos))
        kinds.add(_each(_kind, several), _each(_read(HEAD), several))
    bench.say("looking for the slowest")
    slowest.add(max(_best(_everything, path) for path in media), _SLOWEST)
    text.add(max(_best(_text, path) for path in media), _SLOWEST)


def _media(folder: Path) -> list[Path]:
    folder.mkdir()
    corpus.make(folder)
    for name, content in hostile_media.make().items():
        (folder / f"{_HOSTILE}{name}").write_bytes(content)
    return sorted(folder.iterdir())


def _photos(folder: Path, media: Sequence[Path], count: int) -> list[Path]:
    """Make photos as long as those of cameras, with holes for what nobody looks at."""
    folder.mkdir()
    content = next(path for path in media if path.name == "original.jpg").read_bytes()
    paths = [folder / f"{number:05}.jpg" for number in range(count)]
    for path in paths:
        with path.open("wb") as file:
            file.write(content.ljust(_BLOCK, b"\xff"))
            file.truncate(_PHOTO)
    return paths


def _each(look: Callable[[Path], None], paths: Sequence[Path]) -> float:
    start = time.perf_counter()
    for path in paths:
        look(path)
    return time.perf_counter() - start


def _best(look: Callable[[Path], None], path: Path) -> float:
    return min(_each(look, [path]) for _ in range(_TRIES))


def _read(length: int) -> Callable[[Path], None]:
    def look(path: Path) -> None:
        handle = os.open(path, os.O_RDONLY)
        os.read(handle, length)
        os.close(handle)

    return look


def _looking(path: Path, look: Callable[[Window], object]) -> None:
    handle = os.open(path, os.O_RDONLY)
    size = os.fstat(handle).st_size
    look(Window(lambda start, length: os.pread(handle, length, start), size))
    os.close(handle)


def _date(path: Path) -> None:
    _looking(path, lambda window: metadata_of(window, "image/jpeg", _DATE))


def _kind(path: Path) -> None:
    _looking(path, mime_of)


def _everything(path: Path) -> None:
    _looking(path, lambda window: metadata_of(window, mime_of(window, path.name) or "", FIELDS))


def _text(path: Path) -> None:
    _looking(path, lambda window: text_of(window, mime_of(window, path.name) or ""))
