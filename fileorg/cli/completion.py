"""Completion scripts, as typer makes them."""

from fileorg.errors import UsageError

_SHELLS = ("bash", "zsh", "fish", "powershell")


def script(shell: str) -> str:
    """Return the completion script of *shell*; `UsageError` if there is none."""
    if shell not in _SHELLS:
        raise UsageError(f"completion: {shell!r} is not one of {', '.join(_SHELLS)}")
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="fileorg", complete_var="_FILEORG_COMPLETE", shell=shell)
