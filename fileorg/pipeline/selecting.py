"""Which files a configuration selects, ready for the scan."""

import os
from collections.abc import Container

from fileorg.config.globs import patterns
from fileorg.config.schema import Config, When
from fileorg.config.values import parse_age, parse_size
from fileorg.errors import UsageError
from fileorg.model.plan import ConflictPolicy
from fileorg.scan.selection import Selection
from fileorg.storage.asked import Asked
from fileorg.storage.remote import absolute


def selection_of(config: Config, now_ns: int) -> Selection:
    """Return what the keys of a configuration select; `UsageError` names a wrong one."""

    def limit(text: str | None) -> int | None:
        return None if text is None else now_ns - parse_age(text)

    try:
        selection = Selection(
            include=config.include,
            exclude=config.exclude,
            min_size=None if config.min_size is None else parse_size(config.min_size),
            max_size=None if config.max_size is None else parse_size(config.max_size),
            changed_before_ns=limit(config.older_than),
            changed_after_ns=limit(config.newer_than),
            settled_before_ns=now_ns - int(config.min_age * 1e9) if config.min_age else None,
            hidden=config.hidden,
        )
        patterns(selection.include)
        patterns(selection.exclude)
    except ValueError as error:
        raise UsageError(str(error)) from error
    least, most = selection.min_size, selection.max_size
    if least is not None and most is not None and least > most:
        raise UsageError(f"min_size: {config.min_size} is more than max_size {config.max_size}")
    return selection


def references_of(config: Config) -> list[bytes]:
    """Return the absolute paths of the folders that are compared with and never touched."""
    return [absolute(os.fsencode(path)) for path in config.reference]


def asked_into(config: Config) -> Asked:
    """Return how DEST is to be reached: as SOURCE, unless another way is named for it."""
    url, profile = config.into_endpoint_url or "", config.into_profile or ""
    if not url and not profile:
        return asked_of(config)
    return Asked(url, profile=profile, account=config.r2_account or "")


def asked_of(config: Config) -> Asked:
    """Return how the keys of a configuration want buckets to be reached."""
    account = config.r2_account or ""
    return Asked(config.endpoint_url or "", config.region or "", config.profile or "", account)


def goes_by_times(config: Config, fields: Container[str]) -> bool:
    """Whether the time of each file may decide something; *fields* are those of the layouts."""
    limits = (config.older_than, config.newer_than, config.min_age)
    by_rule = any(_asks_for_time(rule.when) for rule in config.rules)
    by_age = config.on_conflict is ConflictPolicy.NEWER or any(limits)
    return "date" in fields or by_age or by_rule


def _asks_for_time(when: When) -> bool:
    parts = (*(when.all or ()), *(when.any or ()), *((when.not_,) if when.not_ else ()))
    return when.age is not None or when.date is not None or any(map(_asks_for_time, parts))
