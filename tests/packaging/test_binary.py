"""The binary where it has to work: any folder, any user, any locale, and what it leaves behind."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.cli.test_signals import fill, moved, no_process_of, wait_for
from tests.disks.mounts import wait_until
from tests.pipeline.harness import snapshot
from tests.product import BINARY, needs_binary
from tests.trees import make_tree

pytestmark = [pytest.mark.binary, pytest.mark.smoke, needs_binary]
by_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
TOP = Path(__file__).parents[2]


@pytest.fixture
def unpacked(cli: Cli) -> Path:
    """Return the folder in which the command line's binary unpacks itself."""
    folder = cli.base / "tmp"
    folder.mkdir()
    cli.env["TMPDIR"] = str(folder)
    return folder


def do_and_undo(cli: Cli, **env: str) -> None:
    """Organize a folder with some hostile names, and take it back."""
    make_tree(cli.root, {b"a.txt": b"a", "Füße.jpg".encode(): b"b", b"new\nline \xff.mp3": b"c"})
    before = snapshot(cli.root)
    cli.good("organize", "root", **env)
    assert moved(cli.root) == 3
    cli.good("undo", "last", **env)
    assert snapshot(cli.root) == before


def test_it_says_that_it_is_a_binary_and_of_which_commit(cli: Cli) -> None:
    """--version of the binary names the commit that it was built from."""
    head = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert f"(commit {head}" in cli.good("--version")
    assert cli.good("--version").endswith(", binary)\n")


def test_its_version_needs_no_folder(cli: Cli, unpacked: Path) -> None:
    """--version and -V are answered where nothing can be unpacked, with what the program says."""
    said = cli.good("--version")
    unpacked.rmdir()
    cli.env["TMPDIR"] = "/proc"
    assert cli.good("--version") == cli.good("-V") == said
    assert said.startswith("fileorg ")


def test_it_runs_where_the_ends_of_children_are_ignored(cli: Cli) -> None:
    """A caller that ignores SIGCHLD, which programs inherit, makes no difference."""
    make_tree(cli.root, {b"a.txt": b"a"})
    done = subprocess.run(
        [*cli.command, "organize", "root"], env=cli.env, cwd=cli.base, capture_output=True,
        preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN), check=False,
    )  # fmt: skip
    assert (done.returncode, moved(cli.root)) == (0, 1)


def test_it_runs_without_an_environment_from_a_strange_place(cli: Cli, unpacked: Path) -> None:
    """It works by a relative path with spaces and letters of any script, with no HOME nor PATH."""
    place = cli.base / "mein Ördner 空白"
    place.mkdir()
    shutil.copy(BINARY, place / "file org")
    strange = unpacked / "noch ein Ördner"
    strange.mkdir()
    cli.command = [f"{place.name}/file org"]
    cli.env = {"FILEORG_STATE_DIR": str(cli.state), "TMPDIR": str(strange)}
    do_and_undo(cli)


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "xx_XX.nonsense"])
def test_every_locale_gives_every_name_back(cli: Cli, locale: str) -> None:
    """Names of any bytes are moved and put back in a locale that knows ASCII only, or none."""
    do_and_undo(cli, LC_ALL=locale, LANG=locale)


