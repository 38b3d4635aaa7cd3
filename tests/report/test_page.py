"""The page of a run: safe as text, and in a real browser, light and dark, wide and narrow."""

import base64
import hashlib
import html as markup
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fileorg.model.display import UNSAFE
from fileorg.model.location import shown
from fileorg.pipeline.viewing import Listing, RunView
from fileorg.report import html
from fileorg.report.html import MOST_FILES, write_html
from fileorg.report.words import safe
from tests.pipeline.faults import Faults, at_work
from tests.pipeline.harness import Desk
from tests.report.browser import CHROMIUM, Browser
from tests.report.runs import MARKUP, hostile_run, judged_run, many
from tests.trees import make_tree

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")


def page_of(view: RunView) -> str:
    """Return the page of a run."""
    parts: list[str] = []
    write_html(view, parts.append)
    return "".join(parts)


def save(view: RunView, path: Path) -> Path:
    """Write the page of a run to a file; return its path."""
    path.write_text(page_of(view), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunView]:
    """Return a run with hostile names."""
    desk, run = hostile_run(tmp_path_factory.mktemp("hostile"))
    with RunView(desk.state, run) as view:
        yield view


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunView]:
    """Return a run that looked into its files."""
    desk, run = judged_run(tmp_path_factory.mktemp("judged"))
    with RunView(desk.state, run) as view:
        yield view


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunView]:
    """Return a run of a file more than a page holds."""
    with many(tmp_path_factory.mktemp("large"), MOST_FILES + 1) as view:
        yield view


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser for all tests of this module."""
    with Browser() as opened:
        yield opened


def texts(page: str) -> str:
    """Return what of a page is neither a tag nor script nor style."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return markup.unescape(re.sub(r"<[^>]*>", "\n", page))


# as text


def test_nothing_of_a_name_is_markup(hostile: RunView) -> None:
    """The page has just its own scripts, which its policy knows by hash; nothing in it is raw."""
    page = page_of(hostile)
    assert not UNSAFE.search(page.replace("\n", ""))
    tags = re.findall(r"<script\b[^>]*>", page)
    assert tags == ['<script id="data" type="application/json">', "<script>"]
    assert "<img" not in page
    assert texts(page).count(MARKUP.decode()) == 3  # as a failure, as kept, as redundant
    policy = re.search(r'Policy" content="([^"]*)"', page)
    assert policy is not None
    for tag, kind in (("style", "style-src"), ("script", "script-src")):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in markup.unescape(policy[1])
    assert "default-src 'none'" in markup.unescape(policy[1])
    assert not re.search(r"https?://|@import|url\(", page)
    assert not re.search(r"\b(src|href)=", " ".join(re.findall(r"<[a-z][^>]*>", page)))


