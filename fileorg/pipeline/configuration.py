"""Checking a configuration as a run would, and writing one to begin with."""

import time
from datetime import UTC
from pathlib import Path

from fileorg.categorize.dates import Calendar
from fileorg.config.schema import Config
from fileorg.errors import RefusedError, StorageUnavailableError
from fileorg.pipeline.job import Job
from fileorg.pipeline.zone import resolve_zone


def check_config(config: Config) -> None:
    """Compile everything a run would; `ConfigError` or `UsageError` says what is wrong."""
    resolve_zone(config.timezone)
    now = time.time_ns()
    Job(config, Calendar(UTC, now), now)


def write_example(path: str | Path) -> Path:
    """Write the documented example where there is no file yet; return its path."""
    target = Path(path).expanduser()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError:
        raise RefusedError(
            f"{target}: there is one already", "edit it, or remove it first"
        ) from None
    except OSError as error:
        raise StorageUnavailableError(f"{target}: {error.strerror}", "choose --config") from error
    return target


def example() -> str:
    """Return the text of config.example.yaml, from the package or from the checkout."""
    from importlib.resources import files

    packaged = files("fileorg") / "config.example.yaml"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "config.example.yaml").read_text(encoding="utf-8")
