"""The rows that say what an action was judged by."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from fileorg.model.evidence import Basis, Dated, Facts

_Row = tuple[str, str | None, str | None, str | None, str, str]
"""Basis, MIME type, date in ISO 8601, where that was found, fields in JSON, name of the rule."""


def row_of(facts: Facts) -> _Row:
    """Return the columns for *facts*, without number and digest."""
    date = facts.date
    return (
        facts.basis.value,
        facts.mime,
        None if date is None else date.moment.isoformat(),
        None if date is None else date.source,
        msgspec.json.encode(facts.fields).decode(),
        facts.rule,
    )


def facts_of(row: Sequence[object]) -> Facts:
    """Return what the columns say; `ValidationError` where one is of another type."""
    basis, mime, date, source, fields, rule = msgspec.convert(row, _Row)
    dated = None if date is None else Dated(datetime.fromisoformat(date), source or "")
    values = msgspec.json.decode(fields, type=dict[str, str])
    return Facts(Basis(basis), mime, dated, values, rule)
