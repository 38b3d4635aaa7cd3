"""Finding and reading the configuration."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from fileorg.config.load import Loaded, default_path, find, load
from fileorg.config.parse import KEYS
from fileorg.config.schema import Config, Setting
from fileorg.errors import ConfigError
from fileorg.model.plan import ConflictPolicy

WINS = "mode: year\nhidden: true\ndepth: 2\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a config folder of its own and return where its file would be."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return default_path({})


def loaded(content: str | bytes, tmp_path: Path, environ: dict[str, str] | None = None) -> Loaded:
    """Load a file with this content."""
    path = tmp_path / "config.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return load(str(path), environ or {})


def problem_of(content: str | bytes, tmp_path: Path) -> str:
    """Return what is said against a file, without its path."""
    with pytest.raises(ConfigError) as caught:
        loaded(content, tmp_path)
    message = str(caught.value)
    assert message.isprintable()
    return message.removeprefix(f"{tmp_path / 'config.yaml'}: ")


def origins_of(answer: Loaded) -> dict[str, str]:
    """Return the origin of each key that is not at its default."""
    return {
        setting.key: setting.origin for setting in answer.settings if setting.origin != "default"
    }


def test_without_a_file_all_is_default(home: Path) -> None:
    """Where no file is and no variable speaks, every key is at its default, in schema order."""
    answer = load(None, {})
    assert not home.exists()
    assert (answer.config, answer.path) == (Config(), None)
    assert answer.settings == tuple(Setting(key, getattr(Config(), key), "default") for key in KEYS)


def test_places_are_tried_in_order(home: Path, tmp_path: Path) -> None:
    """An explicit file wins over FILEORG_CONFIG, and that over the user's config folder."""
    home.parent.mkdir(parents=True)
    explicit, named = tmp_path / "explicit.yaml", tmp_path / "named.yaml"
    for path in (home, explicit, named):
        path.touch()
    environ = {"FILEORG_CONFIG": str(named)}
    assert find(str(explicit), environ) == explicit
    assert find(None, environ) == named
    assert find(None, {}) == home
    assert find(None, {"FILEORG_CONFIG": ""}) == home
    assert home.parts[-2:] == ("fileorg", "config.yaml")


def test_default_path_follows_the_variable() -> None:
    """FILEORG_CONFIG is where a new file belongs, whether or not one is there."""
    assert default_path({"FILEORG_CONFIG": "/nowhere/x.yaml"}) == Path("/nowhere/x.yaml")


@pytest.mark.parametrize("name", ["missing.yaml", "file/below.yaml"])
def test_file_that_was_asked_for_must_be_there(name: str, tmp_path: Path) -> None:
    """A missing file is an error where it was named, by option or by variable."""
    (tmp_path / "file").touch()
    missing = tmp_path / name
    with pytest.raises(ConfigError) as caught:
        find(str(missing), {})
    assert str(caught.value) == f"{missing}: no such configuration file"
    with pytest.raises(ConfigError) as caught:
        find(None, {"FILEORG_CONFIG": str(missing)})
    assert str(caught.value) == f"FILEORG_CONFIG: {missing}: no such configuration file"


def test_broken_link_is_not_taken_for_no_file(home: Path) -> None:
    """A link in the config folder that leads nowhere is an error: its rules would be ignored."""
    home.parent.mkdir(parents=True)
    home.symlink_to("nowhere")
    with pytest.raises(ConfigError, match=r"config.yaml: No such file or directory"):
        load(None, {})


@pytest.mark.parametrize("name", ["", "\0", "x" * 300, "link"])
def test_unreadable_file_is_named(name: str, tmp_path: Path) -> None:
    """A folder, a loop of links and an impossible name are ConfigErrors."""
    (tmp_path / "link").symlink_to("link")
    path = tmp_path / name
    with pytest.raises(ConfigError) as caught:
        load(str(path), {})
    assert str(caught.value).startswith(f"{path}: ")


def test_variable_wins_over_file_over_default(tmp_path: Path) -> None:
    """Each key comes from the variable, else the file, else the default, and its origin says so."""
    environ = {"FILEORG_MODE": "size", "FILEORG_ON_CONFLICT": "fail", "FILEORG_DEPTH": " "}
    answer = loaded(WINS, tmp_path, environ)
    assert answer.config == Config(
        mode="size", hidden=True, depth=2, on_conflict=ConflictPolicy.FAIL
    )
    path = tmp_path / "config.yaml"
    assert answer.path == path
    assert [(setting.key, setting.value) for setting in answer.settings] == [
        (key, getattr(answer.config, key)) for key in KEYS
    ]
    assert origins_of(answer) == {
        "mode": "FILEORG_MODE",
        "depth": str(path),
        "on_conflict": "FILEORG_ON_CONFLICT",
        "hidden": str(path),
    }


