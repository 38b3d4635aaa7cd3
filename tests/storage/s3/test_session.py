"""Credentials, regions and endpoints, found as every program for AWS finds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.errors import StorageUnavailableError, UsageError
from fileorg.storage.asked import Asked
from fileorg.storage.s3 import session
from fileorg.storage.s3.endpoints import Endpoint
from fileorg.storage.s3.places import Place, place_of
from fileorg.storage.s3.roots import endpoint_of, root_of
from fileorg.storage.s3.session import Keys
from tests.servers.started import Server
from tests.storage.s3.conftest import Opens

BUCKET = place_of(b"s3://bucket")


def found(place: Place, **asked: str) -> Endpoint:
    """Find the service of a place; *asked* is what the user wants of it."""
    return session.found(place, Asked(**asked))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home without anything of AWS in it, and an environment without."""
    import os

    for name in list(os.environ):
        if name.startswith(("AWS_", "R2_", "CLOUDFLARE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / ".aws").mkdir()
    yield tmp_path


def config(home: Path, text: str) -> None:
    """Write ~/.aws/config."""
    (home / ".aws" / "config").write_text(text)


def test_without_anything_it_is_aws(home: Path) -> None:
    """In the region that is the default of the service, with the bucket in the name of the host."""
    endpoint = found(BUCKET)

    assert (endpoint.service, endpoint.region, endpoint.profile) == ("aws", "us-east-1", "")
    assert endpoint.url == "https://s3.us-east-1.amazonaws.com"
    assert endpoint.server("bucket").host == "bucket.s3.us-east-1.amazonaws.com"


def test_a_profile_gives_region_keys_and_endpoint(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a journal remembers its name: not what is in it."""
    config(
        home,
        "[profile work]\nregion = eu-west-1\nservices = local\ns3 =\n  addressing_style = virtual\n"
        "aws_access_key_id = AKWORK\naws_secret_access_key = s3cret\n"
        "[services local]\ns3 =\n  endpoint_url = https://s3.example.com/\n",
    )
    monkeypatch.setenv("AWS_PROFILE", "work")

    endpoint = found(BUCKET)

    assert (endpoint.service, endpoint.url) == ("s3", "https://s3.example.com")
    assert (endpoint.region, endpoint.profile) == ("eu-west-1", "work")
    assert endpoint.server("bucket").host == "bucket.s3.example.com"
    assert "s3cret" not in endpoint.kept
    assert "AKWORK" not in endpoint.kept
    monkeypatch.delenv("AWS_PROFILE")
    assert endpoint_of(b"s3://bucket", endpoint.kept) == endpoint
    assert Keys(endpoint.profile).current()[:2] == ("AKWORK", "s3cret")
    assert root_of(b"s3://bucket", Asked(profile="work")).reach == endpoint.kept


def test_the_environment_names_region_and_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the ways that AWS's programs know."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert found(BUCKET).url == "https://s3.eu-west-1.amazonaws.com"
    monkeypatch.setenv("AWS_REGION", "cn-north-1")
    assert found(BUCKET).url == "https://s3.cn-north-1.amazonaws.com.cn"
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    assert found(BUCKET).url == "https://s3.dualstack.cn-north-1.amazonaws.com.cn"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://one.example.com")
    assert found(BUCKET).url == "https://one.example.com"
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://two.example.com")
    assert found(BUCKET).url == "https://two.example.com"
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert found(BUCKET).service == "aws"
    monkeypatch.setenv("AWS_REGION", "evil.com/")
    with pytest.raises(UsageError, match="region"):
        found(BUCKET)


def test_what_the_user_asks_for_goes_before_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Profile, region, endpoint and account."""
    config(home, "[profile work]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_REGION", "eu-west-3")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://one.example.com")
    monkeypatch.setenv("R2_ACCOUNT_ID", "0" * 32)

    asked = found(BUCKET, profile="work", region="eu-west-2", url="https://two.example.com")

    assert (asked.profile, asked.region, asked.url) == (
        "work", "eu-west-2", "https://two.example.com",
    )  # fmt: skip
    assert "1" * 32 in found(place_of(b"r2://bucket"), account="1" * 32).url
    assert found(place_of(b"r2://bucket"), url="https://two.example.com").url.endswith(
        "example.com"
    )


def test_an_account_at_cloudflare_is_asked_in_its_own_region(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R2 has one, whatever the region of AWS is."""
    monkeypatch.setenv("R2_ACCOUNT_ID", "0123456789abcdef" * 2)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")

    endpoint = found(place_of(b"r2://bucket/x"))

    assert endpoint.region == "auto"
    assert endpoint.server("bucket").host == "0123456789abcdef" * 2 + ".r2.cloudflarestorage.com"
    assert endpoint.target("bucket", b"k") == "/bucket/k"


def test_without_keys_it_says_how_to_give_them(
    server: Server, monkeypatch: pytest.MonkeyPatch, opens: Opens
) -> None:
    """Before anything is asked."""
    with pytest.raises(StorageUnavailableError, match="no credentials") as error:
        Keys("").current()
    assert "AWS_PROFILE" in error.value.remedy


def test_a_profile_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelled AWS_PROFILE is not taken for no profile."""
    monkeypatch.setenv("AWS_PROFILE", "wrok")
    with pytest.raises(StorageUnavailableError, match="wrok") as error:
        found(BUCKET)
    assert "AWS_PROFILE" in error.value.remedy


def test_half_a_pair_of_keys_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The half that is missing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKHALF")
    with pytest.raises(StorageUnavailableError, match="AWS_SECRET_ACCESS_KEY"):
        Keys("").current()


def test_who_is_not_logged_in_is_told_to(home: Path) -> None:
    """SSO without a session says how to begin one, in one line."""
    config(
        home,
        "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\n"
        "sso_role_name = dev\nregion = eu-west-1\n"
        "[sso-session corp]\nsso_start_url = https://corp.example.com\nsso_region = eu-west-1\n",
    )
    with pytest.raises(StorageUnavailableError, match="expired, or are not there") as error:
        Keys("work").current()
    assert "aws sso login" in error.value.remedy
    assert "\n" not in str(error.value)


def test_a_config_that_cannot_be_read_is_named(home: Path) -> None:
    """The file, and no traceback."""
    config(home, "no section\n")
    with pytest.raises(StorageUnavailableError, match="config"):
        found(BUCKET)


def test_keys_that_a_program_gives_are_renewed(home: Path, tmp_path: Path) -> None:
    """Credentials with an end are asked for again before it."""
    count = tmp_path / "count"
    script = tmp_path / "keys"
    script.write_text(
        f"#!/bin/sh\necho x >> {count}\n"
        'echo \'{"Version": 1, "AccessKeyId": "AK", "SecretAccessKey": "s", "SessionToken": "t",\''
        ' \'"Expiration": "2001-01-01T00:00:00Z"}\'\n'
    )
    script.chmod(0o700)
    config(home, f"[default]\ncredential_process = {script}\n")
    keys = Keys("")

    with pytest.raises(StorageUnavailableError, match="expired"):
        keys.current()
    assert count.exists()
    script.write_text(script.read_text().replace("2001", "2101"))
    assert Keys("").current() == ("AK", "s", "t")
