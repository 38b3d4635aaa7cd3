"""A configuration made ready: what is scanned, what each file is, and where it goes."""

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial

from fileorg.categorize.dates import Calendar
from fileorg.categorize.judge import FileEvidence, Judge
from fileorg.categorize.rules import Categorizer
from fileorg.config.convert import nearest
from fileorg.config.schema import Config
from fileorg.errors import ConfigError, UsageError
from fileorg.model.duplicates import DedupePolicy
from fileorg.model.entry import FileEntry, Kind, Seen, Skip
from fileorg.model.evidence import Trust
from fileorg.model.location import QUARANTINE, Location, is_below, join
from fileorg.model.plan import Classified, ClassifiedUnit, FolderPolicy
from fileorg.model.reason import Reason
from fileorg.pipeline.by_name import ByName
from fileorg.pipeline.layouts import layouts_of, rulebook_of
from fileorg.pipeline.looking import Judged, Looker
from fileorg.pipeline.selecting import goes_by_times, references_of, selection_of
from fileorg.pipeline.state import State
from fileorg.pipeline.surroundings import Disk
from fileorg.plan.layout import Layout
from fileorg.plan.options import PlanOptions
from fileorg.plan.planner import Destination, Planner
from fileorg.plan.rest import Classify
from fileorg.plan.templates import MODES
from fileorg.scan.scanner import Scanner, ScanOptions
from fileorg.scan.units import gather_units
from fileorg.storage.base import ReadableStorage
from fileorg.storage.local_probe import mount_points
from fileorg.storage.remote import real


