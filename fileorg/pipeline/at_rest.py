"""Whether what a configuration makes of files comes to rest, tried on names without files."""

from collections.abc import Iterable, Iterator
from itertools import islice

from fileorg.categorize.conditions import NAME
from fileorg.categorize.implication import clash, implies
from fileorg.categorize.judge import UNREAD, FileEvidence
from fileorg.categorize.supposing import Supposed, sample_names
from fileorg.errors import UsageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import FileEntry, Fingerprint, FolderFacts, Kind, Seen, Skip
from fileorg.model.evidence import Facts
from fileorg.model.location import Location
from fileorg.model.plan import Classified
from fileorg.model.reason import Reason
from fileorg.pipeline.job import Job
from fileorg.plan.places import Destination, Places
from fileorg.plan.rest import Rest
from fileorg.scan.company import Company

_HERE, _THERE = Location(0, b""), Location(1, b"")
_PLACES = (Destination(_HERE, _THERE), Destination(_HERE, _HERE))
_ELSEWHERE, _AGAIN = 0, 1
_COMMON = (b"sample.jpg", b"sample.tar.gz")
_MOST = 3
_MARK = Fingerprint(1, 1_562_241_601 * 10**9, 0, 1)


class Trial:
    """A configuration tried on files that there might be, on an empty disk."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._judge = job.judge(())
        self._rules = () if job.book is None else job.book.rules
        self._numbers = {ready.rule.name: number for number, ready in enumerate(self._rules)}
        self._known: dict[int, list[Classified]] = {}
        nowhere = Nowhere()
        self._places = [Places(job.layouts, [one], nowhere) for one in _PLACES]
        self._rests = [Rest(job.layouts, one, self._classify, nowhere) for one in self._places]

    def check(self) -> None:
        """Raise the `UsageError` of a run whose layouts would rename their results for ever."""
        for name in _COMMON:
            item = self._judged(_entry(name), None)
            if isinstance(item, Classified):
                self._plan(item, _ELSEWHERE)
        for number in range(len(self._rules)):
            error = self._refusal(number, _ELSEWHERE)
            if error is not None:
                raise error

    def unrest(self, number: int) -> str:
        """Return why the results of a rule would move again in place; empty if they stay."""
        error = self._refusal(number, _AGAIN)
        return "" if error is None else error.message

    def _refusal(self, number: int, place: int) -> UsageError | None:
        """Return why a run would refuse what a rule does, if it has its turn."""
        try:
            for item in self._samples(number):
                if place == _AGAIN or not self._job.layouts[item.layout].rests:
                    self._plan(item, place)
        except UsageError as error:
            own = self._rules[number].condition
            earlier = (ready.condition for ready in self._rules[:number])
            return None if any(implies(own, other) for other in earlier) else error
        return None

    def _samples(self, number: int) -> list[Classified]:
        """Return files that a rule takes, if what it asks for beside the name holds."""
        if number not in self._known:
            self._known[number] = list(islice(self._taken(number), _MOST))
        return self._known[number]

    def _taken(self, number: int) -> Iterator[Classified]:
        condition = self._rules[number].condition
        if self._rules[number].rule.skip or clash(condition):
            return
        for entry in map(_entry, dict.fromkeys(sample_names(condition))):
            if condition.verdict(FileEvidence(entry, UNREAD, self._judge), NAME) is not False:
                item = self._judged(entry, number)
                if isinstance(item, Classified) and self._numbers.get(_rule_of(item)) == number:
                    yield item

    def _plan(self, item: Classified, place: int) -> None:
        """Raise the error of a run that would move a file once more the next time."""
        places = self._places[place]
        origin = places.origin_of(item.entry.location)
        try:
            shelf, name = places.place(item, item.entry.location.name, origin)
        except ValueError:
            return  # what is rendered is no name, so that the file stays
        self._rests[place].check(item, origin.home, shelf, name)

    def _classify(self, entry: FileEntry, was: Classified | None = None) -> Classified | Skip:
        rule = "" if was is None else _rule_of(was)
        return self._judged(entry, self._numbers.get(rule))

    def _judged(self, entry: FileEntry, number: int | None) -> Classified | Skip:
        """Return a file as it is if all else holds that a rule asks for; unless it is unknown."""
        category = self._job.categorizer.category_of(entry.location.name)
        if number is None or self._job.book is None or self._job.ruled is None:
            return Classified(entry, category)
        evidence = FileEvidence(entry, UNREAD, self._judge)
        supposed = Supposed(self._job.book, number)
        try:
            taker = supposed.taker(evidence)
        except LookupError:
            return Skip(entry.location, Reason.RULE)
        if taker is None:
            return Classified(entry, category)
        rule = self._rules[taker].rule
        if rule.skip:
            return Skip(entry.location, Reason.RULE)
        facts = Facts(rule=rule.name, fields=supposed.groups(evidence))
        return Classified(entry, rule.category or category, facts, self._job.ruled.layouts[taker])


class Nowhere:
    """An empty disk: the `Surroundings` of a trial."""

    def capabilities(self, root: int) -> Capabilities:  # noqa: ARG002
        """Return what most file systems can do."""
        return Capabilities()

    def root_name(self, root: int) -> bytes:  # noqa: ARG002
        """Return the name of each folder that a root is."""
        return b"SOURCE"

    def folder(self, folder: Location) -> FolderFacts | None:
        """Return that only the roots are there."""
        return None if folder.path else FolderFacts(0o755, 0, 0, 0, 0, 0)

    def names(self, folder: Location) -> list[bytes]:  # noqa: ARG002
        """Return no names."""
        return []

    def entry(self, location: Location) -> FileEntry | None:  # noqa: ARG002
        """Return that nothing is there."""
        return None

    def main_of(self, entry: FileEntry) -> FileEntry:
        """Return the file: it is alone."""
        return entry

    def company(self, names: Iterable[bytes]) -> Company:
        """Return the names of a folder."""
        return Company(names)

    def same_content(self, one: FileEntry, other: FileEntry) -> bool:  # noqa: ARG002
        """Return that no two files are the same."""
        return False

    def same_device(self, one: Location, other: Location) -> bool:  # noqa: ARG002
        """Return that there is one device."""
        return True

    def everything_in(self, folder: Location) -> Iterator[Seen]:  # noqa: ARG002
        """Return that there is nothing."""
        return iter(())


def _entry(name: bytes) -> FileEntry:
    return FileEntry(_HERE.below(name), Kind.FILE, _MARK)


def _rule_of(item: Classified) -> str:
    return "" if item.facts is None else item.facts.rule
