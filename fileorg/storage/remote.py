"""Roots that are no local folders: how they are reached, and what tells one from another."""

import os

import msgspec

from fileorg.errors import UsageError
from fileorg.model.location import Root, shown

_ACCOUNTS = ("R2_ACCOUNT_ID", "CLOUDFLARE_ACCOUNT_ID")
_URLS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


class Endpoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a bucket is reached: by URL, region, profile of the AWS files, or account of R2.

    What is empty is found by the usual ways of AWS. There is never a secret in it.
    """

    url: str = ""
    region: str = ""
    profile: str = ""
    account: str = ""


def root_at(path: bytes, endpoint: Endpoint) -> Root:
    """Return the root that `s3://bucket/prefix` is; `UsageError` where that can't be one."""
    from fileorg.storage.s3.places import number, place_of

    place = place_of(path)
    reach = _resolved(endpoint, path, is_r2=place.scheme == "r2")
    where = reach.url or reach.account
    device = number(where, place.bucket)
    inode = number(where, place.bucket, place.below(b""))
    return Root(place.path, device, inode, msgspec.json.encode(reach).decode())


def endpoint_of(root: Root) -> Endpoint:
    """Return how a root is reached."""
    return msgspec.json.decode(root.reach, type=Endpoint)


def _resolved(endpoint: Endpoint, path: bytes, *, is_r2: bool) -> Endpoint:
    """Return an endpoint with what the environment says, so that it is found without it again."""
    if not is_r2:
        url = endpoint.url or next((os.environ[v] for v in _URLS if os.environ.get(v)), "")
        profile = endpoint.profile or os.environ.get("AWS_PROFILE", "")
        return Endpoint(url, endpoint.region, profile)
    found = (os.environ.get(variable, "") for variable in _ACCOUNTS)
    account = endpoint.account or next(filter(None, found), "")
    if not account and not endpoint.url:
        raise UsageError(
            f"{shown(path)}: the account is not known", "set R2_ACCOUNT_ID or r2_account_id"
        )
    return Endpoint(endpoint.url, endpoint.region, endpoint.profile, account)
