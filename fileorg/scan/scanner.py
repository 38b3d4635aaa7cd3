"""Walking the sources: entries folder by folder in the order of their names, and what stays.

Reads only. An unreadable folder is a `Skip` with its reason, never an empty folder.
"""

from collections.abc import Callable, Collection, Iterator

import msgspec

from fileorg.config.globs import patterns
from fileorg.errors import StorageError
from fileorg.model.entry import (
    FileEntry,
    Fingerprint,
    FolderFacts,
    FolderSeen,
    Kind,
    Listing,
    Piece,
    Seen,
    Settled,
    Skip,
    Unit,
)
from fileorg.model.location import Location, is_inside
from fileorg.model.reason import Reason
from fileorg.scan.glimpse import Glimpse, Stays, groups_of
from fileorg.scan.peeks import Peeks
from fileorg.scan.protection import (
    IGNORE_FILE,
    Survey,
    file_reason,
    folder_reason,
    has_parts,
    has_program,
    survey,
)
from fileorg.scan.selection import Ignore, Selection, Selector, ignore_lines
from fileorg.scan.together import may_be_together, together
from fileorg.scan.uniting import united, weighed
from fileorg.scan.walked import Folder, Pending
from fileorg.storage.base import ReadableStorage, is_rewritten

_LARGEST_IGNORE_FILE = 1 << 20
_FILE = Kind.FILE
_LIKE_A_DISC = b"video.vob"
_MOST_SETTLED = 1000  # names at once
_NO_LOOK = Fingerprint(0, 0, 0, 0)
_Identity = tuple[int, int]


def _nowhere(_: Location) -> bool:
    return False


def _nothing_stays(_: Location) -> Stays | None:
    return None


class ScanOptions(msgspec.Struct, frozen=True):
    """How far to look, and for what. *depth* counts folders below SOURCE; None is no limit.

    *units* gives files that belong together as one, and folders that are never torn apart. Where
    the folders of a source move *whole*, a link goes along with what it leads to in the same one.
    """

    selection: Selection = Selection()
    recurse: bool = False
    depth: int | None = None
    own_paths: frozenset[bytes] = frozenset()
    references: frozenset[bytes] = frozenset()
    mount_points: frozenset[bytes] = frozenset()
    units: bool = False
    whole: bool = False
    is_sorted: Callable[[Location], bool] = _nowhere  # whether files are sorted into a folder
    stays: Callable[[Location], Stays | None] = _nothing_stays  # without a look at the file
    raw: bool = False  # everything, for a folder that moves as one


