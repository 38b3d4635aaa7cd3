"""The front door: `--version` is answered before anything else is imported."""

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from fileorg.version import __version__

        sys.stdout.write(f"fileorg {__version__}\n")
        return
    from fileorg.cli.app import run

    run()


if __name__ == "__main__":
    main()
