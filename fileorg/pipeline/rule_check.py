"""What the rules of a configuration say, what is likely wrong with them, and which takes a file."""

import mimetypes
import time
from collections.abc import Sequence
from datetime import UTC

import msgspec

from fileorg.categorize.checking import Checker
from fileorg.categorize.dates import Calendar
from fileorg.categorize.mimetypes import known_types
from fileorg.categorize.tracing import Tried, tries
from fileorg.categorize.wording import sentence
from fileorg.config.schema import Config
from fileorg.content import flavours, signatures
from fileorg.errors import SourceMissingError, StorageError, UsageError
from fileorg.model.entry import Kind
from fileorg.model.location import shown
from fileorg.pipeline.at_rest import Trial
from fileorg.pipeline.job import Job
from fileorg.pipeline.selecting import asked_of
from fileorg.pipeline.surroundings import Disk
from fileorg.pipeline.workspace import Workspace, reading_roots
from fileorg.pipeline.zone import resolve_zone


class RuleLine(msgspec.Struct, frozen=True):
    """A rule, where it stands, what it does in a sentence, and what is likely wrong with it."""

    name: str
    key: str
    says: str
    warnings: tuple[str, ...]


class TriedPath(msgspec.Struct, frozen=True):
    """A file, the rule that takes it if one does, its category, and the rules that were asked.

    What a rule leaves alone has no category. What goes with a *main* file is judged as that.
    """

    path: bytes
    rule: str | None
    category: str | None
    tried: tuple[Tried, ...]
    main: bytes | None = None


def check_rules(config: Config) -> list[RuleLine]:
    """Return the rules in their order; what can't be used at all is a `UsageError`.

    So is a layout that would rename its own results for ever, where that shows without files.
    """
    now = time.time_ns()
    job = Job(config, Calendar(UTC, now), now)
    trial = Trial(job)
    trial.check()
    book = job.book
    if book is None:
        return []
    checker = Checker(book.rules, job.categorizer, _types())
    return [
        RuleLine(
            ready.rule.name,
            ready.path,
            sentence(ready.rule, ready.condition),
            (*checker.warnings(number), *filter(None, [trial.unrest(number)])),
        )
        for number, ready in enumerate(book.rules)
    ]


def try_rules(
    config: Config, paths: Sequence[bytes], source: bytes | None = None
) -> list[TriedPath]:
    """Return what the rules make of files, whose paths count from *source* or their own folder.

    Errors: `SourceMissingError`, `StorageUnavailableError`, `UsageError` for a folder.
    """
    now = time.time_ns()
    job = Job(config, Calendar(resolve_zone(config.timezone)[1], now), now)
    given = [*paths, *([] if source is None else [source])]
    roots, places = reading_roots(given, asked_of(config))
    found = []
    with Workspace(roots) as work:
        disk = Disk(work.storage)
        for path, place in zip(paths, places, strict=False):
            try:
                entry = work.storage.stat(place)
            except StorageError as error:
                raise SourceMissingError(f"{shown(path)}: {error}", "give files") from error
            if entry.kind is Kind.FOLDER:
                raise UsageError(f"{shown(path)}: a folder, and rules are of files", "name files")
            lead = disk.main_of(entry)
            is_main = lead.location == entry.location
            main = None if is_main else roots[place.root].absolute(lead.location)
            file = job.evidence(work.storage, lead, places[len(paths) :])
            ruling, tried = (None, ()) if job.book is None else tries(job.book, file)
            rule = None if ruling is None else ruling.rule
            if rule is None:
                found.append(TriedPath(path, None, file.category, tried, main))
            else:
                category = None if rule.skip else rule.category or file.category
                found.append(TriedPath(path, rule.name, category, tried, main))
    return found


def _types() -> list[str]:
    """Return the MIME types that a content may turn out to be."""
    read = {mime for _, mime in signatures.SIGNATURES}
    read.update(mime for _, _, mime in signatures.ELSEWHERE)
    read.update(mime for mime, _ in (*flavours.BEGINNINGS, *flavours.LINES))
    registered = mimetypes.MimeTypes(filenames=()).types_map
    return sorted(read.union(known_types(), *(kinds.values() for kinds in registered)))
