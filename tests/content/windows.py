"""Windows over bytes and files, which keep account of what is read of them."""

from pathlib import Path

from fileorg.content.window import BUDGET, STEPS, Window


class Watched:
    """A window over *content* that knows how much of it was read, and in how many reads."""

    def __init__(self, content: bytes, budget: int = BUDGET, steps: int = STEPS) -> None:
        self.read = 0
        self.reads = 0
        self._content = content
        self.window = Window(self._look, len(content), budget, steps)

    def _look(self, start: int, length: int) -> bytes:
        assert start >= 0
        assert length >= 0
        assert start + length <= len(self._content)
        self.read += length
        self.reads += 1
        return self._content[start : start + length]


def window_of(content: bytes | Path) -> Window:
    """Return a window over bytes, or over what a file holds."""
    return Watched(content if isinstance(content, bytes) else content.read_bytes()).window
