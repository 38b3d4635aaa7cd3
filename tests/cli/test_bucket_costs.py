"""What a command says it asked of a bucket, against what the server itself counted."""

import json
from collections import Counter
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fileorg.cli.stream import json_schema
from fileorg.storage.s3.usage import BILLED_AS
from tests.cli.bucket_world import at, fill
from tests.cli.conftest import Cli
from tests.servers.fixtures import new_bucket
from tests.servers.started import Control
from tests.servers.witness import Witness

MANY = 2100
"""More than are scanned and planned in one process."""
KINDS = ("list", "head", "get", "put", "copy", "delete")
FEW = 3
"""How many requests more or less may be needed to find out what a server does."""
PRICES = "prices: {list: 5, head: 0.4, get: 0.4, put: 5, copy: 5, gb_out: 90, currency: EUR}\n"


def counted(control: Control) -> dict[str, int]:
    """Return what the server counted, as it is billed, and count anew."""
    sums: Counter[str] = Counter()
    for operation, many in control.counts().items():
        sums[BILLED_AS[operation]] += many
    control.reset()
    return {kind: sums[kind] for kind in KINDS}


def told(text: str) -> dict[str, Any]:
    """Return the requests that a JSON document tells of."""
    document = json.loads(text)
    found: dict[str, Any] = (document[0] if isinstance(document, list) else document)["requests"]
    return found


def of(requests: dict[str, Any]) -> dict[str, int]:
    """Return the numbers of requests alone."""
    return {kind: requests[kind] for kind in KINDS}


def about(requests: dict[str, int], few: int = FEW) -> object:
    """Return what numbers equal that are the same but for a few."""
    return pytest.approx(requests, abs=few)


@pytest.mark.parametrize("provider", ["aws", "r2", "poor"])
def test_every_request_is_told(cli: Cli, aws: Witness, control: Control, provider: str) -> None:
    """Dry run, run, second run, undo and redo tell of just the requests that the server counted."""
    at(cli, aws.server)
    fill(aws, 30)
    for words in (
        ("organize", aws.url, "-r", "-n"),
        ("organize", aws.url, "-r", "-m", "month", "-n"),
        ("organize", aws.url, "-r"),
        ("organize", aws.url, "-r"),
        ("undo", "last", "-n"),
        ("undo", "last"),
        ("redo", "last"),
        ("scan", aws.url),
    ):
        control.reset()
        control.order(provider=provider)
        asked = told(cli.good(*words, "--output", "json"))
        assert of(asked) == counted(control), words
        assert asked["received"] > 0


def test_other_processes_count_too(cli: Cli, aws: Witness, control: Control) -> None:
    """What forked processes ask is counted with the rest, by many threads at once."""
    at(cli, aws.server)
    for number in range(MANY):
        aws.put(f"{number // 100}/{number:05}.txt", b"%d" % number)
    control.reset()

    asked = told(cli.good("organize", aws.url, "-r", "-m", "month", "-n", "--output", "json"))

    assert asked["head"] == MANY
    assert of(asked) == counted(control)


def test_tries_that_failed_count_too(cli: Cli, aws: Witness, control: Control) -> None:
    """A request that is sent again was sent twice."""
    at(cli, aws.server)
    fill(aws, 10)
    control.reset()
    control.fault("CopyObject", "slowdown", times=2)

    asked = told(cli.good("organize", aws.url, "-r", "--output", "json"))

    assert of(asked) == counted(control)
    assert asked["copy"] == 13  # and one to find out what the server does


def test_a_recovery_tells_of_its_own(cli: Cli, aws: Witness, control: Control) -> None:
    """What finishes a run, or takes it back, tells of its own requests, settling among them."""
    at(cli, aws.server)
    fill(aws, 12)
    for words in (("recover",), ("recover", "--rollback")):
        control.reset()
        control.fault("CopyObject", "expired", skip=5, times=None)
        assert cli("organize", aws.url, "-r").returncode == 12
        control.reset()

        assert of(told(cli.good(*words, "--output", "json"))) == counted(control)
        cli("undo", "last")


