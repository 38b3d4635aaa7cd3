"""Duplicates in a bucket through the command line, on two servers: seen by another client."""

import json

import pytest

from tests.cli.bucket_world import at, contents
from tests.cli.conftest import Cli
from tests.cli.test_bucket_costs import about, of, told
from tests.servers.started import Control
from tests.servers.witness import Witness

TWINS = ("a.pdf", "deep/a (1).pdf", "deep/er/copy of a.pdf")


def fill(bucket: Witness) -> None:
    """Put three of one content, two of another, and some that are alone."""
    for key in TWINS:
        bucket.put(key, b"same" * 1000, {"owner": key})
    bucket.put("b.txt", b"twice", ContentType="text/x-test")
    bucket.put("other/b (2).txt", b"twice", {"mtime": "1500000000.5"})
    bucket.put("other/alone.txt", b"alone")


@pytest.mark.smoke
def test_a_whole_life(cli: Cli, bucket: Witness) -> None:
    """Preview, act, second search, undo, redo and purge: keys, bytes and metadata are exact."""
    at(cli, bucket.server)
    fill(bucket)
    before = bucket.seen()
    act = ("dedupe", bucket.url, "--action", "quarantine")

    preview = cli.good(*act, "-n")
    assert "Would deduplicate 3 files" in preview
    assert bucket.seen() == before

    done = cli.good(*act)
    assert "Deduplicated 3 files" in done and "fileorg undo" in done
    after = bucket.seen()
    assert contents(after) == contents(before)
    visible = {key for key in after if not key.startswith(".fileorg/quarantine/")}
    assert visible == {"a.pdf", "b.txt", "other/alone.txt"}
    assert "No duplicates" in cli.good(*act)
    assert "Nothing to" not in cli.good("show", "last")

    cli.good("undo", "last")
    assert bucket.seen() == before
    cli.good("redo", "last")
    assert contents(bucket.seen()) == contents(before)
    assert "Freed 8.0 kB, 3 files" in cli.good("purge", json.loads(runs(cli))[-1]["run"])
    assert bucket.seen() == {key: after[key] for key in visible}


def runs(cli: Cli) -> str:
    """Return the list of runs as a document."""
    return cli.good("runs", "--output", "json")


def test_organize_sets_aside_too(cli: Cli, bucket: Witness) -> None:
    """With --dedupe quarantine one run sorts what is kept, and one undo brings all back."""
    at(cli, bucket.server)
    fill(bucket)
    before = bucket.seen()

    done = cli.good("organize", bucket.url, "-r", "--dedupe", "quarantine")
    assert "3 redundant files in 2 groups set aside" in done
    after = bucket.seen()
    assert contents(after) == contents(before)
    visible = {key for key in after if not key.startswith(".fileorg/quarantine/")}
    assert visible == {"Documents/a.pdf", "Documents/b.txt", "Documents/alone.txt"}
    assert "Nothing to organize" in cli.good("organize", bucket.url, "-r", "--dedupe", "quarantine")

    cli.good("undo", "last")
    assert bucket.seen() == before


@pytest.mark.parametrize("provider", ["aws", "r2", "poor"])
def test_the_estimate_is_what_the_act_takes(
    cli: Cli, aws: Witness, control: Control, provider: str
) -> None:
    """A dry run foretells what comparing and setting aside ask, and what is read for it."""
    at(cli, aws.server)
    aws.put("x.txt", b"before")
    control.order(provider=provider)
    cli.good("organize", aws.url)
    control.order(provider="aws")
    fill(aws)
    for number in range(2):
        aws.put(f"large {number}", b"1" * (5 << 20))
    control.order(provider=provider)
    act = ("dedupe", aws.url, "--action", "quarantine", "--output", "json")
    for words in (act, ("undo", "last", "--output", "json"), ("redo", "last", "--output", "json")):
        preview = cli.good(*words, "-n")
        done = cli.good(*words)
        if words is act:
            expected = json.loads(preview)["summary"]["expected_requests"]
            found = json.loads(done)["summary"]["requests"]
        else:
            expected, found = json.loads(preview)["expected_requests"], told(done)
        assert of(expected) == about(of(found)), words
        assert expected["received"] == pytest.approx(found["received"], abs=50_000)
    control.order(provider="aws")


