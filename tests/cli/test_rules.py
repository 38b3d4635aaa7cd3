"""Rules as a user has them: `config check`, `--try`, and what a run says of them."""

import json
import re

import pytest

from tests.cli.conftest import Cli
from tests.trees import make_tree

RULES = r"""
rules:
  - name: invoices
    when:
      extension: [pdf, txt]
      text_regex: '(?i)invoice no\. (?P<number>\d+)'
    category: Invoices
    template: 'Paper/{category}/{number}/{name}'
  - name: shots
    when: {regex: '^Screenshot (?P<day>[\d-]+)'}
    rename: 'Shot {day}'
  - name: drafts
    when: {glob: 'draft*'}
    skip: true
"""


@pytest.fixture
def ruled(cli: Cli) -> Cli:
    """Return a command line with rules, and files for them."""
    cli.config.write_text(RULES)
    make_tree(cli.root, {
        b"letter.txt": b"Your invoice no. 12", b"a.pdf": b"%PDF-1.4", b"draft.txt": b"d",
        b"Screenshot 2023-04-05.png": b"p",
    })  # fmt: skip
    return cli


def test_check_explains_each_rule(ruled: Cli) -> None:
    """Each rule is a line with its place in the file and what it does to which files."""
    assert ruled.good("config", "check") == (
        f"{ruled.config}: good\n"
        "rules[0] 'invoices': Files count as Invoices and go to 'Paper/{category}/{number}/{name}',"
        " where its name ends in .pdf or .txt and its text matches the expression "
        "'(?i)invoice no\\. (?P<number>\\d+)'\n"
        r"rules[1] 'shots': Files are called 'Shot {day}', where its name matches the expression "
        "'^Screenshot (?P<day>[\\d-]+)'\n"
        "rules[2] 'drafts': Files stay where they are, where its name matches 'draft*'\n"
    )  # fmt: skip


def test_try_says_which_rule_takes_a_file_and_why(ruled: Cli) -> None:
    """For each file the rules are shown up to the one that takes it, with every condition."""
    text = ruled.good("config", "check", "--try", "root/letter.txt", "root/draft.txt")
    tried = text.partition("'draft*'\n")[2]
    assert tried == (
        f"{ruled.root}/letter.txt: rule 'invoices' takes it; it counts as Invoices\n"
        "  yes 'invoices': all of these hold\n"
        "      yes its name ends in .pdf or .txt\n"
        "      yes its text matches the expression '(?i)invoice no\\. (?P<number>\\d+)'\n"
        f"{ruled.root}/draft.txt: rule 'drafts' takes it; it stays where it is\n"
        "  no  'invoices': all of these hold\n"
        "      yes its name ends in .pdf or .txt\n"
        "      no  its text matches the expression '(?i)invoice no\\. (?P<number>\\d+)'\n"
        "  no  'shots': its name matches the expression '^Screenshot (?P<day>[\\d-]+)'\n"
        "  yes 'drafts': its name matches 'draft*'\n"
    )  # fmt: skip


def test_try_asks_the_main_file_of_a_companion(ruled: Cli) -> None:
    """What the rules make of a companion is what they make of the file that it goes with."""
    ruled.config.write_text("rules: [{name: a, when: {extension: jpg}, category: Shots}]\n")
    make_tree(ruled.root, {b"s.jpg": b"x", b"s.xmp": b"y"})
    text = ruled.good("config", "check", "--try", "root/s.xmp")
    assert (
        f"{ruled.root}/s.xmp: as {ruled.root}/s.jpg, with which it goes: "
        "rule 'a' takes it; it counts as Shots\n"
    ) in text
    told = json.loads(ruled.good("config", "check", "--try", "root/s.xmp", "--output", "json"))
    (tried,) = told["tried"]
    assert (tried["rule"], tried["main"]) == ("a", {"path": f"{ruled.root}/s.jpg"})


