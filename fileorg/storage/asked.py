"""How a place that is no local folder is to be reached."""

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """How the user wants a bucket to be reached; what is empty is found by the usual ways of AWS.

    There is never a secret in it.
    """

    url: str = ""
    region: str = ""
    profile: str = ""
    account: str = ""


ANY = Asked()