class Scanner:
    """One walk over one or more sources; `ValueError` for a glob that is none."""

    def __init__(self, storage: ReadableStorage, options: ScanOptions) -> None:
        self._storage = storage
        self._options = options
        self._selector = Selector(options.selection)
        self._limited = options.selection.has_limits
        self._hidden = options.selection.hidden
        self._peeks = Peeks(storage)
        self._walked: set[_Identity] = set()
        # A source that another one holds is reached as itself, not as a part of the other.
        self._named_folders: set[_Identity] = set()
        self._named_files: dict[_Identity, set[bytes]] = {}

    def scan(self, sources: list[Location]) -> Iterator[Seen]:
        """Yield what is at and below *sources*, each folder and file once."""
        entries = [self._named(source) for source in sources]
        yield from self._named_units(entries)
        for entry in entries:
            if isinstance(entry, Skip):
                yield entry
            elif entry.kind is Kind.FOLDER:
                yield from self._walk(entry.location)
            else:
                reason = self._file_reason(entry.location.name, entry)
                yield entry if reason is None else Skip(entry.location, reason)

    def _named_units(self, entries: list[FileEntry | Skip]) -> Iterator[Unit | Skip]:
        """Yield what belongs together among the files that are sources, and take it out."""
        folders: dict[Location, dict[bytes, FileEntry]] = {}
        for entry in entries if self._options.units else ():
            if isinstance(entry, FileEntry) and entry.kind is _FILE:
                folders.setdefault(entry.location.folder, {})[entry.location.name] = entry
        taken: set[Location] = set()
        for files in folders.values():
            for group in together(files, ()) if len(files) > 1 else ():
                taken.update(files[name].location for name in group.names)
                yield from united(group, files, self._file_reason, self._whole)
        entries[:] = [entry for entry in entries if entry.location not in taken]

    def _named(self, source: Location) -> FileEntry | Skip:
        """Look at a source, and note who it is."""
        try:
            entry = self._source(source)
            is_folder = entry.kind is Kind.FOLDER
            facts = self._storage.folder_facts(source if is_folder else source.folder)
        except StorageError as error:
            return Skip(source, error.reason, str(error))
        if is_folder:
            self._named_folders.add(_identity(facts))
            return entry
        names = self._named_files.setdefault(_identity(facts), set())
        if source.name in names:
            return Skip(source, Reason.SEEN_BEFORE)
        names.add(source.name)
        return entry

    def _source(self, source: Location) -> FileEntry:
        """Return what stands there; in a bucket the folder, where a file has the same name."""
        entry = self._storage.stat(source)
        if entry.kind is _FILE and is_rewritten(self._storage, source.root):
            try:
                facts = self._storage.folder_facts(source)
            except StorageError as error:
                if error.reason not in {Reason.VANISHED, Reason.FOLDER_GONE}:
                    raise
            else:
                return FileEntry(source, Kind.FOLDER, Fingerprint(0, 0, 0, facts.inode))
        return entry

    def _walk(self, source: Location) -> Iterator[Seen]:
        pending = [Pending(source, 0, None)]
        while pending:
            folder = self._enter(pending.pop())
            if not isinstance(folder, Folder):
                yield folder
                continue
            yield FolderSeen(folder.location, folder.facts, folder.held)
            yield from self._settled(folder)
            if folder.units:
                yield from self._units(folder)
            yield from self._entries(folder, pending)

    def _enter(self, here: Pending) -> Folder | Piece | Skip:
        """List a folder and read its rules; a `Skip` where it is not for us."""
        seen = self._look(here.location)
        if isinstance(seen, Skip):
            return seen
        listing = seen.listing
        cut = len(here.location.path) + 1 if here.location.path else 0
        names = [entry.location.path[cut:] for entry in listing.entries]
        found = survey(names + seen.settled)
        reason = self._whole_folder_reason(here, listing, found)
        if reason is not None:
            return Skip(here.location, reason)
        if found.is_disc and here.depth and self._options.units:
            return self._piece(here.location, listing.facts)
        try:
            ignore = self._ignore(here, names)
        except (StorageError, OSError, ValueError) as error:
            # what the user wanted left alone is not known here
            return Skip(here.location.below(IGNORE_FILE), Reason.UNREADABLE, str(error))
        identity = _identity(listing.facts)
        self._walked.add(identity)
        named: Collection[bytes] = self._named_files.get(identity, ())
        judge = bool(named) or found.is_odd or self._limited or ignore is not None
        units = self._options.units and may_be_together(found.suffixes)
        return Folder(here, seen, names, named, ignore, judge=judge, units=units)

    def _settled(self, folder: Folder) -> Iterator[Settled | Skip]:
        """Yield the files that stay by their names alone, unless there is another reason."""
        stay = [] if folder.judge else folder.settled
        for name in folder.settled if folder.judge else ():
            # no limit is set, so that nothing but the name decides
            entry = FileEntry(folder.location.below(name), _FILE, _NO_LOOK)
            reason = self._file_reason(name, entry, folder)
            if reason is None:
                stay.append(name)
            else:
                yield Skip(entry.location, reason)
        for start in range(0, len(stay), _MOST_SETTLED):
            yield Settled(folder.location, tuple(stay[start : start + _MOST_SETTLED]))

    def _units(self, folder: Folder) -> Iterator[Unit | Skip]:
        """Yield what belongs together in a folder, and take it out."""
        groups = folder.groups
        if groups is None:
            kinds = (entry.kind for entry in folder.entries)
            groups = groups_of([*zip(folder.names, kinds, strict=True)])
        entries = folder.take(groups) if groups else {}

        def reason_of(name: bytes, entry: FileEntry) -> Reason | None:
            if entry.kind is Kind.FOLDER:
                return self._folder_reason(folder, entry, name)
            return self._file_reason(name, entry, folder)

        for group in groups:
            yield from united(group, entries, reason_of, self._whole)

    def _piece(self, folder: Location, facts: FolderFacts) -> Piece | Skip:
        """Return a folder as one, unless something in it must stay where it is."""
        evidence = self._whole(folder)
        if isinstance(evidence, Skip):
            return Skip(folder, evidence.reason, "there is one inside")
        own = Fingerprint(evidence.size, facts.mtime_ns, 0, facts.inode)
        return Piece(FileEntry(folder, Kind.FOLDER, own), _LIKE_A_DISC, evidence)

    def _whole(self, folder: Location) -> Fingerprint | Skip:
        """Return what a folder is as one, or what pins it."""
        options = msgspec.structs.replace(
            self._options, selection=Selection(), recurse=True, depth=None, units=False, raw=True,
            stays=_nothing_stays,
        )  # fmt: skip
        inside = Scanner(self._storage, options).scan([folder])
        return weighed(inside, lambda seen: _identity(seen.facts) in self._named_folders)

    def _entries(self, folder: Folder, pending: list[Pending]) -> Iterator[FileEntry | Skip]:
        """Yield the files of a folder; its subfolders are put on *pending*, the first on top."""
        entries, subfolders, start = folder.entries, list[Pending](), 0
        for place in folder.to_judge():
            yield from entries[start:place]
            entry, name, start = entries[place], folder.names[place], place + 1
            if entry.kind is Kind.FOLDER:
                reason = self._folder_reason(folder, entry, name)
                if reason is None:
                    subfolders.append(Pending(entry.location, folder.depth + 1, folder.ignore))
                    continue
            else:
                reason = self._file_reason(name, entry, folder)
            yield entry if reason is None else Skip(entry.location, reason)
        yield from entries[start:]
        subfolders.reverse()
        pending.extend(subfolders)

    def _look(self, folder: Location) -> Glimpse | Skip:
        try:
            return self._peeks.glimpse(
                folder, None if self._limited else self._options.stays(folder)
            )
        except StorageError as error:
            reason = Reason.UNREADABLE if error.reason is Reason.PERMISSION else error.reason
            return Skip(folder, reason, str(error))

    def _whole_folder_reason(self, here: Pending, listing: Listing, found: Survey) -> Reason | None:
        facts = listing.facts
        identity = _identity(facts)
        if identity in self._walked or (here.depth and identity in self._named_folders):
            return Reason.SEEN_BEFORE
        if here.depth == 0:
            return None
        if facts.device != self._storage.roots[here.location.root].device:
            return Reason.MOUNT
        if self._options.raw or not (found.reason or has_program(found.suffixes)):
            return None
        if found.reason not in {None, Reason.PROGRAM}:
            return found.reason
        if self._options.is_sorted(here.location):
            return None  # programs and libraries that were sorted there, each by itself
        return Reason.PROGRAM if found.reason or self._has_parts_below(listing) else None

    def _has_parts_below(self, listing: Listing) -> bool:
        """Whether a folder right in the one of a program holds what it loads."""
        below = [e.location for e in listing.entries if e.kind is Kind.FOLDER]
        found = any(has_parts(self._peeks.names(folder)) for folder in below)
        if found:
            self._peeks.forget(below)
        return found

    def _file_reason(
        self, name: bytes, entry: FileEntry, folder: Folder | None = None
    ) -> Reason | None:
        """Return why a file stays: one in a *folder* that is walked through, or a source itself."""
        if folder is not None and name in folder.named:
            return Reason.SEEN_BEFORE
        if entry.kind is Kind.SPECIAL:
            return Reason.SPECIAL if is_inside(entry.location.path) else Reason.NO_PATH
        if self._options.raw:
            return None
        reason = file_reason(name)
        if reason is not None:
            return reason
        if name[:1] == b"." and not self._hidden:
            return Reason.HIDDEN
        depth, ignore = (0, None) if folder is None else (folder.depth, folder.ignore)
        if entry.kind is Kind.SYMLINK and (reason := self._link_reason(entry, depth)) is not None:
            return reason
        if ignore is not None and ignore.ignores(entry.location.path):
            return Reason.IGNORED
        return self._selector.file_reason(entry) if self._limited else None

    def _link_reason(self, entry: FileEntry, depth: int) -> Reason | None:
        try:
            target = self._storage.link_target(entry.location)
        except StorageError as error:
            return error.reason
        if target.startswith(b"/") or (self._options.whole and not _leads_out(target, depth)):
            return None
        return Reason.RELATIVE_LINK

    def _folder_reason(self, folder: Folder, entry: FileEntry, name: bytes) -> Reason | None:
        options, path, ignore = self._options, entry.location.path, folder.ignore
        absolute = self._storage.roots[entry.location.root].absolute(entry.location)
        if absolute in options.own_paths:
            return Reason.OWN
        if absolute in options.references:
            return Reason.REFERENCE
        if absolute in options.mount_points:
            return Reason.MOUNT
        if options.raw:
            return None
        reason = folder_reason(name)
        if reason is None and name[:1] == b"." and not self._hidden:
            reason = Reason.HIDDEN
        if reason is not None:
            return reason
        if ignore is not None and ignore.ignores(path, folder=True):
            return Reason.IGNORED
        if self._limited and (reason := self._selector.folder_reason(path)) is not None:
            return reason
        if not options.recurse:
            return Reason.FOLDER_LEFT
        is_too_deep = options.depth is not None and folder.depth >= options.depth
        return Reason.TOO_DEEP if is_too_deep else None

    def _ignore(self, here: Pending, names: list[bytes]) -> Ignore | None:
        if self._options.raw or IGNORE_FILE not in names:
            return here.ignore
        with self._storage.open(here.location.below(IGNORE_FILE)) as file:
            content = file.read(_LARGEST_IGNORE_FILE + 1)
        if len(content) > _LARGEST_IGNORE_FILE:
            raise ValueError("it is longer than 1 MiB")
        rules = patterns(ignore_lines(content))
        return here.ignore if rules is None else Ignore(here.location.path, rules, here.ignore)


def _leads_out(target: bytes, depth: int) -> bool:
    """Whether a relative link so many folders below a source leads out of the first of them."""
    for part in target.split(b"/"):
        if part == b"..":
            depth -= 1
        elif part not in {b"", b"."}:
            depth += 1
        if depth < 1:
            return True
    return False


def _identity(facts: FolderFacts) -> _Identity:
    return facts.device, facts.inode
