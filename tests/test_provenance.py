"""What `--version` says of a copy of fileorg."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "fileorg"
PROGRAM = "from fileorg.provenance import described; print(described())"
IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org"}
IDENTITY |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in IDENTITY.items()}


def git(top: Path, *words: str) -> str:
    """Run git in a repository; return what it prints."""
    env = {"PATH": "/usr/bin:/bin", "HOME": str(top), **IDENTITY}
    done = subprocess.run(["git", *words], cwd=top, env=env, capture_output=True, check=True)
    return done.stdout.decode().strip()


def described(top: Path) -> str:
    """Return what the copy in a folder says of itself."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(top)!r}); {PROGRAM}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with the little of fileorg that knows what it is."""
    top = tmp_path / "copy"
    (top / "fileorg").mkdir(parents=True)
    for name in ("__init__.py", "version.py", "provenance.py"):
        (top / "fileorg" / name).write_bytes((PACKAGE / name).read_bytes())
    return top


@pytest.fixture
def checkout(copy: Path) -> Path:
    """Return such a folder as a repository with one commit on the branch `main/line`."""
    git(copy, "init", "-q", "-b", "main/line")
    git(copy, "add", ".")
    git(copy, "commit", "-q", "-m", "one")
    return copy


def test_a_checkout_names_its_commit(checkout: Path) -> None:
    """The commit is the one that git names: on a branch, packed or not, and on none."""
    expected = f"(commit {git(checkout, 'rev-parse', '--short=12', 'HEAD')}, Python "
    assert expected in described(checkout)
    assert described(checkout).endswith(", source checkout)")
    git(checkout, "pack-refs", "--all")
    assert expected in described(checkout)
    git(checkout, "checkout", "-q", "--detach")
    assert expected in described(checkout)


def test_a_worktree_names_its_own_commit(checkout: Path) -> None:
    """A worktree's commit is not that of the repository that it belongs to."""
    git(checkout, "worktree", "add", "-q", "../tree", "-b", "other")
    tree = checkout.parent / "tree"
    git(tree, "commit", "-q", "--allow-empty", "-m", "two")
    commit = git(tree, "rev-parse", "--short=12", "HEAD")
    assert f"(commit {commit}, " in described(tree)
    assert commit not in described(checkout)


def test_a_copy_without_git_names_no_commit(copy: Path) -> None:
    """Where nobody knows the commit, none is named, and nothing fails."""
    assert "commit" not in described(copy)
    (copy / ".git").mkdir()
    (copy / ".git" / "HEAD").write_bytes(b"\xff\xfe")
    assert "commit" not in described(copy)


def test_what_is_built_says_so(copy: Path) -> None:
    """A wheel says what its build has written, whatever repository it is unpacked in."""
    (copy / "fileorg" / "_built.py").write_text(
        'FORM = "wheel"\nCOMMIT = "abc"\nDATE = "2026-01-02"\n'
    )
    (copy / ".git").mkdir()
    (copy / ".git" / "HEAD").write_text("0" * 40)
    assert "(commit abc, Python " in described(copy)
    assert described(copy).endswith(", wheel)")