def test_check_is_told_to_programs(ruled: Cli) -> None:
    """JSON has the rules with their warnings, and each path with the rules that were asked."""
    make_tree(ruled.root, {b"\xff.pdf": b"x"})
    told = json.loads(ruled.good("config", "check", "--try", b"root/\xff.pdf", "--output", "json"))
    assert (told["path"], told["good"]) == (str(ruled.config), True)
    assert [(r["name"], r["key"], r["warnings"]) for r in told["rules"]] == [
        ("invoices", "rules[0]", []), ("shots", "rules[1]", []), ("drafts", "rules[2]", []),
    ]  # fmt: skip
    (tried,) = told["tried"]
    assert (tried["rule"], tried["category"]) == (None, "Documents")
    assert "path_b64" in tried
    assert [one["takes"] for one in tried["tried"]] == [False, False, False]
    assert tried["tried"][0]["why"]["parts"][0] == {
        "condition": "its name ends in .pdf or .txt", "holds": True
    }  # fmt: skip


def test_globs_begin_at_the_source(ruled: Cli) -> None:
    """The path that a glob with a slash is held against begins in --source."""
    ruled.config.write_text("rules: [{name: a, when: {glob: '/in/*.txt'}, skip: true}]\n")
    make_tree(ruled.root, {b"in/x.txt": b"x"})
    takes = "rule 'a' takes it"
    words = ("config", "check", "--try", "root/in/x.txt")
    assert takes not in ruled.good(*words)
    assert takes in ruled.good(*words, "--source", "root")


