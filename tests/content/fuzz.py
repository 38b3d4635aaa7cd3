"""`python -m tests.content.fuzz [MEDIA] [OPTION...]`: what libFuzzer finds in readers.

It takes atheris. MEDIA is a folder of valid files, else one is made. The options are those of
libFuzzer, such as `-max_total_time=600`. It ends at the first thing that it finds.
"""

from __future__ import annotations

import random
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["fileorg.content"]):
    from fileorg.content.metadata.reading import _BY_MIME
    from tests.content import corpus, samples

_MIMES = sorted(_BY_MIME)
_LONGEST = 80_000


def one(data: bytes) -> None:
    """Read one input as what it is, and as the kind that its first byte names."""
    if data:
        samples.survive("", data[1:], [_MIMES[data[0] % len(_MIMES)]])


def _mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Do what libFuzzer does, or every other time what harms a container."""
    chance = random.Random(seed)
    if chance.randrange(2) or len(data) < 2:
        return bytes(atheris.Mutate(data, longest))
    damages = chance.choices(sorted(samples.DAMAGES), k=chance.randrange(1, 4))
    return (data[:1] + samples.damaged(data[1:], damages, chance))[:longest]


def main(arguments: list[str]) -> None:
    """Begin with valid files, each as its own kind."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        media = Path(arguments.pop(0)) if arguments[:1] and arguments[0][0] != "-" else None
        if media is None:
            media = folder / "media"
            media.mkdir()
            corpus.make(media)
        inputs = folder / "inputs"
        inputs.mkdir()
        for name, content in samples.small(media).items():
            mime = samples.kind(name, content)
            number = _MIMES.index(mime) if mime in _BY_MIME else 0
            (inputs / name).write_bytes(bytes([number]) + content)
        options = [f"-max_len={_LONGEST}", f"-artifact_prefix={Path.cwd()}/", *arguments]
        atheris.Setup([sys.argv[0], *options, str(inputs)], one, custom_mutator=_mutated)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
