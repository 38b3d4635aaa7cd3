"""The front door: `--version` is answered before anything else is imported."""

import sys

_GARBAGE = 100_000
"""Objects after which cycles are looked for: 700 cost start-up 5 %, a hunt for duplicates 7 %."""


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from fileorg.provenance import described

        print(described())  # noqa: T201 - which knows of a stdout that is closed
        return
    import gc

    gc.set_threshold(_GARBAGE)
    from fileorg.cli.app import run

    try:
        run()
    finally:
        gc.freeze()  # a last search, as the interpreter ends, takes a fifth of a small job


if __name__ == "__main__":
    main()
