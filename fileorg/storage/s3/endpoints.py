"""Which server answers for a bucket, and how it is spoken to: values, and the text that keeps them.

The text is what a journal keeps to find the bucket again; it holds no secret.
"""

import re
from collections.abc import Mapping

import msgspec

from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.storage.s3.connections import Server, server_of
from fileorg.storage.s3.places import Place, number, quoted

_ACCOUNT = re.compile(r"[0-9a-f]{32}(\.(eu|fedramp))?")
_HOST_LABEL = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
ACCOUNT_VARIABLES = ("R2_ACCOUNT_ID", "CLOUDFLARE_ACCOUNT_ID")


class Endpoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """A service: `aws` in a region, or what a URL names; and the profile that has its keys."""

    service: str
    url: str
    region: str
    profile: str = ""
    virtual: bool = False

    @property
    def identity(self) -> str:
        """What tells it from other services; a bucket of AWS is the same in any region's view."""
        return "aws" if self.service == "aws" else self.url

    @property
    def kept(self) -> str:
        """The text that `read` reads."""
        return msgspec.json.encode(self).decode()

    def in_region(self, region: str) -> "Endpoint":
        """Return the same service in another region."""
        url = self.url.replace(self.region, region) if self.service == "aws" else self.url
        return msgspec.structs.replace(self, region=region, url=url)

    def server(self, bucket: str) -> Server:
        """Return where requests for a bucket go."""
        server = server_of(self.url)
        return server._replace(host=f"{bucket}.{server.host}") if self.hosts(bucket) else server

    def hosts(self, bucket: str) -> bool:
        """Whether the bucket is named by the host; a certificate fits one label, without dots."""
        return self.virtual and bool(_HOST_LABEL.fullmatch(bucket))

    def target(self, bucket: str, key: bytes | None) -> str:
        """Return the path of a request for a bucket or an object in it."""
        below = "/" if self.hosts(bucket) else f"/{bucket}"
        if key is None:
            return below
        return f"{below.removesuffix('/')}/{quoted(key)}"


def read(kept: str) -> Endpoint:
    """Read the text that a journal keeps; `StorageUnavailableError` where it is none."""
    try:
        return msgspec.json.decode(kept, type=Endpoint)
    except msgspec.DecodeError as error:
        raise StorageUnavailableError(
            f"the journal does not say where the bucket is: {error}", "is it damaged?"
        ) from error


def aws_url(region: str, *, dual: bool, fips: bool) -> str:
    """Return the URL of AWS in a region: by IPv6, too, or by the standard that offices need."""
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    kind = f"s3{'-fips' if fips else ''}{'.dualstack' if dual else ''}"
    return f"https://{kind}.{region}.{suffix}"


def checked_region(text: str) -> str:
    """Return a region that can be a part of a host name; `UsageError`."""
    if not _REGION.fullmatch(text):
        raise UsageError(f"not a region: {text!r}", "AWS_REGION is like eu-west-1")
    return text


def r2_url(environment: Mapping[str, str], url: str | None) -> str:
    """Return the URL of an account at Cloudflare, else the one that is configured; `UsageError`."""
    for name in ACCOUNT_VARIABLES:
        account = environment.get(name, "")
        if account and not _ACCOUNT.fullmatch(account):
            raise UsageError(f"{name}: not an account id: {account[:40]!r}", "it has 32 hex digits")
        if account:
            return f"https://{account}.r2.cloudflarestorage.com"
    if url:
        return url
    raise UsageError(
        "r2:// needs the id of an account at Cloudflare", "set R2_ACCOUNT_ID or AWS_ENDPOINT_URL_S3"
    )


def device_of(endpoint: Endpoint, place: Place) -> int:
    """Return the number that a bucket is known by."""
    return number(endpoint.identity, place.bucket)


def inode_of(endpoint: Endpoint, place: Place) -> int:
    """Return the number that a prefix is known by."""
    return number(endpoint.identity, place.bucket, place.prefix)
