"""The options that commands share, and what they are turned into."""

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fileorg.cli import completing
from fileorg.errors import FileorgError, UsageError

if TYPE_CHECKING:
    from fileorg.config.schema import Config
    from fileorg.model.requests import Prices
    from fileorg.pipeline.state import State


class Output(StrEnum):
    """How results are written to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


RunArgument = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run's id, its unique beginning, or 'last'.",
        autocompletion=completing.runs,
    ),
]
OutputOption = Annotated[
    Output, typer.Option("--output", help="How to write the result: for people or programs.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Print every file.")]
NoProgressOption = Annotated[bool, typer.Option("--no-progress", help="No progress bar.")]
LogOption = Annotated[
    str | None, typer.Option("--log-file", metavar="FILE", help="Also write every file to FILE.")
]
StateOption = Annotated[
    str | None, typer.Option("--state-dir", metavar="DIR", help="Where journals are kept.")
]
ConfigOption = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="Use this configuration file.")
]
WaitOption = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait for another run's lock.")
]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes to use; 1 forks none.")
]
LAYOUT, WHICH = "Layout", "Which files"
IncludeOption = Annotated[
    list[str] | None,
    typer.Option("--include", metavar="GLOB", rich_help_panel=WHICH, help="Only these."),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="GLOB", rich_help_panel=WHICH, help="Not these."),
]
MinSizeOption = Annotated[
    str | None, typer.Option("--min-size", rich_help_panel=WHICH, help="Such as 10MB.")
]
MaxSizeOption = Annotated[
    str | None, typer.Option("--max-size", rich_help_panel=WHICH, help="Such as 1GB.")
]
OlderOption = Annotated[
    str | None, typer.Option("--older-than", rich_help_panel=WHICH, help="Such as 30d.")
]
NewerOption = Annotated[
    str | None, typer.Option("--newer-than", rich_help_panel=WHICH, help="Such as 1y.")
]
HiddenOption = Annotated[
    bool | None,
    typer.Option("--hidden/--no-hidden", rich_help_panel=WHICH, help="Hidden files too."),
]
DepthOption = Annotated[int | None, typer.Option("--depth", metavar="N", help="At most N deep.")]
IntoOption = Annotated[str | None, typer.Option("--into", metavar="DEST", help="Sort into DEST.")]
ModeOption = Annotated[
    str | None,
    typer.Option(
        "--mode",
        "-m",
        rich_help_panel=LAYOUT,
        help="category, category_year, category_month, year, month, date, extension, size.",
        autocompletion=completing.modes,
    ),
]
TemplateOption = Annotated[
    str | None,
    typer.Option(
        "--template",
        rich_help_panel=LAYOUT,
        help="A layout of your own: '{category}/{date:%Y}/{name}'.",
    ),
]
TrustOption = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="extension|content",
        autocompletion=completing.one_of("extension|content"),
        rich_help_panel=LAYOUT,
        help="Look into files of unknown extension only, or into all.",
    ),
]
FoldersOption = Annotated[
    str | None,
    typer.Option(
        "--folders",
        metavar="leave|recurse|whole",
        autocompletion=completing.one_of("leave|recurse|whole"),
        rich_help_panel=LAYOUT,
        help="Subfolders stay, are sorted through, or move each as one.",
    ),
]
RecursiveOption = Annotated[
    bool,
    typer.Option("--recursive", "-r", rich_help_panel=LAYOUT, help="--folders recurse."),
]
KeepFoldersOption = Annotated[
    bool | None,
    typer.Option(
        "--keep-folders/--no-keep-folders",
        rich_help_panel=LAYOUT,
        help="Keep the path below SOURCE inside the category.",
    ),
]

BUCKETS = "Buckets"
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        metavar="URL",
        rich_help_panel=BUCKETS,
        help="The S3 service that has the bucket.",
    ),
]
ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile", metavar="NAME", rich_help_panel=BUCKETS, help="A profile of ~/.aws/config."
    ),
]

IntoEndpointOption = Annotated[
    str | None,
    typer.Option(
        "--into-endpoint-url",
        metavar="URL",
        rich_help_panel=BUCKETS,
        help="The S3 service that has DEST, if another.",
    ),
]
IntoProfileOption = Annotated[
    str | None,
    typer.Option(
        "--into-profile",
        metavar="NAME",
        rich_help_panel=BUCKETS,
        help="A profile of ~/.aws/config for DEST.",
    ),
]


def state_from(explicit: str | None) -> "State":
    """Return the state folder in force."""
    from fileorg.pipeline.state import state_folder

    return state_folder(explicit, os.environ)


def absolute(path: str) -> bytes:
    """Return a path as absolute bytes, its last component unresolved; `UsageError` if empty."""
    if not path:
        raise UsageError("'': an empty path", "is a variable in the command line unset?")
    from fileorg.storage.remote import absolute as located

    return located(os.fsencode(path))


def configured(explicit: str | None, given: dict[str, Any]) -> "Config":
    """Return the configuration in force, the options that were *given* over it.

    `ConfigError` says which option, variable or key is wrong.
    """
    from fileorg.config.load import load
    from fileorg.config.overrides import override

    return override(load(explicit, os.environ).config, given, _option_of)


def _option_of(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def prices_in_force() -> "Prices | None":
    """Return the prices that the user has set; a wrong configuration is no matter to an undo."""
    from fileorg.config.load import load

    try:
        return load(None, os.environ).config.prices
    except FileorgError:
        return None


def command_line() -> tuple[str, ...]:
    """Return the words of the command, for the journal; no option of fileorg holds a secret."""
    from fileorg.model.location import shown

    return ("fileorg", *(shown(os.fsencode(word)) for word in sys.argv[1:]))
