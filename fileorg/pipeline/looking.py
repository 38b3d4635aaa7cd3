"""Files judged as they pass: by their names at once, by a look into them beside one another."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from fileorg.categorize.judge import Judge
from fileorg.model.entry import FileEntry, FolderSeen, Piece, Seen, Settled, Skip, Unit
from fileorg.model.evidence import Facts, Mismatch
from fileorg.model.plan import Classified, ClassifiedUnit
from fileorg.storage.base import ReadableStorage
from fileorg.workers import Crew, ForkedCrew, InlineCrew, can_fork, processors

Judged = Classified | ClassifiedUnit | FolderSeen | Mismatch | Settled | Skip
_Found = Classified | Skip
_Held = list[Judged | Unit | None]
"""What is known; None stands for a file that is asked for, a unit for its main file."""
_Asked = list[FileEntry]
_Chunk = tuple[_Held, _Asked]
_Crew = Crew[_Asked, list[_Found]]

_CHUNK = 128
_FEW = 256
"""So many files are looked into before it pays to have other processes do it."""
_MOST_READERS = 8


class Looker:
    """Judges the files of one storage; *unread* are those it could not look into, *why* the first.

    They are counted where they are judged, which may be in another process.
    """

    def __init__(self, judge: Judge, storage: ReadableStorage) -> None:
        self.unread, self.why = 0, ""
        self._judge = judge
        self._storage = storage
        self._category_of = judge.categorizer.category_of

    def classify(self, entry: FileEntry, was: Classified | None = None) -> _Found:
        """Return an entry with its category; *was* is the same file where it can be read.

        What a rule leaves alone is a `Skip`.
        """
        judge = self._judge
        known = judge.at_once(entry, self._category_of(entry.location.name))
        if known is not None:
            return known
        from fileorg.pipeline.contents import RecalledContents, StoredContents

        source = entry if was is None else was.entry
        contents = StoredContents(self._storage, source, judge.metadata)
        if was is None or was.facts is None or judge.rules is not None:
            return judge.judge(entry, contents)
        return judge.judge(entry, RecalledContents(was.facts, contents))

    def each(self, seen: Iterable[Seen], jobs: int | None = None) -> Iterator[Judged]:
        """Yield what is *seen* in its order, files with their categories; *jobs* are looked into.

        Before a file whose content contradicts its name comes a `Mismatch`.
        """
        seen = iter(seen)
        if self._judge.rules is not None:
            yield from self._beside(seen, jobs)
            return
        category_of, has_to_look = self._category_of, self._judge.has_to_look
        for item in seen:
            if type(item) is not FileEntry:  # quicker than isinstance, of which there are millions
                known = self._known(item)
                if known is None:
                    yield from self._beside(chain([item], seen), jobs)
                    return
                yield from known
                continue
            path = item.location.path
            category = category_of(path[path.rfind(b"/") + 1 :])
            if has_to_look(item, category):
                yield from self._beside(chain([item], seen), jobs)
                return
            yield Classified(item, category)

    def _known(self, item: FolderSeen | Piece | Settled | Skip | Unit) -> Iterable[Judged] | None:
        """Return what need not be looked into: None for a unit whose main file has to be."""
        if isinstance(item, Unit):
            main = self._judge.at_once(item.main, self._category_of(item.main.location.name))
            return None if main is None else _united(main, item)
        if isinstance(item, Piece):
            facts = Facts(newest_ns=item.evidence.mtime_ns)
            return (Classified(item.entry, self._category_of(item.like), facts),)
        return (item,)

    def _beside(self, seen: Iterator[Seen], jobs: int | None) -> Iterator[Judged]:
        """Go on in chunks: what has to be looked at is asked for, and what is plain is held."""
        chunks = self._chunks(seen)
        yield from self._in_order(_few(chunks), InlineCrew(self._look))
        begun = list(islice(chunks, 1))
        if begun:
            yield from self._in_order(chain(begun, chunks), self._crew(jobs))

    def _crew(self, jobs: int | None) -> _Crew:
        count = min(processors(), _MOST_READERS) if jobs is None else jobs
        if count > 1 and can_fork():
            return ForkedCrew(self._look, _Asked, list[_Found], count)
        return InlineCrew(self._look)

    def _chunks(self, seen: Iterator[Seen]) -> Iterator[_Chunk]:
        """Yield what is known already, with gaps for what is asked."""
        category_of, at_once = self._category_of, self._judge.at_once
        while chunk := list(islice(seen, _CHUNK)):
            held: _Held = []
            asked: _Asked = []
            for item in chunk:
                if type(item) is not FileEntry:
                    known = self._known(item)
                    if known is not None:
                        held.extend(known)
                    elif isinstance(item, Unit):
                        held.append(item)
                        asked.append(item.main)
                    continue
                plain = at_once(item, category_of(item.location.name))
                held.append(plain)
                if plain is None:
                    asked.append(item)
            yield held, asked

    def _in_order(self, chunks: Iterable[_Chunk], crew: _Crew) -> Iterator[Judged]:
        waiting: deque[_Held] = deque()
        try:
            for held, asked in chunks:
                if len(waiting) >= crew.capacity:
                    yield from _filled(waiting.popleft(), self._counted(crew.collect()))
                waiting.append(held)
                crew.submit(asked)
            while waiting:
                yield from _filled(waiting.popleft(), self._counted(crew.collect()))
        finally:
            crew.close()

    def _counted(self, found: list[_Found]) -> list[_Found]:
        """Return what was *found*, once what could not be read is counted."""
        for item in found:
            if type(item) is Classified and item.facts is not None and item.facts.problem:
                self.unread += 1
                self.why = self.why or item.facts.problem
        return found

    def _look(self, asked: _Asked) -> list[_Found]:
        from fileorg.pipeline.contents import StoredContents

        judge, storage, wanted = self._judge.judge, self._storage, self._judge.metadata
        return [judge(entry, StoredContents(storage, entry, wanted)) for entry in asked]


def _few(chunks: Iterator[_Chunk]) -> Iterator[_Chunk]:
    """Yield chunks until some files were asked for."""
    total = 0
    for held, asked in chunks:
        yield held, asked
        total += len(asked)
        if total >= _FEW:
            return


def _filled(held: _Held, found: Iterable[_Found]) -> Iterator[Judged]:
    """Yield what was held, with what was *found* in its gaps."""
    found = iter(found)
    for item in held:
        if item is not None and not isinstance(item, Unit):
            yield item
            continue
        judged = next(found)
        if type(judged) is Classified and (facts := judged.facts) is not None and facts.doubt:
            yield Mismatch(judged.entry.location, facts.mime or "", facts.doubt)
        if item is None:
            yield judged
        else:
            yield from _united(judged, item)


def _united(main: _Found, unit: Unit) -> Iterable[Judged]:
    """Return a unit of which the main file is judged; left alone with it are all its members."""
    if isinstance(main, Skip):
        return [Skip(member.location, main.reason, main.detail) for member in unit.members]
    return (ClassifiedUnit(main, unit),)
