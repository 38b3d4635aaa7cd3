"""Credentials, regions and profiles as every program for AWS finds them, by way of botocore.

It is imported only where a bucket is used: it takes longer to import than all of fileorg.
"""

import os
from typing import TYPE_CHECKING, Any

from fileorg.errors import StorageUnavailableError
from fileorg.storage.asked import Asked
from fileorg.storage.s3.endpoints import (
    ACCOUNT_VARIABLES,
    Endpoint,
    aws_url,
    checked_region,
    r2_url,
)
from fileorg.storage.s3.places import Place
from fileorg.storage.s3.signing import Credentials

if TYPE_CHECKING:
    from botocore.session import Session

_SSO = ("SSO", "Token", "Login", "expired")


class Keys:
    """The credentials of a profile, asked for before each request: they expire and are renewed."""

    def __init__(self, profile: str) -> None:
        self.session = _session(profile)
        self._found: Any = None

    @property
    def trusted(self) -> str | None:
        """The file of certificates that is trusted instead of the system's."""
        bundle = self.session.get_config_variable("ca_bundle")
        return str(bundle) if bundle else None

    def current(self) -> Credentials:
        """Return what the next request is signed with; `StorageUnavailableError`."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            if self._found is None:
                self._found = self.session.get_credentials()
            if self._found is None:
                raise StorageUnavailableError(
                    "no credentials for the bucket", f"{_WAYS}, or run: aws configure"
                )
            held = self._found.get_frozen_credentials()
        except (BotoCoreError, ClientError, RuntimeError, ValueError, OSError) as error:
            raise _refused(error) from None
        return Credentials(held.access_key, held.secret_key, held.token or "")


_WAYS = "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"


def found(place: Place, asked: Asked) -> Endpoint:
    """Find out from what was *asked*, the environment and the profile which service is meant.

    Errors: `UsageError`, `StorageUnavailableError`.
    """
    from botocore.configprovider import ConfiguredEndpointProvider
    from botocore.exceptions import BotoCoreError

    environment = os.environ.get
    profile = asked.profile or environment("AWS_PROFILE") or environment("AWS_DEFAULT_PROFILE", "")
    session = _session(profile)
    try:
        scoped = session.get_scoped_config()
        configured = ConfiguredEndpointProvider(session.full_config, scoped, "s3").provide()
        if session.get_config_variable("ignore_configured_endpoint_urls"):
            configured = None
        configured = asked.url or configured
        region = asked.region or environment("AWS_REGION") or session.get_config_variable("region")
        dual = bool(session.get_config_variable("use_dualstack_endpoint"))
        fips = bool(session.get_config_variable("use_fips_endpoint"))
    except BotoCoreError as error:
        raise _refused(error) from None
    settings = scoped.get("s3", {})
    addressing = settings.get("addressing_style") if isinstance(settings, dict) else None
    virtual = addressing == "virtual"
    if place.scheme == "r2":
        accounts = {ACCOUNT_VARIABLES[0]: asked.account} if asked.account else os.environ
        url = asked.url or r2_url(accounts, configured)
        return Endpoint("r2", url, "auto", profile, virtual)
    region = checked_region(region or "us-east-1")
    if configured:
        return Endpoint("s3", configured.rstrip("/"), region, profile, virtual)
    return Endpoint(
        "aws", aws_url(region, dual=dual, fips=fips), region, profile, addressing != "path"
    )


def _session(profile: str) -> "Session":
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    made = Session(profile=profile or None)
    try:
        made.get_scoped_config()
    except BotoCoreError as error:
        raise _refused(error) from None
    return made


def _refused(error: Exception) -> StorageUnavailableError:
    """Return in plain words why there are no credentials."""
    kind, said = type(error).__name__, str(error)
    if kind == "ProfileNotFound":
        return StorageUnavailableError(said, "AWS_PROFILE names no profile of ~/.aws/config")
    if any(word in kind or word in said for word in _SSO):
        return StorageUnavailableError(
            f"the credentials have expired, or are not there yet: {said}",
            "log in (aws sso login, or aws login), and run it again",
        )
    return StorageUnavailableError(f"the credentials can't be had: {said}", _WAYS)
