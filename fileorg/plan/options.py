"""How a run is planned."""

import msgspec

from fileorg.model.plan import ConflictPolicy


class PlanOptions(msgspec.Struct, frozen=True):
    """How to plan. *quarantine* is the folder, below a root, that set-aside files go to.

    What a file is may depend on more than its extension: on all of its name, on its folders.
    """

    policy: ConflictPolicy = ConflictPolicy.RENAME
    copy: bool = False
    keep_empty: bool = False
    quarantine: bytes = b".fileorg/quarantine/run"
    by_name: bool = False
    by_folder: bool = False
