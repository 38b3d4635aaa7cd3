"""What follows from one condition for another (pure): no wrong yes, but not every right one."""

from itertools import combinations

from fileorg.categorize.combining import All, Any, Condition, Not
from fileorg.categorize.conditions import Glob, Leaf
from fileorg.categorize.contents import HasField


def implies(one: Condition, other: Condition) -> bool:
    """Whether *other* holds wherever *one* does."""
    match one, other:
        case _, All(parts):
            return all(implies(one, part) for part in parts)
        case Any(parts), _:
            return all(implies(part, other) for part in parts)
        case Not(inside), Not(others):
            return implies(others, inside)
        case _, Not(inside):
            return excludes(one, inside)
        case _, Any(parts) if any(implies(one, part) for part in parts):
            return True
        case All(parts), _:
            return any(implies(part, other) for part in parts)
        case Leaf(), Leaf():
            return other.covers(one)
        case _, Glob():
            return other.is_everything
    return False


def excludes(one: Condition, other: Condition) -> bool:
    """Whether no file can meet both."""
    return _shuts_out(one, other) or _shuts_out(other, one)


def _shuts_out(one: Condition, other: Condition) -> bool:
    """Tell that two exclude each other by looking into the first."""
    match one:
        case Not(inside):
            return implies(other, inside)
        case Any(parts):
            return all(excludes(part, other) for part in parts)
        case All(parts):
            return any(excludes(part, other) for part in parts)
        case Leaf():
            return isinstance(other, Leaf) and one.misses(other)


def clash(condition: Condition) -> tuple[Condition, ...]:
    """Return the conditions because of which one can't be met; none if it can, or nobody knows."""
    match condition:
        case All(parts):
            alone = next(filter(None, map(clash, parts)), ())
            return alone or next((two for two in combinations(parts, 2) if excludes(*two)), ())
        case Any(parts):
            return (condition,) if all(map(clash, parts)) else ()
        case Not(inside):
            return (condition,) if is_always(inside) else ()
        case HasField():
            return ()
        case Leaf(texts):
            return () if texts else (condition,)
    return ()


def is_always(condition: Condition) -> bool:
    """Whether every file meets a condition, as far as that can be told."""
    match condition:
        case All(parts):
            return all(map(is_always, parts))
        case Any(parts):
            return any(map(is_always, parts))
        case Not(inside):
            return bool(clash(inside))
        case Glob():
            return condition.is_everything
    return False
