"""What the tests of the binary share with those of the command line."""

from tests.cli.conftest import cli

__all__ = ["cli"]
