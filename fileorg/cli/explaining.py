"""How `fileorg explain` writes what it found."""

from collections.abc import Iterator

from fileorg.cli.sinks import wire
from fileorg.cli.words import safe
from fileorg.model.evidence import Basis, Facts, evidence_wire
from fileorg.model.location import shown
from fileorg.model.plan import ActionKind
from fileorg.pipeline.explain import Explanation, Judged

_ACTS = {
    ActionKind.MOVE: "goes to",
    ActionKind.COPY: "copied to",
    ActionKind.SET_ASIDE: "redundant, set aside to",
    ActionKind.QUARANTINE: "replaced, set aside to",
}
_BASES = {
    Basis.NAME: "by its name",
    Basis.CONTENT: "by its content",
    Basis.RULE: "by a rule",
    Basis.HELD: "by what it mostly holds",
}


def as_lines(told: Explanation) -> Iterator[str]:
    """Yield what becomes of a path, and what says so, for people."""
    yield safe(shown(told.path))
    for label, value in _rows(told):
        yield f"  {label:<10}{safe(value)}"


def as_wire(told: Explanation) -> dict[str, object]:
    """Return what becomes of a path for a program."""
    known: dict[str, object] = {**wire(told.path)}
    if told.act is not None and told.target is not None:
        known |= {"action": told.act.name.lower(), "target": wire(told.target)}
    elif told.reason is not None:
        known |= {"action": None, "reason": told.reason.value}
        if told.detail:
            known["detail"] = told.detail
    if told.folder is not None:
        known["folder"] = wire(told.folder)
    if told.together:
        known["together"] = [wire(path) for path in told.together]
    if told.judged is not None:
        known |= _judged_wire(told.judged)
    return known


def _judged_wire(judged: Judged) -> dict[str, object]:
    category = {
        "name": judged.category,
        "basis": judged.facts.basis.value,
        "confidence": judged.confidence.value,
    }
    known: dict[str, object] = {"category": category, "evidence": evidence_wire(judged.facts)}
    if judged.main is not None:
        known["main"] = wire(judged.main)
    if judged.date is not None and judged.date_confidence is not None:
        known["date"] = {
            "moment": judged.date.moment.isoformat(),
            "source": judged.date.source,
            "confidence": judged.date_confidence.value,
        }
    return known


def _rows(told: Explanation) -> Iterator[tuple[str, str]]:
    yield _fate(told)
    if told.folder is not None:
        yield "", f"because of its folder {shown(told.folder)}"
    for other in told.together:
        if other != told.path:
            yield "with", shown(other)
    if told.judged is not None:
        yield from _judged_rows(told.judged)


def _judged_rows(judged: Judged) -> Iterator[tuple[str, str]]:
    facts, date = judged.facts, judged.date
    if judged.main is not None:
        yield "as", f"{shown(judged.main)}, with which it goes"
    yield "category", f"{judged.category}, {_BASES[facts.basis]} ({judged.confidence})"
    yield from _content(facts)
    if date is not None:
        moment = date.moment.isoformat(" ", "seconds")
        yield "date", f"{moment}, {date.source} ({judged.date_confidence})"
    yield from sorted(facts.fields.items())


def _fate(told: Explanation) -> tuple[str, str]:
    if told.act is not None and told.target is not None:
        return _ACTS[told.act], shown(told.target)
    if told.reason is None:
        return "stays", "its files are sorted one by one"
    return "stays", told.reason.value + (f" ({told.detail})" if told.detail else "")


def _content(facts: Facts) -> Iterator[tuple[str, str]]:
    if facts.rule:
        yield "rule", facts.rule
    if facts.problem:
        yield "content", f"can't be read: {facts.problem}"
    elif facts.doubt:
        yield "content", f"{facts.mime}, which is {facts.doubt}: not what the name says"
    elif facts.mime is not None:
        yield "content", facts.mime
