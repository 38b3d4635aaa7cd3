"""A command line that works on buckets of the servers that tests start."""

from collections import Counter

from tests.cli.conftest import Cli
from tests.servers.started import Server
from tests.servers.witness import Seen, Witness

KINDS = ("txt", "jpg", "mp3", "zip")
FOLDERS = ("", "inbox/", "inbox/2024/", "trip to é/", "日本/")

NOT_TRIED = r"^(?!\.fileorg-)"
"""Keys but those of objects that fileorg makes to find out what the server does."""


def at(cli: Cli, server: Server, region: str = "us-east-1") -> Cli:
    """Let the command line reach a server as any program does: by its environment."""
    cli.env |= server.environment(region)
    return cli


def fill(bucket: Witness, objects: int) -> dict[str, Seen]:
    """Put objects of different content into some folders; return what there is then.

    Some have metadata, a time as rclone writes it, headers and, where the server knows them, tags.
    From then on none of the content may be nowhere, not even for the time of a request.
    """
    for number in range(objects):
        folder = FOLDERS[number % len(FOLDERS)]
        bucket.put(
            f"{folder}{number // 2:05}.{KINDS[number % 4]}",
            b"%d," % number * (1 + number % 50),
            {"mtime": f"{1_600_000_000 + number}.123456789"} if number % 3 == 0 else {"who": "me"},
            tags="kind=raw" if number % 5 == 0 and bucket.server.name == "ministack" else "",
            **({"CacheControl": "max-age=60"} if number % 7 == 0 else {}),
            ContentType="text/x-test",
        )
    seen = bucket.seen()
    if bucket.server.control is not None:
        bucket.server.control.guard(
            bucket.bucket, {key: found.content for key, found in seen.items()}
        )
    return seen


def contents(seen: dict[str, Seen]) -> Counter[bytes]:
    """Return how often each content is there."""
    return Counter(found.content for found in seen.values())


def etags(bucket: Witness) -> dict[str, str]:
    """Return the digest of each content by its key: one request for a thousand.

    Without what fileorg makes to find out what a server does: killed then, it leaves it there.
    """
    return {key: etag for key, etag in bucket.etags().items() if ".fileorg-" not in key}
