"""What a report can be written as."""

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fileorg.pipeline.viewing import RunView

Writer = Callable[["RunView", Callable[[str], object]], None]


class ReportFormat(StrEnum):
    """A page, a document, or a table."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"


def writer_of(format_: ReportFormat) -> Writer:
    """Return what writes a report piece by piece."""
    match format_:
        case ReportFormat.HTML:
            from fileorg.report.html import write_html

            return write_html
        case ReportFormat.CSV:
            from fileorg.report.csv import write_csv

            return write_csv
        case ReportFormat.JSON:
            from fileorg.report.json import write_json

            return write_json
