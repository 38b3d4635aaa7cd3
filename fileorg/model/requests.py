"""What servers of buckets were asked, or would be: requests as providers bill them, and bytes."""

import msgspec


class Prices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a provider takes for a thousand requests of a kind, and for a GB that leaves it."""

    list: float = 0
    head: float = 0
    get: float = 0
    put: float = 0
    copy: float = 0
    delete: float = 0
    gb_out: float = 0
    currency: str = "USD"


class Requests(msgspec.Struct, frozen=True):
    """Requests by kind, tries that failed among them, and the bytes of what they carried.

    `put` are all that write, parts and tags too. A cost is there where prices are known.
    """

    list: int = 0
    head: int = 0
    get: int = 0
    put: int = 0
    copy: int = 0
    delete: int = 0
    sent: int = 0
    received: int = 0
    cost: float | msgspec.UnsetType = msgspec.UNSET
    currency: str | msgspec.UnsetType = msgspec.UNSET

    def __add__(self, other: "Requests") -> "Requests":
        """Return the sums of both, which have no cost yet."""
        return Requests(*(getattr(self, name) + getattr(other, name) for name in COUNTED))

    def __mul__(self, times: int) -> "Requests":
        """Return so many times as many."""
        return Requests(*(getattr(self, name) * times for name in COUNTED))

    def priced(self, prices: Prices | None) -> "Requests":
        """Return the same with what it costs, where there are prices."""
        if prices is None:
            return self
        thousands = sum(getattr(self, kind) * getattr(prices, kind) for kind in KINDS) / 1000
        cost = round(thousands + self.received * prices.gb_out / 1e9, 6)
        return msgspec.structs.replace(self, cost=cost, currency=prices.currency)


KINDS = ("list", "head", "get", "put", "copy", "delete")
COUNTED = (*KINDS, "sent", "received")
NO_REQUESTS = Requests()