def test_default_that_is_written_down_has_the_file_as_origin(tmp_path: Path) -> None:
    """A key that the file sets to its default still comes from the file."""
    assert origins_of(loaded("mode: category", tmp_path)) == {"mode": f"{tmp_path}/config.yaml"}


def test_wrong_file_is_told_although_a_variable_would_win(tmp_path: Path) -> None:
    """A variable does not hide what is wrong in the file."""
    with pytest.raises(ConfigError, match=r"config.yaml: hidden: wants true or false"):
        loaded("hidden: 7", tmp_path, {"FILEORG_HIDDEN": "yes"})


def test_other_variables_are_ignored() -> None:
    """Variables that are no keys and like none are not fileorg's settings."""
    names = ("STATE_DIR", "BIN", "LOG", "TEST_SLOW", "JOBS", "")
    environ = {f"FILEORG_{name}": "/x" for name in names} | {"MODE": "x", "fileorg_mode": "x"}
    assert load(None, environ).config == Config()


@pytest.mark.parametrize(
    ("name", "near"),
    [("FILEORG_MOD", "FILEORG_MODE"), ("FILEORG_ONCONFLICT", "FILEORG_ON_CONFLICT")],
)
def test_misspelled_variable_is_refused(name: str, near: str) -> None:
    """A variable whose name is nearly that of a key is an error that names the key's."""
    with pytest.raises(ConfigError) as caught:
        load(None, {name: "x"})
    assert str(caught.value) == f"{name}: unknown variable; did you mean '{near}'?"


def test_wrong_variable_is_named() -> None:
    """A variable that can't be read is an error, categories among them."""
    with pytest.raises(ConfigError, match=r"^FILEORG_HIDDEN: wants true or false"):
        load(None, {"FILEORG_HIDDEN": "maybe"})
    with pytest.raises(ConfigError, match=r"^FILEORG_CATEGORIES: .* can't be set by a variable"):
        load(None, {"FILEORG_CATEGORIES": "x"})


@pytest.mark.parametrize(
    "content", ["", "# nothing\n", "---\n", "~\n", "{}\n", "\ufeffmode: category\n"]
)
def test_file_that_says_nothing_is_all_defaults(content: str, tmp_path: Path) -> None:
    """Empty files, comments alone and a byte order mark are fine."""
    assert loaded(content, tmp_path).config == Config()


def test_digit_first_names_are_text(tmp_path: Path) -> None:
    """`3D` is text to YAML, as a value and as a key."""
    config = loaded("only_category: [3D]\ncategories: {3D: [stl, 3ds]}", tmp_path).config
    assert config.only_category == ("3D",)
    assert config.categories == {"3D": ("stl", "3ds")}


QUOTES = "; a value that begins with one of * & ! % @ ` { [ needs quotes"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: &x 1\nb: *x", "line 1: anchors and aliases (& and *) are refused" + QUOTES),
        ("mode: x\ninclude: [*jpg]", "line 2: anchors and aliases (& and *) are refused" + QUOTES),
        ("include: &all\n- a", "line 1: anchors and aliases (& and *) are refused" + QUOTES),
        ("exclude:\n- !keep", "line 2: tags (!) are refused" + QUOTES),
        ("a: !!python/object/apply:os.system [ls]", "line 1: tags (!) are refused" + QUOTES),
        ("mode: !!str year", "line 1: tags (!) are refused" + QUOTES),
        ("mode: ! year", "line 1: tags (!) are refused" + QUOTES),
        ("mode: !!map {}", "line 1: tags (!) are refused" + QUOTES),
        (
            "mode: a\n\nmode: b",
            "line 3: duplicate key 'mode', set before in line 1; remove one of them",
        ),
        (
            "categories:\n  Books: []\n  x: [{a: 1, b: [c]}]\n  'Books': []",
            "line 4: duplicate key 'Books', set before in line 2; remove one of them",
        ),
        ("{a: 1, a: 2}", "line 1: duplicate key 'a', set before in line 1; remove one of them"),
        ("mode: a\n---\nmode: b", "line 2: a second document; remove '---'"),
        ("\n[a]: b", "line 2: a key must be text, not a list or mapping" + QUOTES),
        ("? {a: b}\n: c", "line 1: a key must be text, not a list or mapping" + QUOTES),
        ("mode: year\nhidden: \0", "line 2: control character '\\x00'"),
        (b"mode: year\n\n# caf\xe9", "line 3: not UTF-8 text"),
        ("mode: x".encode("utf-16"), "line 1: not UTF-8 text"),
        ("[" * 3000 + "]" * 3000, "line 1: nested deeper than 32 levels"),
        ("- " * 3000, "line 1: nested deeper than 32 levels"),
        ("mode: x\ntemplate: 2024-13-45", "line 2: month must be in 1..12"),
        (
            "on: x",
            (
                "a key must be text, got true, which is how YAML reads yes, no, on and off; "
                "put it in quotes"
            ),
        ),
        (
            "categories:\n  no: [x]",
            (
                "categories: a key must be text, got false, which is how YAML "
                "reads yes, no, on and off; put it in quotes"
            ),
        ),
        ("mode: 2024-05-17", "mode: wants text, got a date; put it in quotes"),
        ("mode:", "mode: wants text, got nothing"),
        (
            "categories: {Books: [epub, 001]}",
            "categories.Books[1]: wants text, got a number; put it in quotes",
        ),
    ],
)
def test_what_a_configuration_needs_not_is_refused(
    content: str | bytes, message: str, tmp_path: Path
) -> None:
    """Aliases, tags, doubled keys, documents, depth and odd bytes are refused with their line."""
    assert problem_of(content, tmp_path) == message


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("mode: x\ninclude: [*.jpg]", 2),
        ("mode: x\ntemplate: {category}/{name}", 2),
        ("mode: x\n\nhidden: [", 3),
        ("include:\n\t- x", 2),
        ("mode: a: b", 1),
        ("mode: x\nexclude: [=]", 2),
        ("<<: 3", 1),
        (f"depth: {'9' * 5000}", 1),
        ("min_age: 1" + ":59" * 500 + ".5", 1),
    ],
)
def test_syntax_error_is_one_line_with_its_number(content: str, line: int, tmp_path: Path) -> None:
    """What YAML can't read, or Python can't hold, is told in one line with the line's number."""
    assert problem_of(content, tmp_path).startswith(f"line {line}: ")


