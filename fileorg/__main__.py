"""The front door: `--version` is answered before anything else is imported."""

import sys

_GARBAGE = 100_000
"""Objects after which cycles are looked for: 700 cost start-up 5 %, a hunt for duplicates 7 %."""


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]) and _told():
        return
    import gc

    gc.set_threshold(_GARBAGE)
    from fileorg.cli.app import run

    try:
        run()
    finally:
        gc.freeze()  # a last search, as the interpreter ends, takes a fifth of a small job


def _told() -> bool:
    """Print what this is; whether stdout took it, else the command line says what is wrong."""
    from fileorg.provenance import described

    try:
        print(described(), flush=True)  # noqa: T201 - which knows of a stdout that is closed
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
