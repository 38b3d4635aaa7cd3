"""What holds of every plan, for any tree, layout, policy and disk."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from hypothesis import given, reject
from hypothesis import strategies as st

from fileorg.errors import StorageError, UsageError
from fileorg.model.capabilities import Capabilities
from fileorg.model.entry import Kind, Skip
from fileorg.model.location import Location
from fileorg.model.plan import (
    Action,
    ActionKind,
    Classified,
    ClassifiedUnit,
    ConflictPolicy,
    FolderPolicy,
)
from fileorg.plan.layout import Layout
from fileorg.plan.naming import folded
from fileorg.plan.options import PlanOptions
from fileorg.plan.planner import Destination, Planned, Planner
from fileorg.plan.templates import MODES, with_folders
from tests.plan.plans import CALENDAR, CATEGORIES, HERE, THERE, actions_of
from tests.plan.surroundings import DAY_NS, MAY_17, Disk, F, flat

# Names that meet: each other, numbered names, and the folders that layouts make.
WORDS = (
    b"a", b"a.jpg", b"A.JPG", b"a (1).jpg", b"a (2).jpg", b"b.txt", b"c.tar.gz", b"Images",
    b"images", b"Other", b"2024", b"2023", b"jpg", b"gz", b"tar.gz", b"Tiny", b"Undated", b"v1.0",
    b"No extension", "\u00e9.jpg".encode(), "e\u0301.jpg".encode(), b"n" * 251 + b".jpg",
    b"n" * 246 + b" (1).jpg", b"\xff.jpg", b"Documents",
)  # fmt: skip
# Names that belong together, and what their units may meet.
UNITED = (
    b"a.cr2", b"a.jpg", b"a.xmp", b"A.XMP", b"a.jpg.xmp", b"a.mov", b"a (1).cr2", b"a (1).xmp",
    b"a (2).jpg", b"p.html", b"p_files", b"p (1).html", b"z.part1.rar", b"z.part2.rar",
    b"z (1).part2.rar", b"i(1).jpg", b"i.jpg(1).json", b"i(1).jpg.json",
    b"n" * 251 + b".cr2", b"n" * 251 + b".xmp",
)  # fmt: skip
PATHS = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(b"/".join),
    st.tuples(st.sampled_from((b"", b"in/", b"Images/", b"2024/")), st.sampled_from(UNITED)).map(
        b"".join
    ),
)
# Names in several folders that come to one stem.
MEETING = st.tuples(
    st.sampled_from((b"in/", b"on/", b"Images/", b"Video/")),
    st.sampled_from((b"a", b"a", b"a.en", b"a (1)", b"b")),
    st.sampled_from((b".cr2", b".jpg", b".mov", b".mp4", b".mkv", b".srt", b".xmp", b".jpg.xmp")),
).map(b"".join)
FILES = st.builds(
    F,
    st.sampled_from((b"", b"one", b"two", b"six")),
    st.sampled_from((0, MAY_17, MAY_17 + DAY_NS, MAY_17 - 400 * DAY_NS)),
    kind=st.just(Kind.FILE),
)
TREES = st.dictionaries(PATHS, FILES, max_size=12)
FOLDING = Capabilities(case_insensitive=True)
NTFS = Capabilities(case_insensitive=True, reserved_names=True, name_unit="utf16")


def disk_of(
    tree: dict[bytes, F], able: Capabilities, *, empty: list[bytes], one_device: bool
) -> Disk:
    """Return a disk with those of the files and empty folders that can stand together on it."""
    disk = Disk(able=able, one_device=one_device)
    for path, what in (*sorted(tree.items()), *((folder, None) for folder in empty)):
        folder = HERE
        *parts, name = path.split(b"/")
        for part in parts:
            folder = disk.spelled(folder.below(part))
        with suppress(StorageError):
            if disk.folder(folder.below(name)) is None:
                disk.add(folder.below(name).path, what)
    return disk


TEMPLATES = (
    "{name}", "sorted/{category}/{name}", "{folder}/{category}/{name}", "{category}/{stem}{ext}",
    "{date:%Y}/{date:%m-%d}{ext}", "{stem}/{name}", "{category}/{date:%H}/{name}",
    "{category}/{stem}.{extension}", "{size_class}-{extension}/{folder}/{name}",
    "{date:%Y}/{date:%m}/{folder}/{category}/{name}", "{date:%Y.%B}/{category}-{date:%d}/{name}",
    "{category}/{parent}/{name}", "{artist|Nobody}/{album}/{name}",
    "{size}/{width}x{height}/{name}",
)  # fmt: skip


class Job:
    """One way to organize a disk."""

    def __repr__(self) -> str:
        return f"{self.template} {self.folders} {self.options} {self.destinations}"

    def __init__(
        self, template: str, folders: FolderPolicy, policy: ConflictPolicy, *,
        copy: bool = False, elsewhere: bool = False,
    ) -> None:  # fmt: skip
        self.template = template
        self.folders = folders
        self.destinations = [Destination(HERE, THERE if elsewhere else HERE)]
        self.options = PlanOptions(policy=policy, copy=copy)

    @property
    def scans(self) -> tuple[bool, bool]:
        """Return whether folders are scanned as wholes, and whether below."""
        return self.folders is FolderPolicy.WHOLE, self.folders is FolderPolicy.RECURSE

    def plan(self, disk: Disk) -> list[Planned]:
        """Return the whole plan for what is on the disk."""
        layout = Layout(self.template, CALENDAR, CATEGORIES)
        planner = Planner([layout], self.destinations, disk.classify, disk, self.options)
        whole, recurse = self.scans
        return list(planner.plan(disk.scan(HERE, recurse=recurse, whole=whole)))


@st.composite
def jobs(draw: st.DrawFn) -> Job:
    """Return any mode, folder policy, conflict policy, in place or not, moving or copying."""
    template = draw(st.sampled_from([*MODES.values(), *TEMPLATES]))
    if draw(st.booleans()):
        template = with_folders(template)
    return Job(
        template,
        draw(st.sampled_from(FolderPolicy)),
        draw(st.sampled_from([p for p in ConflictPolicy if p is not ConflictPolicy.FAIL])),
        copy=draw(st.booleans()),
        elsewhere=draw(st.booleans()),
    )


def told_of(plan: list[Planned]) -> Iterator[Location]:
    """Yield each file of which a plan says what becomes of it."""
    for item in flat(plan):
        if isinstance(item, Skip):
            yield item.location
        elif isinstance(item, Action) and item.kind in {ActionKind.MOVE, ActionKind.COPY}:
            yield item.source


def folded_location(location: Location, disk: Disk) -> tuple[int, bytes]:
    """Return what the disk knows a location by."""
    path = location.path
    return location.root, folded(path) if disk.able.case_insensitive else path


def beginning_of(location: Location, disk: Disk) -> tuple[int, bytes]:
    """Return a location up to its first dot, without the number of a Takeout."""
    name = location.name.partition(b".")[0].partition(b"(")[0]
    return folded_location(location.folder.below(name or location.name), disk)


DISKS = st.builds(
    disk_of,
    TREES,
    st.sampled_from((Capabilities(), Capabilities(), FOLDING, NTFS)),
    empty=st.lists(PATHS, max_size=2),
    one_device=st.booleans(),
)


FLAT = ("{category}/{name}", "{date:%Y}/{name}", "{date:%Y}/{date:%m-%d}{ext}")
MET = st.builds(
    disk_of,
    st.dictionaries(MEETING, FILES, min_size=4, max_size=10),
    st.sampled_from((Capabilities(), Capabilities(), FOLDING)),
    empty=st.just([]),
    one_device=st.just(True),
)


def plan_or_reject(job: Job, disk: Disk) -> list[Planned]:
    """Return the plan; an example whose template never rests is none."""
    try:
        return job.plan(disk)
    except UsageError:
        reject()


@given(DISKS, jobs())
def test_plan_can_be_carried_out_and_loses_nothing(disk: Disk, job: Job) -> None:
    """Each action of a plan finds its source and a free target, and no content is lost."""
    before = Counter(disk.contents())
    disk.apply(plan_or_reject(job, disk))
    after = Counter(disk.contents())
    assert not before - after
    assert job.options.copy or after == before


@given(DISKS, jobs())
def test_every_source_and_target_appears_once(disk: Disk, job: Job) -> None:
    """No file is moved twice, no name given twice, and no taken name given at all."""
    taken = {folded_location(at, disk) for at in (*disk.files, *disk.folders)}
    found = actions_of(plan_or_reject(job, disk))
    acts = [action for action in found if action.kind is not ActionKind.REMOVE_FOLDER]
    freed = {
        folded_location(action.source, disk)
        for action in found
        if action.kind is ActionKind.QUARANTINE
    }
    targets = [folded_location(action.target, disk) for action in acts]
    assert len(set(targets)) == len(targets)
    assert not (taken - freed) & set(targets)
    sources = [action.source for action in acts if action.kind is not ActionKind.MAKE_FOLDER]
    assert len(set(sources)) == len(sources)


@given(DISKS, jobs())
def test_everything_is_moved_or_has_a_reason(disk: Disk, job: Job) -> None:
    """Every file of the scan is moved once, or one skip says why it stays."""
    whole, recurse = job.scans
    seen = [
        entry.location
        for item in disk.scan(HERE, recurse=recurse, whole=whole)
        if isinstance(item, Classified | ClassifiedUnit)
        for entry in (item.unit.members if isinstance(item, ClassifiedUnit) else (item.entry,))
    ]
    told = Counter(told_of(plan_or_reject(job, disk)))
    if (
        not disk.one_device or job.options.copy or whole
    ):  # a folder on another device is told of file by file
        seen = [at for at in seen if at not in disk.folders]
    assert [told[at] for at in seen] == [1] * len(seen)


@given(DISKS, jobs())
def test_same_disk_gives_the_same_plan(disk: Disk, job: Job) -> None:
    """Planning asks and tells but changes nothing: planned again, all is the same."""
    assert plan_or_reject(job, disk) == job.plan(disk)


@given(st.one_of(DISKS, MET), jobs())
def test_second_run_does_nothing(disk: Disk, job: Job) -> None:
    """Once a plan is carried out, planning again finds nothing to do.

    But for `skip`, where a name or stem that was taken may have become free by the first run.
    """
    plan = plan_or_reject(job, disk)
    disk.apply(plan)
    again = actions_of(job.plan(disk))
    if job.options.policy is ConflictPolicy.SKIP:
        vacated = {beginning_of(action.source, disk) for action in actions_of(plan)}
        again = [
            action
            for action in again
            if action.kind is ActionKind.MOVE and beginning_of(action.target, disk) not in vacated
        ]
    assert not again


@given(DISKS, jobs())
def test_folders_that_were_empty_are_kept(disk: Disk, job: Job) -> None:
    """A folder that held nothing is still there, unless it or what it was in moved as a whole."""
    empty = {folder for folder in disk.folders if not disk.names(folder)}
    plan = plan_or_reject(job, disk)
    disk.apply(plan)
    moved = [a.source.path + b"/" for a in actions_of(plan) if a.kind is ActionKind.MOVE]
    expanded = [b"" for _ in moved if not disk.one_device]
    for gone in empty - disk.folders:
        assert (gone.path + b"/").startswith(tuple(moved + expanded))


@given(DISKS, jobs())
def test_what_belongs_together_is_never_parted(disk: Disk, job: Job) -> None:
    """All of a unit moves to one folder and gets one stem there, or all of it stays."""
    units = [item for item in disk.scan(HERE, recurse=True) if isinstance(item, ClassifiedUnit)]
    plan = plan_or_reject(job, disk)
    moved = {a.source: a.target for a in actions_of(plan, ActionKind.MOVE, ActionKind.COPY)}
    for item in units:
        members = [m.location for m in item.unit.members if m.kind is Kind.FILE]
        targets = [moved[at] for at in members if at in moved]
        assert len(targets) in {0, len(members)}
        assert len({target.folder for target in targets}) <= 1
        if [at.name for at in members] != [target.name for target in targets]:
            tails = [companion.tail for companion in item.unit.companions]
            pairs = zip(targets[1:], tails, strict=False)
            stems = {target.name.removesuffix(tail) for target, tail in pairs}
            assert len(stems) <= 1
            assert all(targets[0].name.startswith(stem + b".") for stem in stems)


def origins_of(plan: list[Planned], disk: Disk) -> dict[Location, Location]:
    """Return where each file of a disk was before a plan was carried out."""
    moves = {a.target: a.source for a in actions_of(plan) if a.kind is not ActionKind.MAKE_FOLDER}
    return {
        at: next((_below(moves[step], at, step) for step in at.upwards() if step in moves), at)
        for at in disk.files
    }


def _below(source: Location, at: Location, step: Location) -> Location:
    return Location(source.root, source.path + at.path[len(step.path) :])


def units_on(disk: Disk) -> dict[Location, frozenset[Location]]:
    """Return for each file what a scan tells together with it, itself included."""
    found = {at: frozenset({at}) for at in disk.files}
    for root in (HERE, THERE):
        for item in disk.scan(root):
            if isinstance(item, ClassifiedUnit):
                members = frozenset(m.location for m in item.unit.members if m.kind is Kind.FILE)
                found |= dict.fromkeys(members, members)
    return found


@given(MET, st.sampled_from(FLAT), st.sampled_from((ConflictPolicy.RENAME, ConflictPolicy.SKIP)))
def test_no_two_units_become_one(disk: Disk, template: str, policy: ConflictPolicy) -> None:
    """A later scan tells together what was so before, or single files that keep their names.

    What moved nowhere may find others gone that had a claim to it.
    """
    job = Job(template, FolderPolicy.RECURSE, policy)
    before = units_on(disk)
    plan = plan_or_reject(job, disk)
    disk.apply(plan)
    was = origins_of(plan, disk)
    for unit in set(units_on(disk).values()):
        sources = {was[at] for at in unit}
        if sources == unit:
            continue
        earlier = set().union(*(before[at] for at in sources))
        is_met = all(len(before[was[at]]) == 1 and was[at].name == at.name for at in unit)
        assert sources == earlier or is_met
