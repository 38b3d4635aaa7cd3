"""The event stream: as its schema says, complete, and harmless whatever its reader does."""

import json
import os
import re
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fileorg.cli.stream import EVENTS, json_schema
from fileorg.model.outcome import RunState
from fileorg.pipeline.state import State
from tests.cli.conftest import REPOSITORY, Cli
from tests.pipeline.harness import contents, snapshot
from tests.trees import make_tree

NAMES = {event.__struct_config__.tag for event in EVENTS}
Stream = list[dict[str, Any]]
MANY = 4000


def strict() -> Draft202012Validator:
    """Return what accepts an event that has no kind, field or word but the documented ones."""

    def closed(part: Any) -> Any:
        if isinstance(part, list):
            return [closed(item) for item in part]
        if not isinstance(part, dict):
            return part
        words = {"enum": part["examples"]} if "examples" in part else {}
        members = {"additionalProperties": False} if "properties" in part else {}
        return members | {key: closed(held) for key, held in part.items()} | words

    schema = closed(json_schema())
    schema["anyOf"].remove({"$ref": "#/$defs/Unknown"})
    return Draft202012Validator(schema)


def events(text: str | bytes) -> Stream:
    """Return the events of a stream, each of which must be as documented."""
    found = [json.loads(line) for line in text.splitlines()]
    check = strict()
    for event in found:
        check.validate(event)
    return found


def run(cli: Cli, *words: Any, code: int = 0) -> Stream:
    """Run a command and return its events, which begin and end as they should."""
    done = cli(*words, "--output", "jsonl")
    assert done.returncode == code, done.stderr
    found = events(done.stdout)
    assert found[0]["event"] == "run_started"
    assert found[-1]["event"] == "run_finished"
    assert found[-1]["exit_code"] == code
    return found


@pytest.fixture
def some(cli: Cli) -> Cli:
    """Return a command line over some files, hidden and hostile ones among them."""
    make_tree(cli.root, {
        b"a.jpg": b"1", b"in/b.jpg": b"22", b".hidden": b"", b"new\nline \xff.txt": b"3",
        b"twin.pdf": b"same", b"in/twin (1).pdf": b"same",
        b"page.jpg": b"<!DOCTYPE html><html></html>",
    })  # fmt: skip
    return cli


def test_the_published_schema_is_the_one_of_the_program() -> None:
    """docs/events.schema.json is what the types of the events say, and a sound schema."""
    published = json.loads((REPOSITORY / "docs" / "events.schema.json").read_text())
    assert published == json.loads(json.dumps(json_schema()))
    Draft202012Validator.check_schema(published)


