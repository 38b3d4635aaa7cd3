"""Which files are where their names alone say that they belong: no need to look at them."""

from collections.abc import Collection

from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.rules import Categorizer
from fileorg.model.entry import FileEntry, Fingerprint, Kind
from fileorg.model.location import Location, join
from fileorg.model.plan import Classified
from fileorg.plan.layout import Layout
from fileorg.scan.glimpse import Stays

_ENOUGH = frozenset({"category", "name"})


class ByName:
    """Knows the folders of a layout that goes by category and name, and of any other layout none.

    What nothing claims by its name is looked into, and so is in none of them.
    """

    def __init__(
        self, layout: Layout, categorizer: Categorizer, targets: Collection[Location]
    ) -> None:
        self._category_of = categorizer.category_of
        self._categories: dict[Location, str] = {}
        if not targets or layout.fields != _ENOUGH or not layout.keeps_name:
            return
        entry = FileEntry(Location(0, b"x"), Kind.FILE, Fingerprint(0, 0, 0, 0))
        for category in set(categorizer.names()) - {OTHER}:
            folder = layout.folder_of(layout.subject(Classified(entry, category), b"x"))
            for target in targets:
                self._categories[Location(target.root, join(target.path, folder))] = category

    def stays(self, folder: Location) -> Stays | None:
        """Return what says of names whether their files stay in a folder; None where it is new."""
        category = self._categories.get(folder)
        return None if category is None else lambda name: self._category_of(name) == category
