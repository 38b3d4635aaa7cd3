"""A program: an S3 server that has nothing but listings, ready-made, so that it is no limit.

python -m tests.bench.pages FOLDERS      1,000 keys in each; prints its port, serves till killed
"""

from __future__ import annotations

import re
import socketserver
import sys
from typing import Final
from urllib.parse import parse_qs, urlsplit

SIZE: Final = 1000
_FOLDER: Final = b"@@@@@@"
_OBJECT: Final = (
    "<Contents><Key>in/{folder}/picture-{folder}-{number:04}.jpg</Key><LastModified>"
    "2026-11-22T10:00:00.000Z</LastModified><ETag>&quot;{number:032x}&quot;</ETag>"
    "<Size>{number}</Size><StorageClass>STANDARD</StorageClass></Contents>"
)
_PAGE: Final = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>%s'
    b"<EncodingType>url</EncodingType><MaxKeys>1000</MaxKeys>%s</ListBucketResult>"
)
_LAST: Final = b"<IsTruncated>false</IsTruncated>"
_MORE: Final = (
    b"<IsTruncated>true</IsTruncated><NextMarker>%s</NextMarker>"
    b"<NextContinuationToken>%s</NextContinuationToken>"
)
OBJECTS: Final = "".join(
    _OBJECT.format(folder=_FOLDER.decode(), number=number) for number in range(SIZE)
).encode()


def listing(query: dict[str, list[str]], folders: int) -> bytes:
    """Answer a listing: of one folder, of the folders, or of all keys after one."""
    prefix = query.get("prefix", [""])[0]
    named = re.fullmatch(r"in/(\d+)/", prefix)
    if named:
        return _PAGE % (_LAST, OBJECTS.replace(_FOLDER, named[1].encode()))
    if prefix not in {"", "in", "in/"}:
        return _PAGE % (_LAST, b"")
    after = next(
        (query[n][0] for n in ("continuation-token", "marker", "start-after") if n in query), ""
    )
    passed = re.match(r"in/(\d+)([./])?", after)
    first = 0
    if passed:  # after all that is in a folder, or before all of it
        first = int(passed[1]) + (passed[2] != ".")
    if "delimiter" in query:
        numbers = range(first, min(first + SIZE, folders))
        body = b"".join(
            b"<CommonPrefixes><Prefix>in/%06d/</Prefix></CommonPrefixes>" % number
            for number in numbers
        )
        if prefix == "":
            return _PAGE % (_LAST, b"<CommonPrefixes><Prefix>in/</Prefix></CommonPrefixes>")
        last = b"in/%06d/" % (numbers[-1] if numbers else 0)
        more = _MORE % (last, last) if first + SIZE < folders else _LAST
        return _PAGE % (more, body)
    if first >= folders:
        return _PAGE % (_LAST, b"")
    last = b"in/%06d/picture-%06d-%04d.jpg" % (first, first, SIZE - 1)
    more = _MORE % (last, last) if first + 1 < folders else _LAST
    return _PAGE % (more, OBJECTS.replace(_FOLDER, b"%06d" % first))


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        while line := self.rfile.readline():
            method, target, _ = line.decode("ascii").split(" ")
            while self.rfile.readline().strip():
                pass
            status, body = b"200 OK", b""
            parts = urlsplit(target)
            if (
                method == "GET"
                and parts.path.count("/") <= 2
                and not parts.path[1:].partition("/")[2]
            ):
                body = listing(parse_qs(parts.query, keep_blank_values=True), FOLDERS)
            else:
                status = b"404 Not Found"
            head = b"HTTP/1.1 %s\r\ncontent-type: application/xml\r\ncontent-length: %d\r\n\r\n"
            self.wfile.write(head % (status, len(body)) + body)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


FOLDERS = int(sys.argv[1]) if __name__ == "__main__" else 0

if __name__ == "__main__":
    with _Server(("127.0.0.1", 0), _Connection) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
