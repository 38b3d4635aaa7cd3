"""What is in the files of a storage, as a judge asks for it."""

from functools import partial

from fileorg.categorize.evidence import Contents
from fileorg.categorize.judge import IN_NAME
from fileorg.content import digest
from fileorg.content.kind import mime_of
from fileorg.content.metadata.reading import metadata_of
from fileorg.content.window import Window
from fileorg.errors import StorageError
from fileorg.model.entry import FileEntry, Kind
from fileorg.model.evidence import Facts, Metadata
from fileorg.model.once import once
from fileorg.storage.base import ReadableStorage

_NOTHING = Metadata()


class StoredContents:
    """The content of one file, read when it is asked for; of *wanted* fields all at once."""

    def __init__(self, storage: ReadableStorage, entry: FileEntry, wanted: frozenset[str]) -> None:
        self._storage = storage
        self._entry = entry
        self._wanted = wanted
        self._problem = ""
        self._has_content = entry.kind is Kind.FILE and entry.fingerprint.size > 0
        read = partial(storage.read, entry.location)
        self._window = Window(read, entry.fingerprint.size)

    def mime(self) -> str | None:
        """Return the MIME type by content."""
        return self._mime

    def metadata(self) -> Metadata:
        """Return date and values of what is wanted."""
        return self._metadata

    def digest(self) -> str | None:
        """Return the digest of the whole content in hexadecimal."""
        if self._entry.kind is not Kind.FILE:
            return None
        try:
            return digest.of_whole(self._storage, self._entry.location).hex()
        except StorageError as error:
            self._problem = str(error)
            return None

    def text(self) -> str:
        """Return the beginning of the text of a document."""
        return self._text

    def origins(self) -> tuple[str, ...]:
        """Return the addresses that the file was downloaded from."""
        return self._origins

    def problem(self) -> str:
        """Return why the file could not be read."""
        return self._problem

    @once
    def _text(self) -> str:
        if self._mime is None:
            return ""
        from fileorg.content.text import text_of

        try:
            return text_of(self._window, self._mime)
        except StorageError as error:
            self._problem = str(error)
            return ""

    @once
    def _origins(self) -> tuple[str, ...]:
        if self._entry.kind is not Kind.FILE:
            return ()
        from fileorg.content.origin import origins_of

        try:
            return origins_of(partial(self._storage.attribute, self._entry.location))
        except StorageError as error:
            self._problem = str(error)
            return ()

    @once
    def _mime(self) -> str | None:
        if not self._has_content:
            return None
        name = self._entry.location.name.decode("utf-8", "replace")
        try:
            return mime_of(self._window, name)
        except StorageError as error:
            self._problem = str(error)
            return None

    @once
    def _metadata(self) -> Metadata:
        if self._mime is None:
            return _NOTHING
        try:
            return metadata_of(self._window, self._mime, self._wanted)
        except StorageError as error:
            self._problem = str(error)
            return _NOTHING


class RecalledContents:
    """What was found in a file before, which need not be read again under another name."""

    def __init__(self, facts: Facts, contents: Contents) -> None:
        self._facts = facts
        self._contents = contents

    def mime(self) -> str | None:
        """Return the MIME type by content."""
        return self._facts.mime or self._contents.mime()

    def metadata(self) -> Metadata:
        """Return date and values of what is wanted."""
        facts = self._facts
        if facts.date is not None and facts.date.source != IN_NAME:
            return Metadata(facts.date, facts.fields)
        return self._contents.metadata()

    def digest(self) -> str | None:
        """Return the digest of the whole content in hexadecimal."""
        return self._facts.fields.get("digest") or self._contents.digest()

    def text(self) -> str:
        """Return the beginning of the text of a document."""
        return self._contents.text()

    def origins(self) -> tuple[str, ...]:
        """Return the addresses that the file was downloaded from."""
        return self._contents.origins()

    def problem(self) -> str:
        """Return why the file could not be read."""
        return self._facts.problem
