"""What is said once: before there is a run, what stays and what takes one back."""

from fileorg.events import EventSink, Noted

_WORDS = (
    "first run: hidden files, projects and libraries stay where they are; "
    "'fileorg undo last' takes a run back"
)


def welcome(sink: EventSink, *, is_first: bool) -> None:
    """Say it, where this *is_first*."""
    if is_first:
        sink.tell(Noted(_WORDS))
