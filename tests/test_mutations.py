"""Each safeguard is held by a test that fails without it: here they are dropped, one by one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutations import MUTATIONS

PIPELINE = "tests/pipeline/"
FAULTS = f"{PIPELINE}test_faults.py::"
HOMES = f"{PIPELINE}test_every_fault.py::test_a_file_on_its_way_to_another_device_has_always_a_home"
HOLDS = {
    "barrier": f"{PIPELINE}test_recover.py::test_an_undo_that_never_began_hides_no_interrupted_run",
    "no-replace": f"{FAULTS}test_a_name_taken_after_the_plan_is_not_overwritten",
    "fingerprint": f"{FAULTS}test_a_file_that_changes_after_the_plan_is_not_moved",
    "syncfs": f"{PIPELINE}test_order.py::test_what_a_run_did_is_durable_before_it_says_so",
    "proof": f"{HOMES}[copy:2:cut]",
    "redundant": f"{PIPELINE}test_dedupe_acts.py"
    "::test_a_redundant_file_that_changed_is_left[change_unseen-quarantine]",
    "original": f"{HOMES}[remove:2:lost]",
    "answer": f"{PIPELINE}test_order.py::test_a_rename_whose_answer_was_lost_is_undone",
    "only-name": "tests/storage/test_no_replace.py"
    "::test_an_unlink_whose_answer_was_lost_loses_nothing",
}
PASSED, FAILED = 0, 1


def outcome(tests: list[str], mutation: str = "") -> "tuple[int, str]":
    """Run tests in a process of their own, with something dropped; return its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutations", *tests],
        cwd=Path(__file__).parents[1],
        env=os.environ | {"FILEORG_MUTATION": mutation},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_tests_that_hold_safeguards_pass() -> None:
    """With every safeguard in place none of them fails, and none is skipped."""
    code, said = outcome([*HOLDS.values()])

    assert code == PASSED, said
    assert f"{len(HOLDS)} passed" in said


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_dropping_a_safeguard_is_noticed(mutation: str) -> None:
    """Without the safeguard the test that is named for it fails."""
    code, said = outcome([HOLDS[mutation]], mutation)

    assert code == FAILED, said
    assert "1 failed" in said
