"""MIME types stand for categories."""

import pytest

from fileorg.categorize import mimetypes
from fileorg.categorize.filetypes import CATEGORIES
from fileorg.categorize.mimetypes import category_of_mime
from fileorg.content.signatures import ELSEWHERE, SIGNATURES


def test_the_categories_are_those_of_extensions() -> None:
    """No MIME type stands for a category that extensions do not know, and each stands for one."""
    assert set(mimetypes._TYPES) <= set(CATEGORIES)
    every = " ".join(mimetypes._TYPES.values()).split()
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("mime", "category"),
    [
        ("image/jpeg", "Images"),
        ("image/vnd.djvu", "Books"),
        ("IMAGE/JPEG", "Images"),
        ("text/x-c++", "Code"),
        ("application/vnd.oasis.opendocument.text-template", "Documents"),
        ("application/octet-stream", None),
        ("application/x-unheard-of", None),
    ],
)
def test_a_type_stands_for_a_category(mime: str, category: str | None) -> None:
    """The exact type counts before its family, in any case; what stands for nothing has none."""
    assert category_of_mime(mime) == category


def test_every_kind_told_by_a_mark_has_a_category() -> None:
    """Whatever content is told by a mark has a place to go."""
    told = {mime for _, mime in SIGNATURES} | {mime for _, _, mime in ELSEWHERE}
    assert not {mime for mime in told if category_of_mime(mime) is None} - _NO_PLACE


_NO_PLACE = {"application/x-terminfo", "application/x-terminfo2", "application/x-ms-registry"}
