"""The help: commands in groups, options in groups, and examples that can be copied.

Plain text, which every terminal and pager shows, and no Rich, which takes 60 ms to import.
"""

from typing import Any, Final, NamedTuple

from typer.core import TyperCommand, TyperGroup

TIDY, BACK, LOOK, KEEP, SETUP = (
    "Tidy", "Take back", "Look", "Keep house", "Set up"
)  # fmt: skip
_NO_PANEL: Final = "Options"


class Help(NamedTuple):
    """What the help says of one command besides its docstring and its options."""

    panel: str
    short: str
    examples: tuple[tuple[str, str], ...]


COMMANDS: Final[dict[str, Help]] = {
    "organize": Help(
        TIDY,
        "Sort the files of a folder into folders.",
        (
            ("organize ~/Downloads --dry-run", "see what would happen"),
            ("organize ~/Downloads", "do it"),
            ("organize ~/Photos -r -m category_month", "subfolders too, by month"),
            (
                "organize /media/card --copy --into ~/Photos -m date",
                "import, leave the card as it is",
            ),
            ("organize ~/Inbox --template '{category}/{date:%Y}/{name}'", "a layout of your own"),
            ("organize ~/Inbox -n --save-plan plan.jsonl", "a plan to read, to thin out, to apply"),
            ("organize ~/Downloads -q --wait 60 || mail -s fileorg me", "in cron"),
        ),
    ),
    "apply": Help(
        TIDY,
        "Do what a saved plan says.",
        (
            ("apply plan.jsonl --dry-run", "what of it can still be done"),
            ("apply plan.jsonl", "do it"),
        ),
    ),
    "dedupe": Help(
        TIDY,
        "Find duplicates, compared byte by byte.",
        (
            ("dedupe ~/Pictures", "which files hold the same"),
            ("dedupe ~/Pictures --action quarantine", "set the redundant ones aside"),
            ("dedupe ~/New --reference ~/Archive", "what of New is in Archive already"),
        ),
    ),
    "undo": Help(
        BACK,
        "Put every file and folder of a run back.",
        (
            ("undo last", "the last run"),
            ("undo 20261122-18", "the run whose id begins so"),
            ("undo last --root ~/Downloads --dry-run", "only see what would come back"),
            ("undo last --only '*.pdf' --only '/Scans/'", "a part of it; the rest can follow"),
            ("undo last --file ~/Downloads/a.jpg --on-conflict rename", "one file, to a free name"),
        ),
    ),
    "redo": Help(BACK, "Do a run again that was undone.", (("redo last", "the last undone run"),)),
    "recover": Help(
        BACK,
        "Finish what a crash or a signal interrupted.",
        (
            ("recover", "every interrupted run"),
            ("recover --rollback", "take them back instead"),
        ),
    ),
    "explain": Help(
        LOOK,
        "Say where a file would go, and what says so.",
        (
            ("explain ~/Downloads/photo.jpg -m date", "and by which date"),
            ("explain ~/Downloads/app/x.js -r --source ~/Downloads", "why it would stay"),
        ),
    ),
    "scan": Help(
        LOOK,
        "Say what is in a folder, and what stands out.",
        (
            ("scan ~/Downloads", "by category, size and year"),
            ("scan / --top 20 --output json", "for a program"),
        ),
    ),
    "runs": Help(LOOK, "List the runs.", (("runs", "the newest first"),)),
    "show": Help(
        LOOK,
        "Show one run and its files.",
        (
            ("show last", "what it was asked and what it did"),
            ("show last --files --status failed", "what failed, and why"),
            ("show last --files --sort size -r --page 1", "the largest files"),
        ),
    ),
    "report": Help(
        LOOK,
        "Write a report of one run: a page, JSON or CSV.",
        (
            ("report last -o report.html", "a page to keep or to send"),
            ("report last --format csv -o files.csv", "every file, for a spreadsheet"),
        ),
    ),
    "doctor": Help(
        LOOK,
        "Say whether everything is healthy.",
        (
            ("doctor", "journals, folders, runs"),
            ("doctor --paths", "every place written to"),
            ("doctor s3://bucket/inbox", "what the bucket lets a run do"),
        ),
    ),
    "purge": Help(
        KEEP,
        "Free the space of duplicates set aside. For good.",
        (("purge last --dry-run", "how much it would be"), ("purge last", "free it")),
    ),
    "prune": Help(
        KEEP,
        "Drop the journals of old runs.",
        (
            ("prune --dry-run", "how much it would be"),
            ("prune --older-than 90d --keep 20", "in cron, once a month"),
        ),
    ),
    "cache clear": Help(
        "",
        "Forget the digests of earlier runs.",
        (("cache clear", "the next dedupe reads everything again"),),
    ),
    "cache": Help(KEEP, "The digests that dedupe keeps.", ()),
    "config": Help(SETUP, "Begin, show and check the configuration.", ()),
    "config init": Help(
        "",
        "Write a file with every key.",
        (("config init", "then edit it: every key is explained there"),),
    ),
    "config show": Help(
        "",
        "Print each key and where it comes from.",
        (("config show --output json", "for a program"),),
    ),
    "config check": Help(
        "",
        "Say whether it is right, and what its rules do.",
        (
            ("config check --config new.yaml", "before it is put in its place"),
            ("config check --try letter.pdf", "which rule takes a file, and why"),
        ),
    ),
    "config path": Help("", "Print where the file is.", (("config path", "where to look"),)),
    "categories": Help(SETUP, "Show the categories, or keep some of your own.", ()),
    "categories list": Help(
        "", "Print every category.", (("categories list", "and how much each holds"),)
    ),
    "categories show": Help(
        "", "Print the extensions of one.", (("categories show Images", "all of them"),)
    ),
    "categories add": Help(
        "",
        "Begin one of your own.",
        (("categories add Comics cbz cbr", "they leave Books"),),
    ),
    "categories edit": Help(
        "",
        "Change extensions or the name.",
        (
            ("categories edit Comics --add-extension cb7", "one more"),
            ("categories edit Design --remove-extension psd", "it goes to Other"),
        ),
    ),
    "categories remove": Help(
        "", "Remove one of your own.", (("categories remove Comics", "cbz is in Books again"),)
    ),
    "man": Help(SETUP, "Print the manual page.", (("man | man -l -", "read it"),)),
    "completion": Help(
        SETUP,
        "Print the completion script of a shell.",
        (("completion bash > ~/.local/share/bash-completion/completions/fileorg", "once"),),
    ),
}


