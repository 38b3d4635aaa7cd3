"""The JSON Schema of a report, from its types: `python -m fileorg.report.schema` prints it."""

import json
import sys

import msgspec

from fileorg.report.rows import VERSION, Report


def schema() -> str:
    """Return docs/report.schema.json."""
    made = msgspec.json.schema(Report)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"fileorg report, version {VERSION}",
    }
    return json.dumps(head | made, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema())
