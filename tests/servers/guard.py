"""Watches a bucket from inside its server: content that nothing holds any more was lost, then."""

import hashlib
import re
from collections import Counter
from html import unescape

from tests.servers.requests import Request

_WRITES = {"PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject"}


def keys_in(body: bytes) -> list[str]:
    """Return the keys that the body of a DeleteObjects names."""
    found = re.findall(r"<Key>(.*?)</Key>", body.decode(), re.DOTALL)
    return [unescape(key) for key in found]


class Guard:
    """Keeps how many objects of one bucket hold each content, as a digest."""

    def __init__(self, bucket: str = "", held: dict[str, str] | None = None) -> None:
        self.bucket, self.held = bucket, dict(held or {})
        self.count = Counter(self.held.values())
        self.lost: list[str] = []

    def keys_of(self, request: Request, body: bytes) -> list[str]:
        """Return the keys whose content a request can change; none in another bucket."""
        if request.bucket != self.bucket:
            return []
        if request.kind == "DeleteObjects":
            return keys_in(body)
        return [request.key] if request.kind in _WRITES else []

    def saw(self, key: str, content: bytes | None, after: str) -> None:
        """Take note of what a key holds now, and whether what it held is nowhere any more."""
        before = self.held.pop(key, None)
        if content is not None:
            self.held[key] = hashlib.md5(content).hexdigest()
            self.count[self.held[key]] += 1
        if before is not None:
            self.count[before] -= 1
            if not self.count[before] and ".fileorg-" not in key:
                self.lost.append(f"{after} {key}")
