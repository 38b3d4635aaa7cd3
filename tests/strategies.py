"""Hypothesis strategies: file names as a disk takes them, modes, times, trees of small files."""

import unicodedata

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.trees import HOSTILE_NAMES, File

_LONGEST = 255
_ODD = (b" ", b"-", b".", b"\n", b"\x1b[2J", b"\xff", b"(1)", b" (1)", b"\\", b"%", b"{", b"~")
_PLAIN = (b"a", b"B", b"b", b"img", b"7", "\u00e9".encode(), "\u1e9e".encode(), b"x.tar")
_ENDINGS = (b"", b".jpg", b".JPG", b".txt", b".tar.gz", b".pdf", b".mp3", b".001", b".", b".\xff")


def _legal(name: bytes) -> bool:
    return (
        bool(name)
        and len(name) <= _LONGEST
        and name not in {b".", b".."}
        and b"/" not in name
        and b"\0" not in name
    )


def twins_of(name: bytes) -> list[bytes]:
    """Return *name* with its other cases and Unicode forms: one name to some file systems."""
    text = name.decode("utf-8", "surrogateescape")
    spelled = [text.swapcase(), *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))]
    twins = {twin.encode("utf-8", "surrogateescape") for twin in spelled} | {name}
    return sorted(twin for twin in twins if _legal(twin))


def names(*, hidden: bool = True) -> SearchStrategy[bytes]:
    """Names of files: plain, odd, long to the last byte, and any bytes at all."""
    parts = st.lists(st.sampled_from(_ODD + _PLAIN), min_size=1, max_size=4).map(b"".join)
    made = st.tuples(parts, st.sampled_from(_ENDINGS)).map(b"".join)
    long = st.tuples(st.sampled_from((b"n", "\u00e9".encode())), st.sampled_from(_ENDINGS)).map(
        lambda pair: pair[0] * ((_LONGEST - len(pair[1])) // len(pair[0])) + pair[1]
    )
    any_bytes = st.binary(min_size=1, max_size=20)
    found = st.one_of(made, made, st.sampled_from(HOSTILE_NAMES), long, any_bytes).filter(_legal)
    twins = found.flatmap(lambda name: st.sampled_from(twins_of(name)))
    return twins if hidden else twins.filter(lambda name: not name.startswith(b"."))


def modes() -> SearchStrategy[int]:
    """Permission bits that their owner can still read."""
    return st.sampled_from((0o644, 0o600, 0o755, 0o444, 0o640, 0o666))


def times() -> SearchStrategy[float]:
    """Times of modification: three years with their edges, a bad clock, before 1970, the future."""
    return st.sampled_from(
        (1.0, -5.0, 946_684_800.0, 1_672_531_199.0, 1_672_531_200.0, 1_715_900_000.5, 4e9)
    )


def files() -> SearchStrategy[File]:
    """Files of few contents, so that some are the same."""
    return st.builds(File, st.sampled_from((b"", b"one", b"two", b"x" * 5000)), times(), modes())


def trees(*, most: int = 12, depth: int = 3) -> SearchStrategy[dict[bytes, File]]:
    """Trees of up to *most* files, none of which has the name of a folder of another."""
    path = st.lists(names(), min_size=1, max_size=depth).map(b"/".join)
    return st.dictionaries(path, files(), max_size=most).map(_without_clashes)


def _without_clashes(tree: dict[bytes, File]) -> dict[bytes, File]:
    def is_folder(path: bytes) -> bool:
        return any(other.startswith(path + b"/") for other in tree)

    return {path: file for path, file in tree.items() if not is_folder(path)}