def test_every_file_is_in_the_table(hostile: RunView) -> None:
    """The rows are all files of the run, with their names as they may be shown."""
    found = re.search(r'application/json">(.*?)</script>', page_of(hostile), re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    lines = list(hostile.files(Listing()))
    names = [row[0] for row in data["files"]]
    assert names == [safe(shown(line.source.rpartition(b"/")[2])) for line in lines]
    assert {data["statuses"][row[7]] for row in data["files"]} == {"done", "failed"}


def test_what_is_not_what_it_seems_is_named(judged: RunView) -> None:
    """A program that is called a picture stands on the page with what it is."""
    text = " ".join(texts(page_of(judged)).split())
    assert re.search(r"Not what the name says: 1 <img[^ ]* src=x .*?png application/x-\S+", text)
    assert "(Programs)" in text


def test_failures_and_groups_are_in_words(hostile: RunView) -> None:
    """What failed stands on the page with its reason, and each group with all of its files."""
    text = texts(page_of(hostile))
    assert re.search(r"a\.ttf\s+a file has the name of the folder", text)
    assert re.search(r"twin-0\.bin\s+kept, 8 B, 2 redundant\s+twin-1\.bin\s+done\s+twin-2", text)


def test_a_large_run_says_what_is_left_out(
    large: RunView, hostile: RunView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond what a page holds, a line says how many there are, and the command that has all."""
    text = " ".join(texts(page_of(large)).split())
    run = large.details.summary.run
    assert "The first 100,000 of 100,001 files are in this page. All:" in text
    assert f"All: fileorg report {run} --format csv" in text
    monkeypatch.setattr(html, "MOST_FAILURES", 1)
    monkeypatch.setattr(html, "MOST_GROUPS", 0)
    text = texts(page_of(hostile))
    assert re.search(r"The first 1 are listed\. All:\s+fileorg show \S+ --status failed", text)
    assert "The first 0 of 2 groups are listed." in text


def test_every_kind_of_run_has_a_page(tmp_path: Path) -> None:
    """Undo, redo and dedupe runs, interrupted ones, and one in which each step failed, have one."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"a.txt": b"a", b"b.txt": b"same", b"c.txt": b"same"})
    runs = {
        desk.organize().run: "Organized 3 files",
        desk.undo().run: "Put back 3 files",
        desk.redo().run: "Did again 3 files",
        desk.dedupe("hardlink").summary.run: "Deduplicated 1 file",
    }
    for run, title in runs.items():
        with RunView(desk.state, run) as view:
            assert f"<h1>{title}</h1>" in page_of(view)
    journal = desk.state.open(next(iter(runs)))
    journal.settle([], 0)
    journal.close()
    (desk.state.path / "index").unlink()
    with RunView(desk.state, next(iter(runs))) as view:
        page = page_of(view)
    assert "<h1>Not finished</h1>" in page
    assert "pending" in texts(page)
    assert "Took" not in texts(page)

    make_tree(desk.root, {b"d.jpg": b"d"})
    with at_work(Faults("rename_each:1+:EACCES")):
        failed = desk.organize(dedupe="off").run
    with RunView(desk.state, failed) as view:
        page = page_of(view)
    assert "<h1>Nothing was changed</h1>" in page
    assert "permission denied" in texts(page)


# in a browser


@in_browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_is_whole_on_every_screen(
    hostile: RunView, browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    """No error, no policy broken, no request, nothing wider than the screen, dark where asked."""
    browser.complaints.clear()
    browser.open(save(hostile, tmp_path / "page.html"), width=width, height=800, dark=dark)
    assert browser.complaints == []
    assert browser.run("document.documentElement.scrollWidth") <= width
    too_wide = "[...document.querySelectorAll('body *')].filter(e => !e.closest('.unseen') &&"
    assert browser.run(f"{too_wide} e.getBoundingClientRect().right > {width} + 1).length") == 0
    paper = browser.run("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) < 300) is dark
    assert browser.run("document.querySelectorAll('#space [role=row]').length") > 5
    assert browser.run("document.querySelectorAll('svg rect').length") > 8


@in_browser
@pytest.mark.parametrize("width", [1280, 360])
def test_where_a_file_was_is_read_on_every_screen(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    """Each row shows the folder that its file came from, in full height and within the row."""
    desk = Desk(tmp_path)
    make_tree(desk.root, {b"from %d/a.pdf" % number: b"%d" % number for number in range(8)})
    with RunView(desk.state, desk.organize(folders="recurse").run) as view:
        browser.open(save(view, tmp_path / "page.html"), width=width, height=800)
    unseen = (
        "[...document.querySelectorAll('#space [role=row]')].filter(row =>"
        " [...row.querySelectorAll('small')].some(e => !e.getBoundingClientRect().height"
        " || e.getBoundingClientRect().bottom > row.getBoundingClientRect().bottom)).length"
    )
    assert browser.run("document.querySelectorAll('#space .name small').length") > 5
    assert browser.run(unseen) == 0


@in_browser
def test_a_policy_that_is_broken_is_noticed(
    hostile: RunView, browser: Browser, tmp_path: Path
) -> None:
    """A script that somebody adds to a page is not run, and the browser complains of it."""
    page = page_of(hostile).replace("</body>", "<script>document.title = 'hurt'</script></body>")
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    browser.complaints.clear()
    browser.open(path)
    assert "hurt" not in browser.run("document.title")
    assert any("Content Security Policy" in complaint for complaint in browser.complaints)
    browser.complaints.clear()


@in_browser
def test_the_table_is_searched_filtered_and_sorted(
    hostile: RunView, browser: Browser, tmp_path: Path
) -> None:
    """Search, filters and headers do what they say, by keyboard alone."""
    browser.complaints.clear()
    browser.open(save(hostile, tmp_path / "page.html"))
    lines = list(hostile.files(Listing()))
    names = "[...document.querySelectorAll('#space .name')].map(e => e.firstChild.textContent)"
    found = "document.getElementById('found').textContent"
    assert browser.run(found) == f"{len(lines)} files"
    assert len(browser.run(names)) < len(lines)

    browser.press("/", 191)
    browser.type("TWIN-1")
    assert browser.run(found) == f"1 of {len(lines)} files"
    assert browser.run(names) == ["twin-1.bin"]
    browser.run("search.value = 'no such file'; search.dispatchEvent(new Event('input'))")
    assert (browser.run(names), browser.run(found)) == ([], f"0 of {len(lines)} files")
    browser.run("search.value = ''; search.dispatchEvent(new Event('input'))")

    failed = "[...document.getElementById('status').options].find(o => o.text === 'failed').value"
    browser.run(f"byStatus = document.getElementById('status'); byStatus.value = {failed}")
    browser.run("byStatus.dispatchEvent(new Event('input'))")
    assert set(browser.run(names)) == {"a.ttf", MARKUP.decode() + ".ttf", "Fonts"}
    browser.run("byStatus.value = ''; byStatus.dispatchEvent(new Event('input'))")

    sizes = sorted((line.size for line in lines), reverse=True)
    head = "document.querySelector('[data-sort=size]')"
    shown_sizes = (
        "[...document.querySelectorAll('#space .size')].map(e => parseInt(e.textContent) || 0)"
    )
    browser.run(f"{head}.focus()")
    for sort, expected in (
        ("ascending", sizes[::-1]), ("descending", sizes), ("none", [x.size for x in lines])
    ):  # fmt: skip
        browser.press("Enter", 13)
        assert browser.run(f"{head}.parentElement.ariaSort") == sort
        seen = browser.run(shown_sizes)
        assert seen == expected[: len(seen)]
    assert browser.complaints == []


@in_browser
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_a_date_says_where_it_was_found(
    judged: RunView, browser: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    """Dates and categories are said with what they were taken from: a camera, content, a photo."""
    browser.complaints.clear()
    browser.open(save(judged, tmp_path / "page.html"), width=width, dark=dark)
    row = "[...document.querySelectorAll('#space [role=row]')]"
    texts_of = (
        f"Object.fromEntries({row}.map(r => [r.querySelector('.name').textContent,"
        " [...r.querySelectorAll('.category, .time')].map(e => e.innerText.split('\\n'))]))"
    )
    cells = browser.run(texts_of)
    dated = ["2011-02-03 04:05", "EXIF DateTimeOriginal"]
    assert cells["a.jpg"] == [["Images"], dated]
    assert cells["nameless"] == [["Images", "content: image/jpeg"], dated]
    assert cells["a.jpg.xmp"][0] == ["Images", "with a.jpg"]
    assert [len(cell) for cell in cells["b.txt"]] == [1, 1]
    lowest = f"Math.max(...{row}.map(r => r.lastChild.getBoundingClientRect().bottom"
    assert browser.run(f"{lowest} - r.getBoundingClientRect().bottom))") <= 0
    browser.run("search.value = 'exif'; search.dispatchEvent(new Event('input'))")
    assert browser.run("document.getElementById('found').textContent") == "2 of 5 files"
    browser.run("search.value = ''; search.dispatchEvent(new Event('input'))")
    browser.run("document.querySelector('[data-sort=time]').click()")
    assert browser.run("document.querySelector('#space .time').innerText").startswith("2011")
    assert browser.complaints == []


@in_browser
def test_a_hundred_thousand_rows_stay_at_hand(
    large: RunView, browser: Browser, tmp_path: Path
) -> None:
    """Of 100,000 rows few are ever in the page; the keyboard reaches the last one."""
    browser.complaints.clear()
    browser.open(save(large, tmp_path / "page.html"))
    drawn = "document.querySelectorAll('#space [role=row]').length"
    last = "[...document.querySelectorAll('#space [role=row]')].at(-1).ariaRowIndex"
    assert browser.run(drawn) < 60
    assert browser.run("table.ariaRowCount") == str(MOST_FILES + 1)
    browser.run("document.getElementById('rows').focus()")
    browser.press("End", 35)
    browser.run(
        "new Promise(done => { const look = () =>"
        f" {last} === '{MOST_FILES + 1}' ? done() : requestAnimationFrame(look); look(); }})"
    )
    assert browser.run(drawn) < 60
    browser.run("search.value = 'file-99999'; search.dispatchEvent(new Event('input'))")
    assert browser.run("document.getElementById('found').textContent") == "1 of 100,000 files"
    browser.run("search.value = ''; search.dispatchEvent(new Event('input'))")
    browser.run("document.querySelector('[data-sort=size]').click()")
    browser.run("document.querySelector('[data-sort=size]').click()")
    assert browser.run("document.querySelector('#space .size').textContent") == "100.0 kB"
    assert browser.complaints == []


@in_browser
def test_paper_has_what_the_screen_has(hostile: RunView, browser: Browser, tmp_path: Path) -> None:
    """Printed, all rows are there, not just those of the window; then the window is back."""
    browser.open(save(hostile, tmp_path / "page.html"))
    drawn = "document.querySelectorAll('#space [role=row]').length"
    before = browser.run(drawn)
    browser.run("addEventListener('beforeprint', () => { window.onPaper = " + drawn + "; })")
    assert browser.pdf().startswith(b"%PDF")
    assert browser.run("onPaper") == hostile.count(Listing()) > before
    assert browser.run(drawn) == before