@pytest.mark.root
@by_root
def test_it_runs_as_another_user_without_a_home() -> None:
    """A user who has no home folder can run it, and organize what is his."""
    with tempfile.TemporaryDirectory() as name:  # tmp_path lies in a folder of root's alone
        base = Path(name)
        base.chmod(0o777)
        shutil.copy(BINARY, base / "fileorg")
        cli = Cli(base / "user")
        cli.command = [str(base / "fileorg")]
        cli.env = {"HOME": "/nonexistent", "FILEORG_STATE_DIR": str(cli.state)}
        make_tree(cli.root, {b"a.txt": b"a"})
        for folder, _, _ in os.walk(cli.base):
            os.chown(folder, 65534, 65534)
        os.chown(cli.root / "a.txt", 65534, 65534)
        for words, is_back in ((("organize", "root"), False), (("undo", "last"), True)):
            subprocess.run(
                [*cli.command, *words], cwd=cli.base, env=cli.env, user=65534, group=65534,
                extra_groups=[], check=True, capture_output=True,
            )  # fmt: skip
            assert (cli.root / "a.txt").exists() == is_back


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """Return a folder on the disk of /var/tmp, for when /tmp is hidden."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        yield Path(name)


def under_mounts(elsewhere: Path, options: str, *places: str) -> "subprocess.CompletedProcess[str]":
    """Run --help where other disks are mounted at those places."""
    shutil.copy(BINARY, elsewhere / "fileorg")
    mounts = [f"mount -t tmpfs -o {options} tmpfs {place}" for place in places]
    script = " && ".join(["cd " + str(elsewhere), *mounts, "exec ./fileorg --help"])
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        ["unshare", "-m", "sh", "-c", script], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.root
@by_root
@pytest.mark.parametrize("options", ["noexec", "ro", "size=1m"])
@pytest.mark.parametrize("places", [["/dev/shm"], ["/dev/shm", "/tmp"]])
def test_another_folder_is_taken_where_one_is_of_no_use(
    elsewhere: Path, options: str, places: list[str]
) -> None:
    """Where places run no programs, are read-only or full, it unpacks itself in another one."""
    done = under_mounts(elsewhere, options, *places)
    assert (done.returncode, done.stderr) == (0, "")
    assert "organize" in done.stdout


@pytest.mark.root
@by_root
def test_it_says_what_to_set_where_no_folder_is_of_use(elsewhere: Path) -> None:
    """Where programs can run in no folder for temporary files, one line names all and the cure."""
    places = ("/tmp", "/dev/shm", "/var/tmp")
    done = under_mounts(elsewhere, "noexec", *places)
    assert done.returncode == 12
    (line,) = done.stderr.splitlines()
    assert all(f"{place}: mounted noexec" in line for place in places)
    assert "set TMPDIR" in line


def test_it_leaves_nothing_behind(cli: Cli, unpacked: Path) -> None:
    """What it unpacked is gone after a run: a good one, and one that failed."""
    cli.good("runs")
    wait_until(lambda: not os.listdir(unpacked))
    assert cli("no-such-command").returncode == 2
    wait_until(lambda: not os.listdir(unpacked))


def test_its_process_is_the_program_itself(cli: Cli, unpacked: Path) -> None:
    """SIGKILL of the process that was started ends all that runs, and leaves nothing unpacked."""
    before = fill(cli.root, 8_000)
    with cli.start("organize", "root", "-r") as run:
        wait_for(run, cli.root, 500)
        assert run.poll() is None
        assert unpacked in Path(os.readlink(f"/proc/{run.pid}/exe")).parents
        run.kill()
    assert run.returncode == -signal.SIGKILL
    wait_until(lambda: no_process_of(run.pid))
    wait_until(lambda: not os.listdir(unpacked))
    cli.good("recover")
    assert moved(cli.root) == 8_000
    cli.good("undo", "last")
    assert snapshot(cli.root) == before


def test_the_process_that_tidies_up_holds_nothing_of_the_callers(cli: Cli, unpacked: Path) -> None:
    """The sweeper keeps no stream, no lock and no folder of the caller's, and shows its name."""
    fill(cli.root, 8_000)
    with cli.start("organize", "root", "-r") as run:
        wait_for(run, cli.root, 1)
        (folder,) = unpacked.iterdir()
        sweeper = Path("/proc", *[pid for pid in os.listdir("/proc") if sweeps(pid, folder)])
        handles = {os.readlink(handle) for handle in (sweeper / "fd").iterdir()}
        assert len(handles) == 2
        assert {h for h in handles if not h.startswith("pipe:")} == {str(folder)}
        assert os.readlink(sweeper / "cwd") == "/"
        assert (sweeper / "cmdline").read_bytes().rstrip(b"\0") == b"fileorg-sweeper"
        run.kill()
    wait_until(lambda: not sweeper.exists())


def sweeps(pid: str, folder: Path) -> bool:
    """Whether a process is the sweeper of a folder."""
    try:
        is_one = Path("/proc", pid, "comm").read_text() == "fileorg-sweeper\n"
        return is_one and os.readlink(f"/proc/{pid}/fd/1") == str(folder)
    except OSError:
        return False


def test_closed_streams_are_nobody_elses(cli: Cli, unpacked: Path) -> None:
    """Where the caller has closed the standard streams, nothing of ours takes their place."""
    fill(cli.root, 8_000)
    closed = f"exec {BINARY} organize root -r -v --jobs 1 <&- >&- 2>&-"
    with subprocess.Popen(["sh", "-c", closed], cwd=cli.base, env=cli.env) as run:
        wait_for(run, cli.root, 1)
        handles = {int(h.name): os.readlink(h) for h in Path(f"/proc/{run.pid}/fd").iterdir()}
        assert not [to for number, to in handles.items() if number < 3 and to.startswith("pipe:")]
        assert any(to.startswith("pipe:") for to in handles.values())
    assert run.returncode == 0
    assert moved(cli.root) == 8_000
    wait_until(lambda: not os.listdir(unpacked))


def test_files_are_renamed_by_the_kernels_call_that_replaces_nothing(cli: Cli) -> None:
    """The call to libc that the no-replace rename needs is in the binary, and used."""
    if shutil.which("strace") is None:
        pytest.skip("not installed: strace")
    make_tree(cli.root, {b"a.txt": b"a"})
    traced = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=renameat2", *cli.command, "organize", "root"],
        cwd=cli.base, env=cli.env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"a.txt", RENAME_NOREPLACE) = 0' in traced.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_comes_out_of_it(cli: Cli, shell: str) -> None:
    """The script of each shell is printed, and names the program."""
    assert "fileorg" in cli.good("completion", shell)


def test_a_press_of_tab_is_answered(cli: Cli) -> None:
    """What bash asks of it when TAB is pressed is answered with the commands that fit."""
    answer = cli.good(_FILEORG_COMPLETE="complete_bash", COMP_WORDS="fileorg comp", COMP_CWORD="1")
    assert answer.split() == ["completion"]


def test_the_example_of_the_configuration_is_in_it(cli: Cli) -> None:
    """`config init` writes the whole example."""
    cli.good("config", "init")
    assert cli.config.read_text() == (TOP / "config.example.yaml").read_text()
    cli.good("config", "check")
