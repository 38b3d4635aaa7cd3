"""The time zone that dates are read in: the configured one, or the system's."""

import datetime as dt
import os
import zoneinfo

from fileorg.categorize.dates import zone_named
from fileorg.errors import ConfigError


def resolve_zone(name: str) -> tuple[str, dt.tzinfo]:
    """Return the zone's name and rules; `system` is resolved once. `ConfigError` if unknown."""
    if name != "system":
        try:
            return name, zone_named(name)
        except ValueError as error:
            raise ConfigError(f"timezone: {error}") from error
    return _system_zone()


def _system_zone() -> tuple[str, dt.tzinfo]:
    for name in (os.environ.get("TZ", "").lstrip(":"), _linked_name()):
        if name:
            try:
                return name, zone_named(name)
            except ValueError:
                continue
    try:
        with open("/etc/localtime", "rb") as file:
            return "local", zoneinfo.ZoneInfo.from_file(file, "local")
    except (OSError, ValueError):
        return "UTC", dt.UTC


def _linked_name() -> str:
    try:
        return os.path.realpath("/etc/localtime").partition("/zoneinfo/")[2]
    except OSError:
        return ""
