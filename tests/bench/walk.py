"""A program: prints every object below a location, as a scan goes through it: URL."""

from __future__ import annotations

import os
import sys

from fileorg.model.entry import Kind
from fileorg.model.location import Location
from fileorg.storage.s3.roots import root_of
from fileorg.storage.s3.storage import S3Storage


def main() -> None:
    """Go through all folders."""
    storage = S3Storage([root_of(os.fsencode(sys.argv[1]))])
    pending = [Location(0, b"")]
    while pending:
        inside = []
        for entry in storage.listing(pending.pop()).entries:
            if entry.kind is Kind.FOLDER:
                inside.append(entry.location)
            else:
                sys.stdout.buffer.write(entry.location.path + b"\n")
        pending += reversed(inside)
    storage.close()


if __name__ == "__main__":
    main()
