"""Connections and threads belong to the process that began them."""

from fileorg.workers import ForkedCrew
from tests.servers.witness import Witness
from tests.storage.s3.conftest import Opens
from tests.storage.s3.moves import at


def test_a_forked_process_has_connections_and_threads_of_its_own(
    aws: Witness, opens: Opens
) -> None:
    """Two processes that read through one storage each get what they asked for."""
    for name in "ab":
        aws.put(name, name.encode() * 50_000)
    storage = opens(aws, at_once=2)
    files = [(at("a"), 100_000)] * 8
    assert [len(found) for found in storage.read_each(files) if isinstance(found, bytes)] == [
        50_000
    ] * 8

    def read(times: int) -> list[bytes | str]:
        theirs = storage.read_each([(at("b"), 100_000)] * times)
        return [*{one if isinstance(one, bytes) else str(one) for one in theirs}]

    crew: ForkedCrew[int, list[bytes | str]] = ForkedCrew(read, int, list[bytes], count=1)
    crew.submit(100)
    ours = set(storage.read_each(files * 12))
    theirs = crew.collect()
    crew.close()

    assert (ours, theirs) == ({b"a" * 50_000}, [b"b" * 50_000])
