"""The table of files in a page: each file as a row of numbers, which stand for words."""

import datetime as dt

import msgspec

from fileorg.model.evidence import Basis
from fileorg.model.location import folder_of, shown
from fileorg.pipeline.viewing import FileLine
from fileorg.report.words import safe, safe_json

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Table:
    """The rows of the table of files, each name of a folder in it but once."""

    def __init__(self, root: str, zone: dt.tzinfo) -> None:
        self._root = root
        self._zone = zone
        self._words: dict[str, dict[str, int]] = {
            name: {} for name in ("statuses", "categories", "folders", "reasons", "evidence")
        }
        self._rows: list[tuple[str | int | None, ...]] = []

    @property
    def count(self) -> int:
        """How many files there are."""
        return len(self._rows)

    def add(self, line: FileLine) -> None:
        """Add a file."""
        source, target = line.source, line.target
        name, new = (safe(shown(path[path.rfind(b"/") + 1 :])) for path in (source, target))
        reason = reason_of(line)
        seconds, evidence = self._dated(line)
        basis = _basis(line)
        self._rows.append((
            name,
            self._number("folders", below(folder_of(source), self._root)),
            "" if new == name else new,
            -1 if target == source
            else self._number("folders", below(folder_of(target), self._root)),
            self._number("categories", safe(line.category)),
            line.size if line.is_measured else None,
            seconds,
            self._number("statuses", line.status.name.lower()),
            self._number("reasons", reason) if reason else -1,
            self._number("evidence", evidence) if evidence else -1,
            self._number("evidence", basis) if basis else -1,
        ))  # fmt: skip

    def json(self, zone: str) -> str:
        """Return all of it, with the name of the zone, as JSON in which no tag can begin or end."""
        words = {name: list(words) for name, words in self._words.items()}
        document = msgspec.json.encode({**words, "files": self._rows, "zone": zone}).decode()
        return safe_json(document, "utf-8").replace("<", "\\u003c")

    def _dated(self, line: FileLine) -> tuple[int | None, str]:
        """Return the date that counts, in seconds, and where it was found: nowhere for a change.

        A date that was written down becomes the moment that shows it in the zone of the page.
        """
        found = None if line.facts is None else line.facts.date
        if found is None:
            return (line.mtime_ns // 10**9 if line.is_measured else None), ""
        aware = found.clock(self._zone).replace(tzinfo=self._zone)
        return (aware - _EPOCH) // dt.timedelta(seconds=1), safe(found.source)

    def _number(self, name: str, word: str) -> int:
        words = self._words[name]
        return words.setdefault(word, len(words))


def _basis(line: FileLine) -> str:
    """Return what a category was taken from if it was not the file's own name."""
    if line.main is not None:
        return "with " + safe(shown(line.main[line.main.rfind(b"/") + 1 :]))
    facts = line.facts
    if facts is None or facts.basis is Basis.NAME:
        return ""
    return safe(f"rule: {facts.rule}" if facts.basis is Basis.RULE else f"content: {facts.mime}")


def reason_of(line: FileLine) -> str:
    """Return why a file is where it is, in words."""
    reason = "" if line.reason is None else line.reason.value
    return f"{reason}: {safe(line.detail)}" if line.detail not in {"", reason} else reason


def below(path: bytes, root: str) -> str:
    """Return a path as it is shown, without the root that all have."""
    return within(shown(path), root)


def within(path: str, root: str) -> str:
    """Return what a shown path is below the root that all have."""
    text = safe(path)
    inside = safe(root).rstrip("/") + "/"
    if root and text + "/" == inside:
        return "."
    return text[len(inside) :] if root and text.startswith(inside) else text