def test_a_link_is_no_way(cli: Cli, aws: Witness) -> None:
    """Links in a bucket are wrong usage, and the message says what there is instead."""
    at(cli, aws.server)
    done = cli("dedupe", aws.url, "--action", "hardlink")
    assert done.returncode == 2
    assert "--action quarantine" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_denied_removal_leaves_the_original(cli: Cli, aws: Witness, control: Control) -> None:
    """Where an original can't be removed it stays, its copy is taken back, and exit 3 says so."""
    at(cli, aws.server)
    fill(aws)
    before = aws.seen()
    control.fault("DeleteObjects?", "denied", times=None, key="^(a|b|deep|other)")

    done = cli("dedupe", aws.url, "--action", "quarantine")

    assert (done.returncode, "Failed: 3" in done.stdout) == (3, True), (done.stdout, done.stderr)
    control.calm()
    assert aws.seen() == before


@pytest.mark.parametrize("act", ["internal", "reset", "conflict"])
def test_answers_that_are_lost(cli: Cli, aws: Witness, control: Control, act: str) -> None:
    """Requests that fail, or were done without an answer, change nothing about the outcome."""
    at(cli, aws.server)
    fill(aws)
    before = aws.seen()
    for kind in ("CopyObject", "DeleteObjects?", "GetObject"):
        control.fault(kind, act, times=2, after=act != "conflict" and kind != "GetObject")
        assert "Deduplicated 3 files" in cli.good("dedupe", aws.url, "--action", "quarantine")
        control.calm()
        cli.good("undo", "last")
        assert aws.seen() == before, kind


def test_a_folder_and_a_bucket_are_looked_at_together(
    cli: Cli, bucket: Witness, control: Control
) -> None:
    """What is on a disk and in a bucket is one group, compared byte by byte; nothing is done."""
    at(cli, bucket.server)
    large = bytes(range(256)) * 1000
    for key, content in {"x/a.txt": b"same", "b.bin": large, "c.bin": large[:-1] + b"x"}.items():
        bucket.put(key, content, {"mtime": "1500000000.5"})
    (cli.root / "a.txt").write_bytes(b"same")
    (cli.root / "large.bin").write_bytes(large)
    (cli.root / "alone.txt").write_bytes(b"alone")
    before = bucket.seen()

    found = json.loads(cli.good("dedupe", "root", bucket.url, "--output", "json"))
    groups = {
        frozenset(one["path"].removeprefix(f"{cli.base}/") for one in (g["keep"], *g["redundant"]))
        for g in found["groups"]
    }
    assert groups == {
        frozenset({"root/a.txt", f"{bucket.url}/x/a.txt"}),
        frozenset({"root/large.bin", f"{bucket.url}/b.bin"}),
    }
    assert {group["proof"] for group in found["groups"]} == {"bytes"}
    assert found["seen"] == 6
    if bucket.server.name == "ministack":
        control.reset()
        again = json.loads(cli.good("dedupe", "root", bucket.url, "--output", "json"))
        asked = of(again["summary"]["requests"])
        assert asked["get"] == 3 + 2 + 1 + 1  # ends of large ones, then the same of both
        assert control.counts()["GetObject"] == asked["get"]
    assert "Compared byte by byte" in cli.good("dedupe", "root", bucket.url)
    assert "6 files" in cli.good("scan", "root", bucket.url)

    done = cli("dedupe", "root", bucket.url, "--action", "quarantine")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "name places in one bucket" in done.stderr
    done = cli("dedupe", "root", "--reference", bucket.url, "--action", "symlink")
    assert done.returncode == 2
    assert bucket.seen() == before
    kept = cli.good("dedupe", bucket.url, "--reference", "root")
    assert kept.count("in a reference folder") == 2