def test_python_parser_serves_where_the_c_one_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without libyaml the same file loads, and the same mistakes are told."""
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert loaded(WINS, tmp_path).config == Config(mode="year", hidden=True, depth=2)
    assert problem_of("mode: a\nmode: b", tmp_path).startswith("line 2: duplicate key 'mode'")
    assert problem_of("[" * 3000, tmp_path) == "line 1: nested deeper than 32 levels"
    assert problem_of("mode: x\nhidden: [", tmp_path).startswith("line 2: ")


def test_32_levels_are_not_too_deep(tmp_path: Path) -> None:
    """The limit of the depth is the last that is read."""
    assert problem_of("[" * 32 + "]" * 32, tmp_path).startswith("the top level is a list")


def test_bomb_is_refused_before_it_is_built(tmp_path: Path) -> None:
    """Nine lists of nine aliases each do not become a billion values."""
    head = "a0: &a0 [x, x]"
    rest = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert problem_of("\n".join([head, *rest]), tmp_path).startswith("line 1: anchors and aliases")


def test_file_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    """A mebibyte is read, a byte more is not, and neither is an endless device."""
    limit = 1 << 20
    assert loaded("#" * limit, tmp_path).config == Config()
    too_large = "larger than 1048576 bytes; is it the right file?"
    assert problem_of("#" * (limit + 1), tmp_path) == too_large
    with pytest.raises(ConfigError, match=r"larger than"):
        load("/dev/zero", {})


TOKENS = st.sampled_from(
    [
        *KEYS,
        *(
            "[",
            "]",
            "{",
            "}",
            "&a",
            "*a",
            "!",
            "!!set",
            "---",
            "...",
            "'",
            "|",
            ">",
            "?",
            "<<",
            "=",
        ),
        *("~", ":", "yes", "0x_", "0b_", "1:60", ".inf", "-.nan", "1e9", "1."),
        *(": ", "- ", ", ", "\n", "\n  ", "\t", "\0", "\\", '"', "é", "%YAML 1.1"),
        *("2024-02-30", "2024-01-01 00:00:00+99:99", "0001-01-01 00:00:00+23:00"),
    ]
)


@given(
    st.binary() | st.text().map(str.encode) | st.lists(TOKENS).map(lambda t: "".join(t).encode())
)
@example(b"\x00")
@example(b"[" * 100_000)
@example(b"{" * 100_000)
@example(b"? " * 3000)
@example(b"a: " + b"x" * 100_000)
@example(b'mode: "\\uD800"')
@example(b"%TAG ! tag:yaml.org,2002:\n--- !int x")
def test_any_bytes_are_a_config_or_refused(content: bytes) -> None:
    """Whatever a file holds, the answer is a Config or a ConfigError in one line with its path."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            assert isinstance(load(file.name, {}).config, Config)
        except ConfigError as error:
            message = str(error)
            assert message.startswith(f"{file.name}: ")
            assert message.isprintable()


def test_reading_nothing_imports_no_yaml() -> None:
    """Without a file, start-up pays neither for YAML nor for difflib."""
    code = (
        "import sys; from fileorg.config.load import load; load(None, {'FILEORG_MODE': 'year'}); "
        "print(sorted({'yaml', 'difflib'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
