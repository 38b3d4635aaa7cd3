"""The front door: `--version` is answered before anything else is imported."""

import sys


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from fileorg.provenance import described

        sys.stdout.write(f"{described()}\n")
        return
    from fileorg.cli.app import run

    run()


if __name__ == "__main__":
    main()