def test_every_event_is_described() -> None:
    """docs/events.md has a row for each event, and no other; its version is the one in force."""
    text = (REPOSITORY / "docs" / "events.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) - {"event"} == NAMES
    assert "`schema`, which is 1." in text


def test_every_event_occurs_and_is_as_documented(some: Cli) -> None:
    """Each documented event is met, fits the published schema, and does not fit when broken."""
    published = Draft202012Validator(json_schema())
    seen = every_event(some)
    assert {event["event"] for event in seen} == NAMES
    for event in seen:
        assert published.is_valid(event)
        for member in event:
            assert not published.is_valid(event | {member: None}), member
        assert not published.is_valid({"event": event["event"], "schema": 1})


def test_events_to_come_fit_the_schema() -> None:
    """The published schema takes kinds, fields and words that it does not know, if told as all."""
    published = Draft202012Validator(json_schema())
    source = {"path": "/a"}
    skipped: dict[str, Any] = {"event": "action_skipped", "schema": 1, "source": source}
    skipped["reason"] = "a new one"
    coming: dict[str, Any] = {"event": "action_undone", "schema": 1, "source": source}
    for event in (skipped, skipped | {"more": 1}, coming):
        assert published.is_valid(event)
    for event in (coming | {"schema": 2}, coming | {"event": 1}, {"event": "action_undone"}):
        assert not published.is_valid(event)


def every_event(some: Cli) -> Stream:
    """Return what organize, apply, scan, dedupe, undo and redo tell of some files."""
    seen = run(some, "dedupe", "root")
    seen += run(some, "scan", "root")
    seen += run(some, "organize", "root", "-r", "-n", "--trust", "content", "--save-plan", "plan")
    (some.root / "a.jpg").touch()
    seen += run(some, "apply", "plan", code=3)
    seen += run(some, "undo", "last", "--only", "in/")
    seen += run(some, "redo", "last")
    seen += run(some, "dedupe", "root", "--action", "quarantine")
    return seen + run(some, "undo", "last", "-n")


def test_what_is_told_is_what_was_done(some: Cli) -> None:
    """Each file is told once with both absolute paths, and what is left alone with its reason."""
    before = set(snapshot(some.root))
    found = run(some, "organize", "root", "-r")
    moves = [e for e in found if e["event"] == "action_done" and e["action"] == "move"]
    assert found[-1]["summary"]["done"] == len(moves) == 6
    for event in moves:
        source, target = (raw(event[end]) for end in ("source", "target"))
        assert not os.path.lexists(source)
        assert os.path.lexists(target)
        assert source[len(os.fsencode(some.root)) :] in before
    [left] = [e for e in found if e["event"] == "action_skipped"]
    assert (left["source"]["path"], left["reason"]) == (f"{some.root}/.hidden", "hidden")


def raw(place: dict[str, str]) -> bytes:
    """Return the bytes of a path on the wire."""
    import base64

    return base64.b64decode(place["path_b64"]) if "path_b64" in place else place["path"].encode()


def test_a_preview_tells_the_same_files(some: Cli) -> None:
    """A dry run plans the very actions that the run then tells as done."""
    planned = run(some, "organize", "root", "-r", "-n")
    done = run(some, "organize", "root", "-r")
    would = [event | {"event": "action_done"} for event in planned if "action" in event]
    did = [event for event in done if "action" in event]
    assert sorted(would, key=json.dumps) == sorted(did, key=json.dumps)
    assert planned[0]["dry_run"]


def test_a_preview_tells_what_a_file_goes_with(cli: Cli) -> None:
    """What belongs together is planned file by file, each companion with its main file."""
    make_tree(cli.root, {b"u.cr2": b"1", b"u.jpg": b"22", b"a.jpg": b"333"})
    found = run(cli, "organize", "root", "-n")
    main = {os.path.basename(e["source"]["path"]): e.get("with") for e in found
            if e["event"] == "action_planned" and e["action"] == "move"}  # fmt: skip
    assert main == {"a.jpg": None, "u.cr2": None, "u.jpg": {"path": f"{cli.root}/u.cr2"}}


def test_an_error_ends_the_stream(some: Cli) -> None:
    """A run that an error ends has a last event with the exit code and what stderr says."""
    make_tree(some.root, {b"c.txt": b"1", b"Documents/c.txt": b"2"})
    done = some("organize", "root", "--on-conflict", "fail", "--output", "jsonl")
    last = events(done.stdout)[-1]
    assert (last["event"], last["exit_code"], done.returncode) == ("run_finished", 4, 4)
    assert done.stderr == f"fileorg: {last['error']}\n"
    missing = some("organize", "none", "--output", "jsonl")
    assert [event["exit_code"] for event in events(missing.stdout)] == [2]


def test_a_recovered_run_is_a_stream_of_its_own(cli: Cli) -> None:
    """Recover tells each run from start to finish."""
    fill(cli)
    with cli.start("organize", "root", "--output", "jsonl", stdout=subprocess.PIPE) as dying:
        assert dying.stdout is not None
        while b'"action_done"' not in dying.stdout.readline():
            pass
        dying.kill()
    found = run(cli, "recover")
    assert found[0]["kind"] == "organize"
    assert found[-1]["summary"]["done"] == MANY
    assert "settle" in {event.get("phase") for event in found}


# readers


def fill(cli: Cli) -> None:
    """Make so many files that a pipe can't hold what is told of them."""
    make_tree(cli.root, {b"%05d.jpg" % number: b"%d" % number for number in range(MANY)})


def finished(cli: Cli) -> bool:
    """Return whether the newest run has come to its end."""
    if not cli.journals():
        return False
    return State(cli.state).records()[0].state is RunState.FINISHED


@pytest.mark.parametrize("words", [("--output", "jsonl"), ("-v",)])
def test_a_reader_that_stops_holds_up_nothing(cli: Cli, words: tuple[str, ...]) -> None:
    """The run ends, unlocks and can be undone while nobody reads; then all of it is there."""
    fill(cli)
    before = snapshot(cli.root, times=False)
    with cli.start("organize", "root", *words, stdout=subprocess.PIPE) as quiet:
        while not finished(cli):
            assert quiet.poll() is None
        cli.good("undo", "last", "-q")
        assert snapshot(cli.root, times=False) == before
        assert quiet.poll() is None
        out, errors = quiet.communicate(timeout=60)
    assert quiet.returncode == 0
    assert errors.startswith(b"fileorg: first run")
    assert errors.count(b"\n") == 1
    if words == ("-v",):
        assert out.count(b"move: ") == MANY
        return
    found = events(out)
    assert sum(e["event"] == "action_done" and e["action"] == "move" for e in found) == MANY
    assert found[-1]["event"] == "run_finished"
    behind = [e["event"] for e in found].index("phase_started", 2)
    assert sum(e["event"] == "progress" for e in found[behind:]) < 10


def test_a_reader_that_was_stopped_goes_on(cli: Cli) -> None:
    """A consumer that is stopped in the middle and continued has the whole stream."""
    fill(cli)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        os.kill(cat.pid, signal.SIGSTOP)
        assert cat.stdin is not None
        with cli.start("organize", "root", "--output", "jsonl", stdout=cat.stdin) as going:
            cat.stdin.close()
            while not finished(cli):
                assert going.poll() is None
            os.kill(cat.pid, signal.SIGCONT)
            assert cat.stdout is not None
            found = events(cat.stdout.read())
            assert going.wait(60) == 0
    assert found[-1]["summary"]["done"] == MANY


@pytest.mark.parametrize("lines", [0, 1, 500])
def test_a_reader_that_dies_is_not_missed(cli: Cli, lines: int) -> None:
    """A consumer that closes the pipe leaves a run that ends as if it had been read."""
    cli.past_the_first_run()
    fill(cli)
    files = contents(cli.root)
    with cli.start("organize", "root", "--output", "jsonl", stdout=subprocess.PIPE) as lonely:
        assert lonely.stdout is not None
        for _ in range(lines):
            lonely.stdout.readline()
        lonely.stdout.close()
        assert lonely.wait(60) == 0
        assert lonely.stderr is not None
        assert lonely.stderr.read() == b""
    assert len(list((cli.root / "Images").iterdir())) == MANY
    assert contents(cli.root) == files


def test_one_who_waits_for_a_reader_can_be_sent_away(cli: Cli) -> None:
    """Ctrl-C ends a process that only waits to be read, and what it did stays done."""
    fill(cli)
    with cli.start("organize", "root", "--output", "jsonl", stdout=subprocess.PIPE) as waiting:
        while not finished(cli) or _holds(waiting.pid, cli.root):
            assert waiting.poll() is None
        while True:  # one that comes before the run has let go of signals is only remembered
            os.kill(waiting.pid, signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                assert waiting.wait(2) == 130
                break
    assert len(list((cli.root / "Images").iterdir())) == MANY
    assert cli.good("undo", "last", "-q") == ""


def _holds(pid: int, folder: Path) -> bool:
    handles = f"/proc/{pid}/fd"
    return str(folder) in {os.readlink(f"{handles}/{fd}") for fd in os.listdir(handles)}


def test_a_full_disk_behind_stdout_is_told(cli: Cli) -> None:
    """Where stdout leads to a full disk the run is done, and exit code and stderr say so."""
    make_tree(cli.root, {b"a.jpg": b"1"})
    with (
        Path("/dev/full").open("wb") as full,
        cli.start("organize", "root", "--output", "jsonl", stdout=full) as told,
    ):
        assert told.stderr is not None
        errors = told.stderr.read().decode()
        assert told.wait(60) == 12
    assert "No space left on device" in errors
    assert (cli.root / "Images" / "a.jpg").exists()
