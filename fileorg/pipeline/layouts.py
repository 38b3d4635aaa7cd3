"""The layouts of a job: its own, and those of the rules that have one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fileorg.categorize.dates import Calendar
from fileorg.categorize.rules import Categorizer
from fileorg.config.convert import nearest
from fileorg.config.schema import Config, Rule
from fileorg.errors import ConfigError, UsageError
from fileorg.plan.layout import Layout
from fileorg.plan.templates import FIELDS, MODES, with_folders

if TYPE_CHECKING:
    from fileorg.categorize.ruling import Ready, Rulebook, Ruled

_KEPT = "{name}"


def rulebook_of(
    config: Config, categorizer: Categorizer, calendar: Calendar, now_ns: int
) -> "Rulebook | None":
    """Return the rules of a configuration made ready, None where it has none."""
    if not config.rules:
        return None
    from fileorg.categorize.compiling import Setting
    from fileorg.categorize.ruling import Rulebook

    return Rulebook(config.rules, Setting(categorizer.names(), now_ns, calendar.zone))


def layouts_of(
    config: Config, calendar: Calendar, categories: Sequence[str], book: "Rulebook | None"
) -> tuple[list[Layout], "Ruled | None"]:
    """Return the layouts, the job's own first, and the rules with the numbers of theirs.

    `UsageError` or `ConfigError` says which template is wrong.
    """
    own = template_of(config)
    try:
        layouts = [Layout(own, calendar, categories)]
    except ValueError as error:
        raise UsageError(str(error)) from error
    if book is None:
        return layouts, None
    from fileorg.categorize.ruling import Ruled

    numbers = []
    for ready in book.rules:
        _check_groups(ready)
        if ready.rule.template is None and ready.rule.rename is None:
            numbers.append(0)
            continue
        numbers.append(len(layouts))
        layouts.append(_of_rule(config, own, ready, calendar, categories))
    wanted = tuple(layouts[number].fields for number in numbers)
    return layouts, Ruled(book, tuple(numbers), wanted)


def template_of(config: Config) -> str:
    """Return the template of the job; `UsageError` where its mode is none."""
    if config.template is not None:
        return _kept(config, config.template)
    if config.mode in MODES:
        return _kept(config, MODES[config.mode])
    near = nearest(config.mode, MODES)
    hint = f"; did you mean {near!r}?" if near else ""
    raise UsageError(f"mode: {config.mode!r} is not one of {', '.join(MODES)}{hint}")


def _check_groups(ready: "Ready") -> None:
    taken = sorted(ready.groups & FIELDS.keys())
    if taken:
        raise ConfigError(
            f"{ready.path}.when: a group is named {taken[0]!r}, as a field of templates is",
            "give it another name",
        )


def _of_rule(
    config: Config, own: str, ready: "Ready", calendar: Calendar, categories: Sequence[str]
) -> Layout:
    key = "template" if ready.rule.rename is None else "rename"
    try:
        template = _template_of_rule(config, own, ready.rule)
        return Layout(template, calendar, categories, ready.groups)
    except ValueError as error:
        raise ConfigError(f"{ready.path}.{key}: {error}") from error


def _template_of_rule(config: Config, own: str, rule: Rule) -> str:
    """Return where files of a rule go; what it renames keeps its extension."""
    template = own if rule.template is None else _kept(config, rule.template)
    if rule.rename is None:
        return template
    folders, slash, name = template.rpartition("/")
    if rule.template is not None and name != _KEPT:
        raise ValueError(f"template {template!r} names the file, too; let it end in {_KEPT}")
    if "/" in rule.rename:
        raise ValueError(f"{rule.rename!r} is a name, and holds a slash; folders are for template")
    return f"{folders}{slash}{rule.rename}{{ext}}"


def _kept(config: Config, template: str) -> str:
    return with_folders(template) if config.keep_folders else template