class Job:
    """A configuration made ready: every mistake in it is found before anything is opened."""

    def __init__(self, config: Config, calendar: Calendar, now_ns: int) -> None:
        """Compile layout, categories and selection; `UsageError` or `ConfigError` otherwise."""
        self._config = config
        self.calendar = calendar
        self.categorizer = categorizer_of(config)
        self.book = rulebook_of(config, self.categorizer, calendar, now_ns)
        self._check_categories()
        self.layouts, self.ruled = layouts_of(config, calendar, self._categories, self.book)
        self._selection = selection_of(config, now_ns)
        if config.depth is not None and config.folders is FolderPolicy.LEAVE:
            raise UsageError("depth: subfolders are left as they are", "add --recursive")

    @property
    def _categories(self) -> tuple[str, ...]:
        return self.categorizer.names() if self.book is None else self.book.categories

    def scan(
        self, storage: ReadableStorage, destinations: Sequence[Destination], state: State
    ) -> Iterator[Seen]:
        """Walk the sources."""
        config, sources = self._config, [destination.source for destination in destinations]
        options = ScanOptions(
            selection=self._selection,
            recurse=config.folders is not FolderPolicy.LEAVE,
            depth=config.depth,
            own_paths=own_paths(state, config.folders),
            references=frozenset(map(real, references_of(config))),
            mount_points=frozenset(mount_points()),
            units=True,
            whole=config.folders is FolderPolicy.WHOLE,
            stays=self._by_name(storage, destinations).stays,
            is_sorted=partial(self._sorts_into, [place.target for place in destinations]),
        )
        return Scanner(storage, options).scan(sources)

    def _by_name(self, storage: ReadableStorage, destinations: Iterable[Destination]) -> ByName:
        """Return what tells files that need no look: none where more than the name may matter."""
        config = self._config
        needs_more = (
            config.folders is not FolderPolicy.RECURSE
            or config.dedupe is DedupePolicy.QUARANTINE
            or config.trust is Trust.CONTENT
            or config.only_category
            or self.ruled is not None
            or any(root.reach for root in storage.roots)
        )
        targets = [] if needs_more else [place.target for place in destinations]
        return ByName(self.layouts[0], self.categorizer, targets)

    @property
    def goes_by_times(self) -> bool:
        """Whether the time of each file may decide something."""
        fields = {field for layout in self.layouts for field in layout.fields}
        return goes_by_times(self._config, fields)

    def _sorts_into(self, targets: Iterable[Location], folder: Location) -> bool:
        """Whether the name of a folder tells that a layout, or any mode, sorts files into it."""
        cuts = [len(join(t.path, b"")) for t in targets if is_under(folder, t)]
        return any(layout.tells(folder.path[cut:]) for layout in self._telling for cut in cuts)

    @cached_property
    def _telling(self) -> list[Layout]:
        modes = (Layout(text, self.calendar, self._categories) for text in MODES.values())
        return [*self.layouts, *modes]

    def looker(self, storage: ReadableStorage, sources: Iterable[Location] = ()) -> Looker:
        """Return what says of each file what it is; paths in rules begin in the *sources*."""
        return Looker(self.judge(sources), storage)

    def evidence(
        self, storage: ReadableStorage, entry: FileEntry, sources: Iterable[Location]
    ) -> FileEvidence:
        """Return all there is to know about one file, its date included whatever the layout."""
        from fileorg.pipeline.contents import StoredContents

        thorough = self.judge(sources, frozenset({"date"}))
        return FileEvidence(entry, StoredContents(storage, entry, thorough.metadata), thorough)

    def judge(self, sources: Iterable[Location], more: frozenset[str] = frozenset()) -> Judge:
        """Return what judges files; paths in rules begin in the *sources*.

        It finds *more* fields than the layout of the job uses.
        """
        wanted = self.layouts[0].fields | more
        return Judge(
            self.categorizer, self.calendar, self._config.trust, wanted, self.ruled, sources
        )

    def gather(self, judged: Iterator[Judged]) -> Iterator[Judged]:
        """Leave out what is not wanted; with `--folders whole` gather folders into units."""
        judged = self._selected(judged)
        return gather_units(judged) if self._config.folders is FolderPolicy.WHOLE else judged

    def planner(
        self, destinations: list[Destination], disk: Disk, classify: Classify, run: str
    ) -> Planner:
        """Return what decides where everything goes."""
        config, book = self._config, self.book
        recurses = config.folders is FolderPolicy.RECURSE
        options = PlanOptions(
            policy=config.on_conflict,
            copy=config.copy,
            keep_empty=config.keep_empty,
            quarantine=join(QUARANTINE, run.encode()),
            by_name=book is not None,
            by_folder=book is not None and book.sees_folders and recurses,
        )
        return Planner(self.layouts, destinations, classify, disk, options)

    def movable(
        self, judged: Iterator[Judged], destinations: Iterable[Destination]
    ) -> Iterator[Classified | ClassifiedUnit]:
        """Yield the files that are organized one by one, not those in a folder that moves whole.

        What belongs together comes as one.
        """
        is_whole = self._config.folders is FolderPolicy.WHOLE
        sources = {d.source for d in destinations}
        for item in self._selected(judged):
            if type(item) is ClassifiedUnit or (
                type(item) is Classified and item.entry.kind is Kind.FILE
            ):
                location = item.location
                if not is_whole or not sources.isdisjoint((location, location.folder)):
                    yield item

    def _selected(self, judged: Iterator[Judged]) -> Iterator[Judged]:
        only = frozenset(self._config.only_category)
        return _of_categories(judged, only) if only else judged

    def _check_categories(self) -> None:
        known = self._categories
        for name in self._config.only_category:
            if name not in known:
                near = nearest(name, [*known])
                hint = f"did you mean {near!r}?" if near else "'fileorg categories list' names them"
                raise UsageError(f"only_category: {name!r} is no category; {hint}")


def categorizer_of(config: Config) -> Categorizer:
    """Return what names the category of a file; `ConfigError` if the user's are no categories."""
    try:
        return Categorizer(config.categories)
    except ValueError as error:
        raise ConfigError(f"categories: {error}") from error


def _of_categories(judged: Iterable[Judged], only: frozenset[str]) -> Iterator[Judged]:
    """Yield files of some categories, and for the others that they were not selected."""
    for item in judged:
        if type(item) is Classified and item.category not in only:
            yield Skip(item.entry.location, Reason.FILTERED)
        elif type(item) is ClassifiedUnit and item.main.category not in only:
            yield from (Skip(member.location, Reason.FILTERED) for member in item.unit.members)
        else:
            yield item


def is_under(folder: Location, target: Location) -> bool:
    """Whether a folder is somewhere in a target."""
    return folder.root == target.root and folder != target and is_below(folder.path, target.path)


def own_paths(state: State, folders: FolderPolicy) -> frozenset[bytes]:
    """Return the folders of fileorg's own; what holds one of them never moves as a whole."""
    own = {os.fsencode(state.path)}
    if folders is FolderPolicy.WHOLE:
        own.update(os.fsencode(parent) for parent in state.path.parents)
    return frozenset(own)
