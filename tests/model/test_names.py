"""Stems and extensions."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fileorg.model import names
from fileorg.model.names import COMPOUND_EXTENSIONS, base_of, key_of, split_extension

NAMES = st.one_of(
    st.binary(max_size=40),
    st.lists(
        st.sampled_from(
            [b".", b"x", b" ", b"tar", b"gz", b"7z", b"001", b"12", b"log", b"so", b"JPG", b"\xff"]
        ),
        max_size=8,
    ).map(b"".join),
)


@given(NAMES)
@example(b"")
@example(b"..")
def test_stem_and_extension_are_the_name(name: bytes) -> None:
    """Stem and extension joined give back any name, byte for byte."""
    assert b"".join(split_extension(name)) == name


@given(NAMES)
def test_stem_is_never_lost(name: bytes) -> None:
    """A name that has an extension has a stem that is more than dots."""
    stem, extension = split_extension(name)
    assert not extension or stem.strip(b".")


@given(NAMES)
def test_extension_can_name_a_folder(name: bytes) -> None:
    """An extension is empty, or a dot with printable ASCII after it and no space."""
    _, extension = split_extension(name)
    assert not extension or (extension[:1] == b"." and len(extension) > 1)
    assert all(0x21 <= byte <= 0x7E for byte in extension)


@given(NAMES)
def test_fast_answer_is_the_whole_rule(name: bytes) -> None:
    """The quick path for plain extensions answers what the whole rule does."""
    assert len(split_extension(name)[0]) == names._start_of_extension(name)


@given(NAMES)
def test_case_changes_nothing(name: bytes) -> None:
    """Upper-case names split where lower-case ones do."""
    assert len(split_extension(name.upper())[1]) == len(split_extension(name.lower())[1])


@pytest.mark.parametrize("extension", sorted(COMPOUND_EXTENSIONS))
def test_compound_extension_is_kept_whole(extension: bytes) -> None:
    """Every compound extension is found in either case, and not where it is the whole name."""
    assert split_extension(b"a.b" + extension) == (b"a.b", extension)
    assert split_extension(b"A" + extension.upper()) == (b"A", extension.upper())
    assert split_extension(extension)[1] != extension


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        (b"photo.JPG", b".JPG"),
        (b"archive.tar.gz", b".tar.gz"),
        (b"bash-5.2-1-x86_64.pkg.tar.zst", b".pkg.tar.zst"),
        (b"tar.gz", b".gz"),
        (b".tar.gz", b".gz"),
        (b"..tar.gz", b".gz"),
        (b"my.report.gz", b".gz"),
        (b"types.d.ts", b".d.ts"),
        (b"main.c++", b".c++"),
        (b"book.7z", b".7z"),
        (b"a..txt", b".txt"),
        (b".bashrc.bak", b".bak"),
        (b"notes.txt~", b".txt~"),
        (b"\xff\xfe.jpg", b".jpg"),
        (b"x.sixteen890123456", b".sixteen890123456"),
    ],
)
def test_extension(name: bytes, extension: bytes) -> None:
    """Ordinary, compound and odd names have the extension that people read in them."""
    assert split_extension(name)[1] == extension


@pytest.mark.parametrize(
    "name",
    [
        b"",
        b".",
        b"...",
        b".bashrc",
        b"..config",
        b"name.",
        b"name...",
        b"Mr. Smith letter",
        b"v1.2 final",
        b"Report (v1.2)",
        b"app-1.2-beta",
        b"x.seventeen90123456",
        b"x.caf\xc3\xa9",
        b"x.a b",
        b"x.a\xff",
        b"x.a\nb",
        b"what.?!",
        b"x.--",
    ],
)
def test_no_extension(name: bytes) -> None:
    """Leading and trailing dots, sentences and versions make no extension."""
    assert split_extension(name) == (name, b"")


@pytest.mark.parametrize(
    "name", [b"report.2024", b"ls.1", b"10.0.0.101", b"2024.05.001", b"x.000", b"x.0001", b".001"]
)
def test_numbers_are_no_extension(name: bytes) -> None:
    """Years, man sections, addresses and versions are part of the stem."""
    assert split_extension(name) == (name, b"")


@pytest.mark.parametrize(
    ("name", "extension", "key"),
    [
        (b"movie.001", b".001", "001"),
        (b"movie.avi.999", b".999", "001"),
        (b"big.7z.002", b".7z.002", "7z"),
        (b"big.TAR.GZ.010", b".TAR.GZ.010", "tar.gz"),
        (b".7z.002", b".002", "001"),
        (b"app.log.1", b".log.1", "log"),
        (b"libc.so.6.0.1", b".so.6.0.1", "so"),
        (b"setup.zip.1", b".zip.1", "zip"),
    ],
)
def test_parts_of_a_set_share_their_key(name: bytes, extension: bytes, key: str) -> None:
    """The number of a split, rotated or versioned file is in its extension and not in its key."""
    assert split_extension(name)[1] == extension
    assert key_of(extension) == key


@pytest.mark.parametrize(
    ("extension", "key"),
    [(b"", ""), (b".JPG", "jpg"), (b".Tar.GZ", "tar.gz"), (b".mp3", "mp3"), (b".d64", "d64")],
)
def test_key_is_lower_case_without_dot(extension: bytes, key: str) -> None:
    """The key of a plain extension is its lower-case text after the dot."""
    assert key_of(extension) == key


@given(NAMES)
def test_base_is_stable(name: bytes) -> None:
    """The base of an extension is its own base, so all parts of a set meet at one."""
    base = base_of(split_extension(name)[1])
    assert base_of(base) == base