class Command(TyperCommand):
    """A command whose help groups its options and ends with examples."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, written as everything else is: also where nobody can read it."""
        return _told_by_us(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, the options without a group, and those of each group."""
        groups: dict[str, list[tuple[str, str]]] = {"Arguments": [], _NO_PANEL: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                is_argument = parameter.param_type_name == "argument"
                panel = "Arguments" if is_argument else getattr(parameter, "rich_help_panel", None)
                groups.setdefault(panel or _NO_PANEL, []).append(record)
        for panel, records in groups.items():
            _section(formatter, panel, records)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the examples."""
        examples = COMMANDS[_words(ctx)].examples
        if not examples:
            return
        with formatter.section("Examples"):
            indent = " " * formatter.current_indent
            for words, what in examples:
                formatter.write(f"{indent}# {what}\n{indent}fileorg {words}\n")


class Group(TyperGroup):
    """Commands in groups, each in a few words."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return --help, written as everything else is: also where nobody can read it."""
        return _told_by_us(super().get_help_option(ctx))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands group by group."""
        above = _words(ctx)
        groups: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            known = COMMANDS[f"{above} {name}".strip()]
            groups.setdefault(known.panel or "Commands", []).append((name, known.short))
        for panel, records in groups.items():
            _section(formatter, panel, records)


def _told_by_us(option: Any) -> Any:
    if option is not None:
        option.callback = _show_help
    return option


def _show_help(ctx: Any, _parameter: Any, value: bool) -> None:
    from fileorg.cli.render import out

    if value and not ctx.resilient_parsing:
        out(ctx.get_help().rstrip("\n"))
        ctx.exit()


def _section(formatter: Any, title: str, records: list[tuple[str, str]]) -> None:
    if records:
        with formatter.section(title):
            formatter.write_dl(records)


def _words(ctx: Any) -> str:
    """Return the words of a command without the program's name."""
    return str(ctx.command_path).partition(" ")[2]