def test_a_run_that_settles_another_counts_that_too(
    cli: Cli, aws: Witness, control: Control
) -> None:
    """A run that meets an interrupted one tells also of what it asked to settle that."""
    at(cli, aws.server)
    fill(aws, 12)
    control.fault("CopyObject", "expired", skip=5, times=None)
    assert cli("organize", aws.url, "-r").returncode == 12
    control.reset()

    done = cli.good("organize", aws.url, "-r", "--output", "json")

    assert json.loads(done)["settled"]
    assert of(told(done)) == counted(control)


def test_duplicates_are_counted_with(cli: Cli, aws: Witness, control: Control) -> None:
    """A search for duplicates tells what it asked, in each of its forms."""
    at(cli, aws.server)
    aws.put("a.txt", b"same")
    aws.put("b.txt", b"same")
    control.reset()

    document = json.loads(cli.good("dedupe", aws.url, "--output", "json"))
    assert of(document["summary"]["requests"]) == counted(control)
    events = cli.good("dedupe", aws.url, "--output", "jsonl").splitlines()
    for line in events:
        Draft202012Validator(json_schema()).validate(json.loads(line))
    assert of(json.loads(events[-1])["summary"]["requests"]) == counted(control)
    assert "Requests: 2 LIST; " in cli.good("dedupe", aws.url)


def test_prices_make_a_cost(cli: Cli, aws: Witness) -> None:
    """With prices in the configuration the sums tell what it cost, in text and to programs."""
    at(cli, aws.server)
    fill(aws, 10)
    plain = cli.good("organize", aws.url, "-r", "-n")
    assert "Requests: " in plain and "Requests of the run, estimated: " in plain
    assert "EUR" not in plain
    cli.config.write_text(PRICES)
    assert cli.good("organize", aws.url, "-r", "-n").count(" EUR\n") == 2

    done = told(cli.good("organize", aws.url, "-r", "--output", "json"))

    thousands = 5 * (done["list"] + done["put"] + done["copy"]) + 0.4 * (done["head"] + done["get"])
    assert done["cost"] == pytest.approx(thousands / 1000 + 90 * done["received"] / 1e9, abs=1e-6)
    assert done["currency"] == "EUR"
    undone = cli.good("undo", "last")
    assert " COPY, " in undone and undone.count(" EUR\n") == 1
    scanned = cli.good("scan", aws.url)
    assert " LIST; " in scanned and " EUR\n" in scanned


def test_a_wrong_configuration_is_no_matter_to_an_undo(cli: Cli, aws: Witness) -> None:
    """Prices that can't be read keep nothing from being taken back; there is no cost then."""
    at(cli, aws.server)
    before = fill(aws, 4)
    cli.good("organize", aws.url, "-r")
    cli.config.write_text("prices: {lists: 5}\n")

    undone = cli.good("undo", "last")

    assert "Requests: " in undone and "EUR" not in undone
    assert aws.seen() == before


def test_no_journal_keeps_it(cli: Cli, aws: Witness) -> None:
    """What is shown of a run later tells of none: it may have taken more than one command."""
    at(cli, aws.server)
    fill(aws, 4)
    cli.good("organize", aws.url, "-r")

    assert "requests" not in cli.good("show", "last", "--output", "json")
    assert "requests" not in cli.good("report", "last", "--format", "json")


def test_a_local_run_has_none(cli: Cli) -> None:
    """Nothing is said of requests where there is no bucket."""
    (cli.root / "a.txt").write_bytes(b"a")
    cli.config.write_text(PRICES)
    for words in (("organize", "root"), ("undo", "last"), ("scan", "root"), ("dedupe", "root")):
        assert "equest" not in cli.good(*words, "--output", "json")


