"""What this copy of fileorg is: version, commit, Python, and how it was built."""

import os
import sys

from fileorg.version import __version__


def described() -> str:
    """Return it in one line: `fileorg 0.1.0 (commit 1a2b3c4d5e6f, Python 3.11.7, wheel)`."""
    form, commit = _form_and_commit()
    python = ".".join(map(str, sys.version_info[:3]))
    parts = [f"commit {commit}"] if commit else []
    return f"fileorg {__version__} ({', '.join([*parts, f'Python {python}', form])})"


def date() -> str:
    """Return the day of the commit that was built, as `2026-11-25`; empty for a checkout."""
    try:
        from fileorg._built import DATE
    except ImportError:
        return ""
    return str(DATE)


def _form_and_commit() -> tuple[str, str]:
    try:
        from fileorg._built import COMMIT, FORM
    except ImportError:
        return "source checkout", _checked_out(os.path.dirname(os.path.dirname(__file__)))
    return "binary" if hasattr(sys, "frozen") else FORM, COMMIT


def _checked_out(top: str) -> str:
    """Return the commit that a checkout is at, read from git's files; empty where there is none.

    Asking git itself would take longer than all else that `--version` does.
    """
    git = os.path.join(top, ".git")
    if (link := _line(git)).startswith("gitdir: "):  # a worktree
        git = os.path.join(top, link.removeprefix("gitdir: "))
    head = _line(os.path.join(git, "HEAD"))
    if head.startswith("ref: "):
        name = head.removeprefix("ref: ")
        common = os.path.join(git, _line(os.path.join(git, "commondir")))
        head = _line(os.path.join(common, name)) or _packed(common, name)
    return head[:12]


def _packed(git: str, name: str) -> str:
    """Return the commit of a branch that git has packed away."""
    for line in _read(os.path.join(git, "packed-refs")).splitlines():
        if line.endswith(f" {name}"):
            return line
    return ""


def _line(path: str) -> str:
    return _read(path).strip()


def _read(path: str) -> str:
    """Return a small file's text; empty where it can't be read."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeError):
        return ""
