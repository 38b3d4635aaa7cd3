"""How many requests go out at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from fileorg.storage.s3.pace import Pace


def test_no_more_than_the_limit_go_out_at_once() -> None:
    """All turns are given, and the next one waits until one is given back."""
    pace, inside, go_on = Pace(2), Barrier(3), Event()

    def work() -> None:
        with pace.turn():
            inside.wait(10)
            go_on.wait(10)

    with ThreadPoolExecutor(3) as pool:
        for _ in range(2):
            pool.submit(work)
        inside.wait(10)
        third = pool.submit(lambda: pace.turn().__enter__())
        assert not third.done()
        go_on.set()
        assert third.result(10) == 0


def test_the_pace_halves_once_for_requests_of_one_time() -> None:
    """Those that went out together are told together; later ones halve it again, down to one."""
    pace = Pace(8)
    with pace.turn() as one, pace.turn() as other:
        pace.slow(one)
        pace.slow(other)
    assert pace.limit == 4
    for expected in (2, 1, 1):
        with pace.turn() as since:
            pace.slow(since)
        assert pace.limit == expected


def test_success_earns_the_pace_back() -> None:
    """As many successes as there are turns make one more, up to all of them."""
    pace = Pace(4)
    with pace.turn() as since:
        pace.slow(since)
    limits = []
    for _ in range(6):
        pace.good()
        limits.append(pace.limit)

    assert limits == [2, 3, 3, 3, 4, 4]