@pytest.mark.parametrize("provider", ["aws", "r2", "poor"])
@pytest.mark.parametrize(
    "options", [(), ("--copy",), ("-m", "month"), ("--on-conflict", "replace")]
)
def test_the_estimate_is_what_the_run_takes(
    cli: Cli, aws: Witness, control: Control, provider: str, options: tuple[str, ...]
) -> None:
    """A dry run foretells each number of a run, an undo and a redo, where a run was before."""
    at(cli, aws.server)
    aws.put("before.txt")
    control.order(provider=provider)
    cli.good("organize", aws.url)  # which finds out what the server does
    control.order(provider="aws")
    fill(aws, 130)
    aws.put("Documents/00000.txt", b"in the way")
    control.order(provider=provider)
    for words in (("organize", aws.url, "-r", *options), ("undo", "last"), ("redo", "last")):
        preview = json.loads(cli.good(*words, "-n", "--output", "json"))
        done = told(cli.good(*words, "--output", "json"))
        assert of(preview["expected_requests"]) == of(done), words


def test_a_bucket_that_no_run_knows_is_taken_for_a_dear_one(cli: Cli, bucket: Witness) -> None:
    """Without a run before it nobody can know what a server does: the estimate is never too low."""
    at(cli, bucket.server)
    fill(bucket, 20)

    preview = json.loads(cli.good("organize", bucket.url, "-r", "-n", "--output", "json"))
    done = told(cli.good("organize", bucket.url, "-r", "--output", "json"))

    expected = of(preview["expected_requests"])
    assert all(expected[kind] >= done[kind] - FEW for kind in KINDS)
    assert expected["list"] == done["list"]
    if bucket.server.name == "rclone":  # which is a dear one
        assert expected == about(of(done))


def test_nothing_to_do_takes_no_more_than_a_look(cli: Cli, bucket: Witness) -> None:
    """Where a run would do nothing it is not told to cost anything beside the look."""
    at(cli, bucket.server)
    bucket.put("Documents/a.txt")

    preview = json.loads(cli.good("organize", bucket.url, "-r", "-n", "--output", "json"))

    assert preview["expected_requests"] == preview["requests"]
    assert of(preview["requests"]) == of(
        told(cli.good("organize", bucket.url, "-r", "--output", "json"))
    )


@pytest.mark.parametrize("copy", [(), ("--copy",)])
def test_the_estimate_of_a_crossing(cli: Cli, bucket: Witness, copy: tuple[str, ...]) -> None:
    """What goes from a folder to a bucket and back is foretold as well, its bytes too."""
    at(cli, bucket.server)
    for number, size in enumerate((0, 1, 5000, (9 << 20) + 1)):
        (cli.root / f"{number}.txt").write_bytes(bytes([number]) * size)
    out = ("organize", "root", "--into", bucket.url, *copy)
    back = ("organize", bucket.url, "-r", "--into", "root", *copy)
    cli.good(*out)
    cli.good("undo", "last")
    for words in (out, ("undo", "last"), ("redo", "last"), back, ("undo", "last")):
        preview = json.loads(cli.good(*words, "-n", "--output", "json"))["expected_requests"]
        done = told(cli.good(*words, "--output", "json"))
        assert of(preview) == about(of(done)), words
        for way in ("sent", "received"):
            assert preview[way] == pytest.approx(done[way], abs=30_000), (words, way)


@pytest.mark.parametrize("copy", [(), ("--copy",)])
def test_the_estimate_between_buckets(cli: Cli, bucket: Witness, copy: tuple[str, ...]) -> None:
    """What a server copies from one bucket to another is foretold, and the way back."""
    at(cli, bucket.server)
    other = new_bucket(bucket.server)
    fill(bucket, 20)
    if bucket.server.control is not None:
        bucket.server.control.order(guard={})  # it watches one bucket alone
    words = ("organize", bucket.url, "-r", "--into", other.url, *copy)
    cli.good(*words)
    cli.good("undo", "last")
    for again in (words, ("undo", "last"), ("redo", "last")):
        preview = json.loads(cli.good(*again, "-n", "--output", "json"))["expected_requests"]
        done = told(cli.good(*again, "--output", "json"))
        assert of(preview) == about(of(done), 2 * FEW), again
