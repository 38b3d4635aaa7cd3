"""Completion scripts, as typer makes them, and what shells are answered: words that stay one word.

This module is imported only when a shell asks, or for the script.
"""

import os
import re
from collections.abc import Mapping

from typer._click.shell_completion import CompletionItem, add_completion_class, split_arg_string
from typer._completion_classes import BashComplete, FishComplete, ZshComplete, completion_init
from typer._completion_shared import get_completion_script

from fileorg.config.convert import nearest
from fileorg.errors import UsageError

_SHELLS = ("bash", "zsh", "fish", "powershell")
_SPECIAL = {
    "": re.compile(r"([^\w@%+=:,./-])"),
    '"': re.compile(r'(["$`\\])'),
    "'": re.compile(r"(')"),
}
"""What a shell takes for more than itself, in a word that was begun with that quote."""


class _Bash(BashComplete):
    """Bash puts in what it is given as it is, after the quote that the word was begun with."""

    def format_completion(self, item: CompletionItem) -> str:
        return bash_word(str(item.value), _begun_with(os.environ))


class _Zsh(ZshComplete):
    """Zsh and fish quote what they are given, and send the line up to the cursor."""

    def get_completion_args(self) -> tuple[list[str], str]:
        return split_line(os.environ.get("_TYPER_COMPLETE_ARGS", ""))


class _Fish(FishComplete):
    """As zsh."""

    def get_completion_args(self) -> tuple[list[str], str]:
        return split_line(os.environ.get("_TYPER_COMPLETE_ARGS", ""))


def prepare() -> None:
    """Make the shells known that may ask for completions."""
    completion_init()
    for kind in (_Bash, _Zsh, _Fish):
        add_completion_class(kind, kind.name)


def script(shell: str) -> str:
    """Return the completion script of *shell*; `UsageError` if there is none."""
    if shell not in _SHELLS:
        near = nearest(shell, [*_SHELLS])
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(_SHELLS)}"
        raise UsageError(f"completion: {shell!r} is not a shell known here", hint)
    return get_completion_script(prog_name="fileorg", complete_var="_FILEORG_COMPLETE", shell=shell)


def bash_word(word: str, quote: str) -> str:
    """Return a word as bash reads it back, in a word that was begun with *quote* or none."""
    escaped = r"'\\''" if quote == "'" else r"\\\1"
    return _SPECIAL[quote].sub(escaped, word)


def split_line(line: str) -> tuple[list[str], str]:
    """Return the arguments before the cursor, and the one that it is in, without their quotes."""
    words = split_arg_string(line + ".")  # what a space or an open quote ends with is one word
    return words[1:-1], words[-1][:-1]


def _begun_with(env: Mapping[str, str]) -> str:
    """Return the quote that the word at the cursor begins with; empty if there is none."""
    words, number = env["COMP_WORDS"].split("\n"), int(env["COMP_CWORD"])
    begin = "".join(words[number : number + 1])[:1]
    return begin if begin in _SPECIAL else ""
