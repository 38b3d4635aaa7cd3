"""An independent look at a bucket: what it holds, by a client that fileorg has no part in."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tests.patience import within
from tests.servers.environment import programs
from tests.servers.started import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


class Seen(msgspec.Struct, frozen=True):
    """All that makes up an object but its LastModified; of rclone's no tags and no times."""

    content: bytes
    etag: str
    metadata: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    tags: tuple[tuple[str, str], ...]


_HEADERS = (
    "ContentType", "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage",
    "StorageClass", "WebsiteRedirectLocation",
)  # fmt: skip


class Witness:
    """One bucket of a server, as boto3 sees it."""

    def __init__(self, server: Server, bucket: str, region: str = "us-east-1") -> None:
        self.server, self.bucket = server, bucket
        self.client = client(server, region)

    @property
    def url(self) -> str:
        """The location of the whole bucket."""
        return f"s3://{self.bucket}"

    def put(
        self,
        key: str,
        content: bytes = b"x",
        metadata: Mapping[str, str] | None = None,
        tags: str = "",
        **more: Any,
    ) -> None:
        """Write an object; *tags* as in a query string, *more* as boto3 names it."""
        words: dict[str, Any] = {"Metadata": dict(metadata or {}), **more}
        if tags:
            words["Tagging"] = tags
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content, **words)

    def get(self, key: str) -> bytes:
        """Return what an object holds."""
        body: bytes = self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def head(self, key: str) -> dict[str, Any]:
        """Return what the server says of an object."""
        found: dict[str, Any] = self.client.head_object(Bucket=self.bucket, Key=key)
        return found

    def tags(self, key: str) -> dict[str, str]:
        """Return the tags of an object."""
        found = self.client.get_object_tagging(Bucket=self.bucket, Key=key)["TagSet"]
        return {tag["Key"]: tag["Value"] for tag in found}

    def delete(self, key: str) -> None:
        """Remove an object."""
        self.client.delete_object(Bucket=self.bucket, Key=key)

    def listed(self, prefix: str = "") -> list[str]:
        """Return all keys, in the server's order."""
        return [found["Key"] for found in self._list(prefix)]

    def etags(self, prefix: str = "") -> dict[str, str]:
        """Return the ETag of each object by its key.

        An object that rclone still writes, for a client that was killed, has none: that is awaited.
        """
        found: dict[str, str] = {"": ""}
        with within(60):
            while not all(etag.strip('"') for etag in found.values()):
                found = {each["Key"]: each["ETag"] for each in self._list(prefix)}
        return found

    def seen(self, prefix: str = "") -> dict[str, Seen]:
        """Return all that the bucket holds, but for LastModified."""
        return {key: self._seen(key) for key in self.listed(prefix)}

    def _list(self, prefix: str) -> "Iterator[dict[str, Any]]":
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
            yield from page.get("Contents", [])

    def _seen(self, key: str) -> Seen:
        found = self.client.get_object(Bucket=self.bucket, Key=key)
        metadata = {name.lower(): value for name, value in found["Metadata"].items()}
        if self.server.name == "rclone":  # which keeps all that a copy was ever given
            metadata = {
                name: metadata[name] for name in metadata.keys() - {"mtime", "fileorg-mtime"}
            }
        return Seen(
            found["Body"].read(),
            found["ETag"],
            tuple(sorted(metadata.items())),
            tuple((name, found[name]) for name in _HEADERS if name in found),
            () if self.server.name == "rclone" else tuple(sorted(self.tags(key).items())),
        )


def listed_by_rclone(server: Server, bucket: str) -> dict[str, int]:
    """Return the size of each object by its key, as rclone's client sees the bucket."""
    told = {
        **os.environ,
        "RCLONE_CONFIG": os.devnull,
        "RCLONE_S3_PROVIDER": "Other",
        "RCLONE_S3_ENDPOINT": server.endpoint,
        "RCLONE_S3_ACCESS_KEY_ID": server.access_key,
        "RCLONE_S3_SECRET_ACCESS_KEY": server.secret_key,
        "RCLONE_S3_REGION": "us-east-1",
        "RCLONE_S3_LIST_URL_ENCODE": "true",
        "RCLONE_S3_ENCODING": "None",
    }
    if server.certificate is not None:
        told["RCLONE_CA_CERT"] = str(server.certificate)
    words: list[str | Path] = [programs() / "rclone", "lsjson", "-R", "--files-only"]
    words.append(f":s3:{bucket}")
    listed = subprocess.run(words, env=told, capture_output=True, check=True).stdout
    return {found["Path"]: found["Size"] for found in json.loads(listed)}


def client(server: Server, region: str = "us-east-1") -> Any:
    """Return boto3's client for a server, which takes nothing from the environment."""
    import boto3
    from botocore.config import Config

    config = Config(
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"},
        retries={"total_max_attempts": 1},
    )
    return boto3.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        region_name=region,
        verify=str(server.certificate) if server.certificate else None,
        config=config,
    )
