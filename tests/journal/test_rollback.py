"""From what a run did to what takes it back."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.journal.rollback import INVERSE, Line, inverse, rollback
from fileorg.model.entry import Fingerprint, Kind
from fileorg.model.location import Location
from fileorg.model.outcome import Outcome, Status
from fileorg.model.plan import Action, ActionKind, Joint

SAFE = [
    ActionKind.MAKE_FOLDER,
    ActionKind.QUARANTINE,
    ActionKind.SET_ASIDE,
    ActionKind.LINK,
    ActionKind.CLONE,
    ActionKind.LEAVE_CLONE,
    ActionKind.MOVE,
    ActionKind.COPY,
    ActionKind.REMOVE_COPY,  # before what it took the place of returns
    ActionKind.RESTORE,
    ActionKind.REMOVE_LINK,  # likewise
    ActionKind.BRING_BACK,
    ActionKind.REMOVE_FOLDER,
]


def _action(kind: ActionKind, number: int = 0) -> Action:
    mark = Fingerprint(1, 2, 3, 1000 + number)
    source, target = Location(0, b"from/%d" % number), Location(1, b"to/%d" % number)
    return Action(kind, source, target, mark, "Images", Kind.SYMLINK)


def _steps_of(actions: list[Action]):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def steps_of(kind: ActionKind) -> Iterator[tuple[int, Action]]:
        return (step for step in reversed(list(enumerate(actions))) if step[1].kind is kind)

    return steps_of


def test_every_kind_has_an_inverse() -> None:
    """The inverse of the inverse of every kind is the kind itself."""
    assert {INVERSE[INVERSE[kind]] is kind for kind in ActionKind} == {True}


@pytest.mark.parametrize("kind", list(ActionKind))
def test_an_inverse_goes_back(kind: ActionKind) -> None:
    """An inverse goes from target to source and knows the inode that the run made, if any."""
    action = _action(kind)
    back = inverse(INVERSE[kind], action, None)
    assert (back.source, back.target) == (action.target, action.source)
    assert (back.fingerprint, back.category, back.entry_kind) == (
        action.fingerprint, "Images", Kind.SYMLINK,
    )  # fmt: skip
    made = inverse(INVERSE[kind], action, Outcome(0, Status.DONE, inode=77))
    assert made.fingerprint == Fingerprint(1, 2, 3, 77)
    assert inverse(kind, back, None) == action


def test_only_what_was_done_is_taken_back() -> None:
    """Steps that failed, were skipped or wait, and those never begun, are not in a roll back."""
    actions = [_action(ActionKind.MOVE, number) for number in range(8)]
    outcomes = {
        1: Outcome(1, Status.FAILED), 2: Outcome(2, Status.SKIPPED), 3: Outcome(3, Status.PENDING),
        4: Outcome(4, Status.DONE), 5: Outcome(5, Status.COPIED), 7: Outcome(7, Status.DONE),
    }  # fmt: skip
    line = Line(_steps_of(actions), outcomes, high=6)
    back = [action.target.path for action in _alone(rollback([line]))]
    assert back == [b"from/7", b"from/4", b"from/0"]


@given(st.lists(st.sampled_from(ActionKind), max_size=30))
def test_the_order_is_safe(kinds: list[ActionKind]) -> None:
    """Folders are made first and removed last; within a kind the last done is the first back."""
    actions = [_action(kind, number) for number, kind in enumerate(kinds)]
    back = _alone(rollback([Line(_steps_of(actions), {}, high=len(actions))]))
    wanted = [INVERSE[kind] for kind in kinds if kind is not ActionKind.KEEP]
    assert [action.kind for action in back] == sorted(wanted, key=SAFE.index)
    for kind in ActionKind:
        numbers = [int(a.target.name) for a in back if a.kind is kind]
        assert numbers == sorted(numbers, reverse=True)


def test_a_roll_back_of_a_roll_back_is_the_run() -> None:
    """Undo of undo does what the run did, to the same places."""
    actions = [_action(kind, number) for number, kind in enumerate(SAFE)]
    back = _alone(rollback([Line(_steps_of(actions), {}, high=99)]))
    again = _alone(rollback([Line(_steps_of(back), {}, high=99)]))
    assert again == actions


def test_what_is_kept_is_named_again() -> None:
    """The file beside which others are redundant comes before them, in a roll back, too."""
    keeps = [_action(ActionKind.KEEP, number) for number in range(2)]
    actions = [
        keeps[0], _action(ActionKind.SET_ASIDE, 1), _action(ActionKind.SET_ASIDE, 2),
        keeps[1], _action(ActionKind.SET_ASIDE, 4),
    ]  # fmt: skip
    back = _alone(rollback([Line(_steps_of(actions), {}, 5, lambda seq: keeps[seq > 3])]))

    assert [action.kind.name for action in back] == [
        "KEEP", "BRING_BACK", "KEEP", "BRING_BACK", "BRING_BACK",
    ]  # fmt: skip
    assert (back[0], back[2]) == (keeps[1], keeps[0])


def test_what_belongs_together_goes_back_together() -> None:
    """The steps of a unit that were done are one item of a roll back, the main file's first."""
    actions = [_action(ActionKind.MOVE, number) for number in range(6)]
    units = {1: 1, 2: 1, 3: 3, 4: 3, 5: 3}
    outcomes = {4: Outcome(4, Status.SKIPPED)}
    back = list(rollback([Line(_steps_of(actions), outcomes, 6, unit_of=units.get)]))

    places = [
        [a.target.path for a in (item.actions if isinstance(item, Joint) else [item])]
        for item in back
    ]
    assert places == [[b"from/3", b"from/5"], [b"from/1", b"from/2"], [b"from/0"]]


def _alone(items: Iterable[Action | Joint]) -> list[Action]:
    """Return a roll back of steps of which none belongs to another."""
    steps = list(items)
    assert all(isinstance(step, Action) for step in steps)
    return [step for step in steps if isinstance(step, Action)]
