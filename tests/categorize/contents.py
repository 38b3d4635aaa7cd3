"""What would be found in a file, as values; and which of it was asked for."""

import msgspec

from fileorg.model.evidence import Metadata


class Contents:
    """Contents that are known beforehand."""

    def __init__(
        self,
        mime: str | None = None,
        metadata: Metadata | None = None,
        digest: str | None = None,
        problem: str = "",
        text: str = "",
        origins: tuple[str, ...] = (),
    ) -> None:
        self._mime = mime
        self._metadata = metadata or Metadata()
        self._digest = digest
        self._problem = problem
        self._text = text
        self._origins = origins
        self.asked: list[str] = []

    def mime(self) -> str | None:
        """Return the MIME type."""
        self.asked.append("mime")
        return self._mime

    def metadata(self) -> Metadata:
        """Return date and fields."""
        self.asked.append("metadata")
        return msgspec.structs.replace(self._metadata)

    def digest(self) -> str | None:
        """Return the digest."""
        self.asked.append("digest")
        return self._digest

    def text(self) -> str:
        """Return the text."""
        self.asked.append("text")
        return self._text

    def origins(self) -> tuple[str, ...]:
        """Return the addresses."""
        self.asked.append("origins")
        return self._origins

    def problem(self) -> str:
        """Return what went wrong."""
        return self._problem
