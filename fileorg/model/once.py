"""An attribute that is found out when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

_Value_co = TypeVar("_Value_co", covariant=True)


class once(Generic[_Value_co]):  # noqa: N801 - read as `property` is
    """Do as `cached_property`, which takes a lock in Python 3.11: 1 us for each of many files."""

    def __init__(self, find: Callable[[Any], _Value_co]) -> None:
        self._find: Final = find
        self._name: Final = find.__name__

    def __get__(self, owner: object, _: type | None = None) -> _Value_co:
        found = owner.__dict__[self._name] = self._find(owner)
        return found
