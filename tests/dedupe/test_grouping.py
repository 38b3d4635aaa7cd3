from fileorg.dedupe.grouping import by, sort_out


def test_groups_are_of_two_or_more() -> None:
    """Items of one key are a group, in order; a single one is none."""
    assert by(len, ["a", "bb", "c", "ddd", "ee"]) == [["a", "c"], ["bb", "ee"]]


def test_digests_of_the_whole_decide() -> None:
    """Files with one digest of all their bytes are the same, others are not."""
    known = [{9: b"x"}, {9: b"y"}, {9: b"x"}, {9: b"z"}]
    assert sort_out(known, 9) == ([[0, 2]], [])


def test_digests_of_a_beginning_only_tell_apart() -> None:
    """Files whose beginnings are the same are in doubt; those whose beginnings differ are not."""
    known = [{4: b"x"}, {4: b"y"}, {4: b"x"}]
    assert sort_out(known, 9) == ([], [[0, 2]])


def test_only_what_all_have_counts() -> None:
    """A digest that one of the files lacks says nothing."""
    assert sort_out([{9: b"x"}, {9: b"x"}, {}], 9) == ([], [[0, 1, 2]])
    assert sort_out([{4: b"p", 9: b"x"}, {4: b"p", 9: b"x"}, {4: b"q"}], 9) == ([[0, 1]], [])
