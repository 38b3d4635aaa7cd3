"""Where a file came from is read from what browsers note."""

import plistlib

from hypothesis import given
from hypothesis import strategies as st

from fileorg.content.origin import origins_of

_MAC = "com.apple.metadata:kMDItemWhereFroms"
_FILE, _PAGE = "https://example.org/a.zip", "https://example.org/"


def test_the_address_and_its_page_are_read() -> None:
    """What Linux browsers note is read, the file's own address first, each once."""
    noted = {"user.xdg.origin.url": _FILE.encode(), "user.xdg.referrer.url": _PAGE.encode()}
    assert origins_of(noted.get) == (_FILE, _PAGE)
    assert origins_of(dict.fromkeys(noted, b"https://example.org/\n").get) == (_PAGE,)
    assert origins_of(lambda name: None) == ()


def test_what_a_mac_noted_is_read() -> None:
    """The binary list of macOS is read, also under the name that Linux gives it."""
    content = plistlib.dumps([_FILE, _PAGE], fmt=plistlib.FMT_BINARY)
    assert origins_of({_MAC: content}.get) == (_FILE, _PAGE)
    assert origins_of({f"user.{_MAC}": content}.get) == (_FILE, _PAGE)


def test_other_lists_say_nothing() -> None:
    """A property list of something else, or in XML, names no address."""
    for value, form in (
        ({"a": _FILE}, plistlib.FMT_BINARY), ([1, b"x"], plistlib.FMT_BINARY),
        ([_FILE], plistlib.FMT_XML),
    ):  # fmt: skip
        assert origins_of({_MAC: plistlib.dumps(value, fmt=form)}.get) == ()


@given(st.data(), st.binary(max_size=60))
def test_torn_attributes_raise_nothing(data: st.DataObject, noise: bytes) -> None:
    """Whatever an attribute holds, there are a few texts or none."""
    content = bytearray(plistlib.dumps([_FILE, _PAGE], fmt=plistlib.FMT_BINARY))
    place = data.draw(st.integers(8, len(content)))
    content[place : place + len(noise)] = noise
    for name in (_MAC, "user.xdg.origin.url"):
        assert all(isinstance(url, str) for url in origins_of({name: bytes(content)}.get))
