"""Keys in pages: what lies in one folder, or everything below a prefix, as a server tells of it."""

from collections.abc import Iterator

from fileorg.errors import StorageUnavailableError
from fileorg.storage.s3.client import Bucket, Reply
from fileorg.storage.s3.documents import DocumentError, Page, page

_MOST = 1000


def pages(bucket: Bucket, prefix: bytes, *, folders: bool, most: int = _MOST) -> Iterator[Page]:
    """Yield the pages of a listing: with *folders*, what lies deeper only as common prefixes.

    `StorageUnavailableError` where a page can't be right: what is not seen is not safe.
    """
    query = query_of(prefix, most)
    if folders:
        query["delimiter"] = "/"
    token = ""
    while True:
        found = _page(bucket, prefix, query)
        if found.token and found.token == token:
            raise _strange(bucket, "a listing that goes round in circles")
        yield found
        token = found.token
        if not token:
            return
        query["continuation-token"] = token


def page_after(bucket: Bucket, prefix: bytes, key: bytes, most: int) -> Page:
    """Return the page of all keys below a prefix that begins after a key, which may not exist."""
    return _page(bucket, prefix, {**query_of(prefix, most), "start-after": key.decode()})


def query_of(prefix: bytes, most: int) -> dict[str, str]:
    """Return what asks for keys below a prefix."""
    return {
        "list-type": "2",
        "encoding-type": "url",
        "max-keys": str(most),
        "prefix": prefix.decode(),
    }


def _page(bucket: Bucket, prefix: bytes, query: dict[str, str]) -> Page:
    return page_of(bucket, prefix, bucket.done("ListObjectsV2", "GET", query=query))


def page_of(bucket: Bucket, prefix: bytes, reply: Reply) -> Page:
    """Read an answer to that; `StorageUnavailableError` as of `pages`."""
    try:
        found = page(reply.body)
    except DocumentError as error:
        raise _strange(bucket, str(error)) from error
    size = len(prefix)
    if any(one.key[:size] != prefix for one in found.objects):
        raise _strange(bucket, "a listing of other keys than were asked for")
    if any(one[:size] != prefix for one in found.prefixes):
        raise _strange(bucket, "a listing of other folders than were asked for")
    return found


def _strange(bucket: Bucket, what: str) -> StorageUnavailableError:
    return StorageUnavailableError(f"{bucket.where}: {what}", "is the endpoint one that speaks S3?")
