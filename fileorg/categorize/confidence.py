"""How sure the evidence is that something was taken from (pure)."""

from enum import StrEnum

from fileorg.categorize.filetypes import OTHER
from fileorg.categorize.judge import IN_NAME, LAST_CHANGE
from fileorg.categorize.kinds import category_of_content, is_marked
from fileorg.categorize.rules import Categorizer
from fileorg.model.evidence import Basis, Dated, Facts


class Confidence(StrEnum):
    """How likely it is that a better look would say the same."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def of_category(category: str, facts: Facts, categorizer: Categorizer) -> Confidence:
    """Return how sure a category is: a rule is the user's word, and two witnesses are enough."""
    if facts.basis is Basis.RULE:
        return Confidence.HIGH
    if facts.basis is Basis.CONTENT:
        return Confidence.HIGH if is_marked(facts.mime or "") else Confidence.MEDIUM
    if facts.doubt or category == OTHER:
        return Confidence.LOW
    agrees = facts.mime and category_of_content(facts.mime, categorizer) == category
    return Confidence.HIGH if agrees else Confidence.MEDIUM


def of_date(dated: Dated) -> Confidence:
    """Return how sure a date is: the content says it, the name does, or only the last change."""
    if dated.source == LAST_CHANGE:
        return Confidence.LOW
    return Confidence.MEDIUM if dated.source == IN_NAME else Confidence.HIGH
