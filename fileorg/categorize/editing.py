"""Changes to the user's categories: what they come to, and why some can't be (pure)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

from fileorg.categorize.filetypes import CATEGORIES, OTHER
from fileorg.categorize.rules import Categorizer, check_category_name, extension_of
from fileorg.config.convert import nearest
from fileorg.errors import UsageError

Categories = dict[str, tuple[str, ...]]
_BUILT_IN = (*CATEGORIES, OTHER)


class Editor:
    """The categories that commands keep, to be changed beside those written by hand.

    *kept* is what they come to. `UsageError` says what can't be, and what to do.
    """

    def __init__(self, kept: Categories, written: Mapping[str, Sequence[str]], file: str) -> None:
        """Take the name of the *file* that is written by hand for messages."""
        self.kept = dict(kept)
        self._written = written
        self._file = file

    def add(self, name: str, extensions: Iterable[str]) -> None:
        """Begin a category of that name."""
        self._check_new(name)
        self.kept[name] = ()
        self._extend(name, extensions)

    def edit(
        self,
        name: str,
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        rename: str | None = None,
    ) -> None:
        """Take extensions out of a category, put others in, and give it another name.

        What a built-in category loses goes to `Other`.
        """
        self._check_known(name)
        self._reduce(name, remove)
        self._extend(name, add)
        if rename is not None:
            self._check_own(name, "add one of your own")
            self._check_new(rename)
            self.kept = {rename if n == name else n: texts for n, texts in self.kept.items()}

    def remove(self, name: str) -> None:
        """Remove a category; its extensions go back to where they are without it."""
        self._check_own(name, "take extensions out of it: 'edit --remove-extension'")
        del self.kept[name]

    def _extend(self, name: str, texts: Iterable[str]) -> None:
        for text in map(_checked, texts):
            self._check_free(name, text)
            if self._owner(text) != name:
                self.kept[name] = (*self.kept.get(name, ()), text)

    def _reduce(self, name: str, texts: Iterable[str]) -> None:
        for text in map(_checked, texts):
            own = self.kept.get(name, ())
            if text in map(_bare, own):
                self.kept[name] = tuple(other for other in own if _bare(other) != text)
                if not self.kept[name] and name in (*_BUILT_IN, *self._written):
                    del self.kept[name]
                continue
            if text in map(_bare, self._written.get(name, ())):
                _refuse(f"extension {text!r} is in {name!r} in {self._file}", "take it out there")
            owner = self._owner(text)
            if owner != name or name == OTHER:
                _refuse(f"{name!r} has no extension {text!r} of its own", f"it is in {owner!r}")
            self.kept[OTHER] = (*self.kept.get(OTHER, ()), text)

    def _owner(self, text: str) -> str:
        own = {n: (*self.kept.get(n, ()), *self._written.get(n, ())) for n in self._names()}
        try:
            return Categorizer(own).category_of(b"x" + extension_of(text))
        except ValueError as error:
            raise UsageError(str(error), f"edit {self._file}") from None

    def _names(self) -> tuple[str, ...]:
        return tuple(self.kept | dict(self._written))

    def _check_free(self, name: str, text: str) -> None:
        """Refuse an extension that another category of the user's has."""
        for owners, where, remedy in (
            (self._written, f" in {self._file}", "take it out there"),
            (self.kept, "", "fileorg categories edit {!r} --remove-extension {}"),
        ):
            for other, texts in owners.items():
                if other != name and text in map(_bare, texts):
                    _refuse(
                        f"extension {text!r} is in category {other!r}{where}",
                        remedy.format(other, text),
                    )

    def _check_new(self, name: str) -> None:
        why = check_category_name(name)
        if why is not None:
            _refuse(f"category name {name!r} {why}", "choose another")
        taken = {other.casefold(): other for other in (*_BUILT_IN, *self._names())}
        if name.casefold() in taken:
            _refuse(
                f"category {taken[name.casefold()]!r} is there already",
                f"fileorg categories edit {taken[name.casefold()]!r} --add-extension ...",
            )

    def _check_known(self, name: str) -> None:
        known = [*_BUILT_IN, *self._names()]
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near!r}?" if near else "fileorg categories list"
            _refuse(f"no category {name!r}", hint)

    def _check_own(self, name: str, remedy: str) -> None:
        """Refuse a category that is built in, or written by hand."""
        self._check_known(name)
        if name in _BUILT_IN:
            _refuse(f"category {name!r} is built in", remedy)
        if name in self._written:
            _refuse(f"category {name!r} is in {self._file}", "change it there")


def _checked(text: str) -> str:
    """Return an extension as it is kept: in lower case and without its dot."""
    try:
        return extension_of(text)[1:].decode()
    except ValueError as error:
        raise UsageError(str(error)) from None


def _bare(text: str) -> str:
    return text.removeprefix(".").lower()


def _refuse(message: str, remedy: str) -> NoReturn:
    raise UsageError(message, remedy)
