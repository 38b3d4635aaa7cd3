"""Names: numbers, lengths, and what file systems refuse or take for the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.model.capabilities import Capabilities, name_length
from fileorg.plan.naming import (
    component_problem,
    fit,
    folded,
    is_numbered_form,
    next_number,
    numbered,
)
from tests.strategies import names, twins_of

POSIX = Capabilities()
NTFS = Capabilities(case_insensitive=True, reserved_names=True, name_unit="utf16")
SHORT = Capabilities(longest_name=143)
ANY_DISK = st.sampled_from((POSIX, NTFS, SHORT))


@pytest.mark.parametrize(
    ("name", "after"),
    [
        (b"a.jpg", b"a (2).jpg"),
        (b"a.tar.gz", b"a (2).tar.gz"),
        (b"README", b"README (2)"),
        (b".bashrc", b".bashrc (2)"),
        (b"a (1).jpg", b"a (1) (2).jpg"),
        (b"report 2024.05", b"report 2024.05 (2)"),
    ],
)
def test_number_goes_before_the_extension(name: bytes, after: bytes) -> None:
    """A number follows the stem, and the extension stays last."""
    assert numbered(name, 2) == after


def test_folder_is_numbered_at_its_end() -> None:
    """A folder's dots begin no extension."""
    assert numbered(b"v1.zip", 2, folder=True) == b"v1.zip (2)"


@given(names(), st.integers(1, 10**6), ANY_DISK, st.booleans())
def test_numbered_name_fits_and_is_known_again(
    name: bytes, number: int, able: Capabilities, folder: bool
) -> None:
    """What a number is added to fits the disk, and is recognized as a form of its base."""
    base = fit(name, able, folder=folder)
    candidate = next_number(base, number, able, folder=folder)
    assert name_length(candidate, able.name_unit) <= able.longest_name
    assert candidate != base
    assert is_numbered_form(candidate, base, able, folder=folder)
    assert is_numbered_form(base, base, able, folder=folder)


@given(names(), st.integers(1, 10**6), ANY_DISK)
def test_numbers_differ(name: bytes, number: int, able: Capabilities) -> None:
    """Two numbers never give one name."""
    base = fit(name, able)
    assert next_number(base, number, able) != next_number(base, number + 1, able)


@pytest.mark.parametrize(
    "name", [b"a (0).jpg", b"a (01).jpg", b"a (x).jpg", b"a(1).jpg", b"b (1).jpg", b"a (1).png"]
)
def test_other_names_are_no_numbered_form(name: bytes) -> None:
    """Only what `next_number` writes counts as a numbered form."""
    assert not is_numbered_form(name, b"a.jpg", POSIX)


@given(names(), ANY_DISK, st.booleans())
def test_fitted_name_fits_and_stays(name: bytes, able: Capabilities, folder: bool) -> None:
    """A name made to fit is within the limit, a name, and not changed a second time."""
    fitted = fit(name, able, folder=folder)
    assert name_length(fitted, able.name_unit) <= able.longest_name
    assert fit(fitted, able, folder=folder) == fitted
    assert fitted


def test_long_name_keeps_its_extension() -> None:
    """Shortening takes from the stem."""
    assert fit(b"n" * 300 + b".tar.gz", POSIX) == b"n" * 248 + b".tar.gz"


def test_nothing_is_cut_that_fits() -> None:
    """A number that just fits costs no character, and one more digit costs one."""
    name = b"n" * 247 + b".txt"
    assert next_number(name, 9, POSIX) == b"n" * 247 + b" (9).txt"
    assert next_number(name, 10, POSIX) == b"n" * 246 + b" (10).txt"


def test_cut_falls_between_characters() -> None:
    """A character of several bytes is kept whole or dropped."""
    name = "\u00e9".encode() * 200 + b".jpg"
    assert fit(name, POSIX) == "\u00e9".encode() * 125 + b".jpg"
    assert fit(b"\xff" * 300, POSIX) == b"\xff" * 255


def test_length_counts_as_the_file_system_counts() -> None:
    """UTF-16 file systems hold 255 characters of several bytes, and surrogate pairs count twice."""
    accented = "\u00e9".encode() * 255
    assert fit(accented, NTFS) == accented
    assert fit("\U0001f600".encode() * 200, NTFS) == "\U0001f600".encode() * 127


def test_name_of_extension_alone_is_cut_too() -> None:
    """Where the extension leaves no room for a stem, the name is cut as a whole."""
    assert fit(b"abcdef.jpeg", Capabilities(longest_name=4)) == b"abcd"


@pytest.mark.parametrize(
    ("name", "after"),
    [
        (b"CON", b"_CON"),
        (b"con.txt", b"_con.txt"),
        (b"lpt9.tar.gz", b"_lpt9.tar.gz"),
        (b"contact.txt", b"contact.txt"),
        (b"com0", b"com0"),
        (b'a<b>c:d"e\\f|g?h*i.txt', b"a_b_c_d_e_f_g_h_i.txt"),
        (b"a\nb\x1b.txt", b"a_b_.txt"),
        (b"ends with dot.", b"ends with dot_"),
        (b"ends with space ", b"ends with space_"),
    ],
)
def test_reserved_names_change_where_they_must(name: bytes, after: bytes) -> None:
    """On FAT, NTFS and the like forbidden names become legal ones; elsewhere they are kept."""
    assert fit(name, NTFS) == after
    assert fit(name, POSIX) == name


def test_cut_leaves_no_forbidden_end() -> None:
    """A name cut at a space or dot does not end with it where that is forbidden."""
    assert fit(b"n" * 254 + b" tail", NTFS) == b"n" * 254 + b"_"


@given(names())
def test_twins_share_a_key(name: bytes) -> None:
    """Names that differ in case or Unicode form alone are one to a file system that folds them."""
    assert len({folded(twin) for twin in twins_of(name)}) == 1 or b"\xff" in name


def test_keys_tell_others_apart() -> None:
    """Different letters and bytes that are no text keep their own keys."""
    assert folded("\u00c9.JPG".encode()) == folded(
        unicodedata.normalize("NFD", "\u00e9.jpg").encode()
    )
    assert len({folded(name) for name in (b"a", b"b", b"\xff", b"\xfe", "\u00e9".encode())}) == 5


@pytest.mark.parametrize("name", [b"", b".", b"..", b"a/b", b"a\0", b".fileorg", b".fileorg-x"])
def test_what_can_be_no_component(name: bytes) -> None:
    """Empty, dots, separators, NUL and our own names are refused with a reason."""
    assert component_problem(name)


@given(names(hidden=False))
def test_any_other_name_is_a_component(name: bytes) -> None:
    """Everything else that a disk takes is fine."""
    assert component_problem(name) is None
