"""Keys in pages: what lies in one folder, or everything below a prefix, as a server tells of it."""

from collections.abc import Iterator

from fileorg.errors import StorageUnavailableError
from fileorg.storage.s3.client import Bucket
from fileorg.storage.s3.documents import DocumentError, Page, page

_MOST = 1000


def pages(bucket: Bucket, prefix: bytes, *, folders: bool, most: int = _MOST) -> Iterator[Page]:
    """Yield the pages of a listing: with *folders*, what lies deeper only as common prefixes.

    `StorageUnavailableError` where a page can't be right: what is not seen is not safe.
    """
    query = {
        "list-type": "2",
        "encoding-type": "url",
        "max-keys": str(most),
        "prefix": prefix.decode(),
    }
    if folders:
        query["delimiter"] = "/"
    token = ""
    while True:
        reply = bucket.done("ListObjectsV2", "GET", query=query)
        try:
            found = page(reply.body)
            _check(found, prefix, token)
        except DocumentError as error:
            raise StorageUnavailableError(
                f"{bucket.where}: {error}", "is the endpoint one that speaks S3?"
            ) from error
        yield found
        token = found.token
        if not token:
            return
        query["continuation-token"] = token


def _check(found: Page, prefix: bytes, token: str) -> None:
    """Raise `DocumentError` for a page of something else than was asked for, or the same again."""
    if found.token and found.token == token:
        raise DocumentError("a listing that goes round in circles")
    size = len(prefix)
    if any(one.key[:size] != prefix for one in found.objects):
        raise DocumentError("a listing of other keys than were asked for")
    if any(one[:size] != prefix for one in found.prefixes):
        raise DocumentError("a listing of other folders than were asked for")