def test_likely_mistakes_are_named(ruled: Cli) -> None:
    """A rule that can be used and never applies, or says an unknown word, has a warning."""
    ruled.config.write_text(
        "rules:\n"
        "  - {name: a, when: {extension: [pdf, pfd]}, category: Document}\n"
        "  - {name: b, when: {extension: pdf, size: '>1MB'}, skip: true}\n"
        "  - {name: c, when: {size: '>1MB', not: {size: '>1k'}}, skip: true}\n"
        "  - {name: d, when: {mime: image/pgn}, skip: true}\n"
        "  - {name: e, when: {any: []}, skip: true}\n"
    )
    text = ruled.good("config", "check")
    assert re.findall(r"^  warning: (.*)$", text, re.MULTILINE) == [
        "no known type of file ends in '.pfd'",
        "'Document' is a category of its own; did you mean 'Documents'?",
        "it never has its turn: 'a' takes all that it would take",
        "it can never apply: its size is '>1MB', and not its size is '>1k'",
        "no content is known to be 'image/pgn'; did you mean 'image/png'?",
        "it can never apply: one of no conditions holds",
    ]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("{nam: a}", "rules[0]: nam: unknown key; did you mean 'name'?"),
        ("{name: a, skip: true}", "rules[0]: has no 'when'"),
        (
            "{name: a, when: {any: [{regexp: x}]}}",
            "rules[0].when.any[0]: regexp: unknown key; did you mean 'regex'?",
        ),
        (
            "{name: a, when: {date: 2019}}",
            "rules[0].when.date: wants text or a list of texts, got a number; put it in quotes",
        ),
        ("{name: a, when: {regex: '(a'}, skip: true}", "rules[0].when.regex: '(a': missing ): (a"),
        ("{name: a, when: {regex: a}}", "rules[0]: says nothing to do; add category, template,"),
        (
            "{name: a, when: {category: Imags}, skip: true}",
            "rules[0].when.category: 'Imags' is no category; did you mean 'Images'?",
        ),
        (
            "{name: a, when: {glob: '*'}, template: '{x}/{name}'}",
            "rules[0].template: template: unknown field {x}; the fields are",
        ),
    ],
)
def test_rules_that_can_not_be_used_are_refused_in_one_line(
    ruled: Cli, rule: str, message: str
) -> None:
    """A run and a check say the same: the path of what is wrong, and exit code 2."""
    ruled.config.write_text(f"rules:\n  - {rule}\n")
    for command in (("config", "check"), ("organize", "root")):
        done = ruled(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--try", "nothing"), "nothing: there is no such file or folder; check the path"),
        (("root",), "PATH without --try; add --try before it"),
        (("--try", "root"), "root: a folder, and rules are of files; name files"),
        (("--try", ""), "'': an empty path"),
    ],
)
def test_what_can_not_be_tried_is_said(ruled: Cli, words: tuple[str, ...], message: str) -> None:
    """A path that is not there, or stands alone, is one line on stderr and exit code 2."""
    done = ruled("config", "check", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_run_names_the_rule_that_leaves_files_alone(ruled: Cli) -> None:
    """The summary, verbose lines and events say which rule it was."""
    text = ruled.good("organize", "root", "-n", "-v")
    assert "left_alone: draft.txt (left alone by rule 'drafts')\n" in text
    assert "        1  left alone by rule 'drafts': draft.txt\n" in text
    lines = map(json.loads, ruled.good("organize", "root", "-n", "--output", "jsonl").splitlines())
    (left,) = (line for line in lines if line["event"] == "action_skipped")
    assert (left["reason"], left["detail"]) == ("left alone by rule", "drafts")


def test_rules_are_shown_with_the_configuration_and_never_a_variable(ruled: Cli) -> None:
    """`config show` has the rules as they are written; FILEORG_RULES is refused."""
    (shown,) = (
        row
        for row in json.loads(ruled.good("config", "show", "--output", "json"))
        if row["key"] == "rules"
    )
    assert shown["value"][2] == {"name": "drafts", "when": {"glob": "draft*"}, "skip": True}
    done = ruled("config", "check", FILEORG_RULES="x")
    assert done.returncode == 2
    assert "FILEORG_RULES: rules can't be set by a variable" in done.stderr


def test_nothing_raw_reaches_a_terminal(ruled: Cli) -> None:
    """Control and bidi characters of names and of rules are escaped wherever they are shown."""
    ruled.config.write_text('rules: [{name: a, when: {glob: "x\\e*\u202e*"}, skip: true}]\n')
    make_tree(ruled.root, {b"x\x1b[31m\xe2\x80\xaey": b"x"})
    name = b"root/x\x1b[31m\xe2\x80\xaey"
    text = ruled.good("config", "check", "--try", name)
    assert "rule 'a' takes it" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


@pytest.mark.parametrize(
    ("text", "field", "turned"),
    [
        ("rules: [{name: a, when: {extension: jpg}, rename: '{stem}-x'}]", "stem", "-x-x.jpg"),
        ("rules: [{name: a, when: {regex: '^IMG_'}, rename: '{stem} x'}]", "stem", "IMG_1 x x.jpg"),
        ("rules: [{name: a, when: {mime: 'image/*'}, rename: '{stem}-x'}]", "stem", "-x-x"),
        ("template: '{date:%Y}-{name}'", "date", "2019-2019-sample.jpg"),
        ("template: '{parent}/{category}/{stem}{ext}'", "parent", "Images/Images/sample.jpg"),
    ],
)  # fmt: skip
def test_what_never_rests_is_not_good(ruled: Cli, text: str, field: str, turned: str) -> None:
    """A layout that a run would refuse is refused, if a name shows it that the rule takes."""
    ruled.config.write_text(text)
    done = ruled("config", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"never comes to rest: {{{field}}} would turn" in done.stderr
    assert turned in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "rules: [{name: a, when: {regex: '^IMG_'}, rename: '{date:%Y}-{stem}'}]",
        "rules: [{name: a, when: {extension: jpg}, category: Shots}]",
        "rules: [{name: a, when: {glob: 'draft*', size: '>1GB'}, rename: '{date:%Y} {stem}'}]",
        "rules: [{name: a, when: {extension: jpg, date: '2019'}, rename: '{date:%Y-%m-%d}'}]",
        "template: '{category}/{date:%Y-%m-%d}{ext}'",
        "template: '{category}/{stem}.{extension}'",
        (
            "rules: [{name: a, when: {glob: '*'}, skip: true},"
            " {name: b, when: {extension: jpg}, rename: '{stem}-x'}]"
        ),
    ],
)
def test_what_rests_is_good(ruled: Cli, text: str) -> None:
    """What comes to rest, or never has its turn, is nothing to refuse."""
    ruled.config.write_text(text)
    assert "comes to rest" not in ruled.good("config", "check")


def test_what_moves_again_in_place_is_warned_of(ruled: Cli) -> None:
    """Where another rule would take the results, that is so but for --into, and a warning."""
    ruled.config.write_text(
        "rules:\n"
        "  - name: a\n"
        "    when: {regex: '^IMG_'}\n"
        "    template: 'Shots/{name}'\n"
        "    rename: 'Shot {date:%Y}'\n"
        "  - {name: b, when: {glob: 'Shot*'}, template: 'Other shots/{name}'}\n"
    )
    done = ruled("config", "check")
    assert "it never comes to rest" in done.stdout + done.stderr
