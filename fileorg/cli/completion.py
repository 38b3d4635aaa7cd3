"""Completion scripts, as typer makes them."""

from fileorg.errors import UsageError

_SHELLS = ("bash", "zsh", "fish", "powershell")


def prepare() -> None:
    """Make the shells known that may ask for completions."""
    from typer._completion_classes import completion_init

    completion_init()


def script(shell: str) -> str:
    """Return the completion script of *shell*; `UsageError` if there is none."""
    if shell not in _SHELLS:
        known = f"there are {', '.join(_SHELLS)}"
        raise UsageError(f"completion: {shell!r} is not a shell known here", known)
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="fileorg", complete_var="_FILEORG_COMPLETE", shell=shell)
