"""From a file name to its category."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorg.categorize.filetypes import CATEGORIES, OTHER
from fileorg.categorize.rules import Categorizer, check_category_name, extension_of

# As they lie in download folders; a name with blanks has them as `%`.
SAMPLES = {
    "Documents": """
        Invoice%2024-05-17.pdf CV_final(3).docx letter.doc thesis.tex README README.md notes.TXT
        LICENSE manual.pages minutes.odt flyer.pub scan.xps todo.org meeting.one paper.ps.gz
        contract.rtf Changelog
    """,
    "Spreadsheets": "budget.xlsx Kontoauszug.csv plan.ods list.numbers old.XLS macro.xlsm",
    "Presentations": "pitch.pptx talk.key lecture.odp show.ppsx",
    "Diagrams": "network.vsdx flow.drawio ideas.xmind roadmap.mpp",
    "Books": "novel.epub novel.kepub.epub guide.mobi comic.cbz roman.fb2.zip scan.djvu help.chm",
    "Images": """
        IMG_20240517_123456.jpg DSC0001.JPEG PXL_20230101.heic screenshot.png meme.webp anim.gif
        scan.tiff logo.svg logo.svgz favicon.ico _MG_1234.CR2 DSC_0042.NEF P1010001.RW2 raw.dng
        IMG_1234.AAE wallpaper.avif
    """,
    "Design": "poster.psd brand.ai cover.indd paint.xcf paint.xcf.gz art.kra app.sketch vector.eps",
    "Fonts": "Inter.ttf Inter.woff2 Garamond.otf",
    "Audio": """
        song.mp3 01%-%Intro.flac voice.m4a memo.ogg take.wav old.wma call.amr mix.opus tune.mid
        space_debris.mod list.m3u8
    """,
    "Video": """
        movie.mkv clip.MP4 VID_20240517.mov old.avi 00001.MTS tv.ts stream.webm VTS_01_1.VOB
    """,
    "Subtitles": "movie.en.srt anime.ass talk.vtt",
    "Media projects": "cut.prproj track.als podcast.aup3 film.kdenlive beat.flp",
    "Sheet music": "sonata.mscz piece.musicxml riff.gp5",
    "Archives": """
        photos.zip src.tar.gz src.tgz backup.tar.xz stuff.rar stuff.part01.rar stuff.r00 set.7z
        set.7z.001 set.7z.012 movie.avi.002 data.tar.zst words.txt.gz page.1.gz a.z01 setup.zip.1
        old.tar.Z src.tar.gz.001
    """,
    "Backups": "config.bak system.gho phone.ab report.old",
    "Disk images": "ubuntu-24.04.iso Firefox.dmg raspios.img.xz vm.qcow2 game.cue game.bin",
    "Programs": """
        setup.exe installer.msi tool_1.2_amd64.deb tool.src.rpm app.apk Obsidian-1.5.AppImage
        plugin.jar ext.xpi libfoo.so.1.2.3 bash.pkg.tar.zst driver.dll
    """,
    "Code": """
        main.py app.js app.min.js types.d.ts App.tsx main.cpp main.c++ Makefile Dockerfile
        CMakeLists.txt style.css analysis.ipynb run.sh setup.ps1 fix.patch adblock.user.js go.mod
        requirements.txt query.graphql lib.rs Main.java
    """,
    "Web pages": "saved%page.html article.mhtml robots.txt crawl.warc.gz index.HTM",
    "Configuration": "settings.ini docker-compose.yml app.toml office.ovpn tweak.reg",
    "Data": "data.json export.xml rows.csv.gz events.jsonl table.parquet capture.pcap blob.dat",
    "Databases": "shop.sql dump.sql.gz places.sqlite clients.accdb app.db",
    "Logs": "server.log server.log.3 server.log.gz crash.dmp syslog",
    "Email": "offer.eml Outlook.pst archive.mbox meeting.msg winmail.dat",
    "Calendars and contacts": "invite.ics contacts.vcf boarding.pkpass",
    "Finance": "bank.ofx book.qif house.gnucash return.tax2023",
    "Security": """
        server.pem site.crt id_rsa id_ed25519.pub login.kdbx secret.txt.gpg release.tar.gz.asc
        SHA256SUMS image.iso.sha256
    """,
    "Torrents": "debian.torrent post.nzb",
    "Shortcuts": "Word.lnk site.url page.webloc firefox.desktop server.rdp",
    "Maps": "ride.gpx places.kmz roads.shp roads.shp.xml city.geojson planet.osm.pbf run.fit",
    "Science": "results.mat brain.nii.gz reads.fastq.gz variants.vcf.gz sky.fits scan.dcm",
    "AI models": "llama.gguf model.safetensors net.onnx",
    "3D and CAD": "bracket.stl house.dwg part.step scene.blend benchy.gcode ship.glb",
    "Games": "mario.nes zelda.z64 pokemon.gba quest.sav world.mcworld match.pgn",
    OTHER: """
        noextension .bashrc Mr.%Smith%letter v1.2%final report.2024 ls.1 10.0.0.101 name.
        strange.qqqq .txt x.caf\xe9
    """,
}


@pytest.mark.parametrize(
    ("name", "category"),
    [
        (name.replace("%", " "), category)
        for category, samples in SAMPLES.items()
        for name in samples.split()
    ],
)
def test_sample(name: str, category: str) -> None:
    """A name from the real world lands where its owner would look for it, in any case."""
    categorizer = Categorizer()
    assert categorizer.category_of(name.encode()) == category
    assert categorizer.category_of(name.upper().encode()) == category


def test_samples_cover_every_category() -> None:
    """No built-in category goes without a sample."""
    assert set(SAMPLES) == {*CATEGORIES, OTHER}


@given(st.binary(max_size=30))
def test_any_name_has_a_category(name: bytes) -> None:
    """Any bytes are answered, and only with a category that `names` announces."""
    categorizer = Categorizer()
    assert categorizer.category_of(name) in categorizer.names()


def test_names_come_in_order() -> None:
    """The built-in categories come first, the user's new ones next, the rest last."""
    own = {"Recipes": ["rcp"], "Images": ["foo"], "Plans": ["bar"]}
    assert Categorizer(own).names() == (*CATEGORIES, "Recipes", "Plans", OTHER)


@pytest.mark.parametrize("extension", ["rcp", ".rcp", ".RCP", "Rcp"])
def test_own_extension_in_any_writing(extension: str) -> None:
    """An extension of the user's is known with or without its dot and in any case."""
    assert Categorizer({"Recipes": [extension]}).category_of(b"cake.rCp") == "Recipes"


def test_own_extension_wins() -> None:
    """An extension given by the user leaves its built-in category, and only that one does."""
    categorizer = Categorizer({"Scans": ["pdf"]})
    assert categorizer.category_of(b"a.pdf") == "Scans"
    assert categorizer.category_of(b"a.docx") == "Documents"


def test_built_in_category_gains() -> None:
    """Extensions given for a built-in category come beside its own."""
    categorizer = Categorizer({"Images": ["zyx"]})
    assert {categorizer.category_of(name) for name in (b"a.zyx", b"a.jpg")} == {"Images"}


def test_other_can_be_asked_for() -> None:
    """The user may send a known extension to the rest."""
    categorizer = Categorizer({OTHER: ["pdf"]})
    assert categorizer.category_of(b"a.pdf") == OTHER
    assert categorizer.names() == (*CATEGORIES, OTHER)


@pytest.mark.parametrize("name", [b"a.gz", b"a.tar.gz", b"a.sql.gz", b"a.txt.gz", b"a.gz.001"])
def test_own_extension_claims_its_compounds(name: bytes) -> None:
    """An extension of the user's also wins where it ends a built-in compound or is numbered."""
    assert Categorizer({"Packed": ["gz"]}).category_of(name) == "Packed"


def test_own_compound_wins_over_own_part() -> None:
    """Between the user's compound and the user's last part of it the compound is nearer."""
    categorizer = Categorizer({"Packed": ["gz"], "Sources": ["tar.gz"]})
    assert categorizer.category_of(b"a.tar.gz") == "Sources"
    assert categorizer.category_of(b"a.tar.gz.001") == "Sources"
    assert categorizer.category_of(b"a.sql.gz") == "Packed"


def test_own_extension_wins_over_whole_names() -> None:
    """A name that says what it is yields to the user's word on its extension."""
    assert Categorizer({"Texts": ["txt"]}).category_of(b"CMakeLists.txt") == "Texts"
    assert Categorizer({"Texts": ["md"]}).category_of(b"CMakeLists.txt") == "Code"


@pytest.mark.parametrize(
    ("extension", "name"),
    [
        ("js.map", b"app.JS.map"),
        ("2024", b"report.2024"),
        ("1", b"ls.1"),
        ("002", b"part.002"),
        ("caf\xe9", "x.caf\xe9".encode()),
        ("sublime-workspace", b"x.sublime-workspace"),
    ],
)
def test_own_extension_of_an_odd_kind(extension: str, name: bytes) -> None:
    """What is no extension by the general rule is one when the user says so."""
    categorizer = Categorizer({"Mine": [extension]})
    assert categorizer.category_of(name) == "Mine"
    assert categorizer.category_of(b"." + extension.encode()) != "Mine"


def test_longer_odd_extension_is_nearer() -> None:
    """Of two odd extensions that fit the longer one decides, in either order."""
    own = {"Short": ["x.2024"], "Long": ["a.x.2024"]}
    for table in (own, dict(reversed(own.items()))):
        assert Categorizer(table).category_of(b"n.a.x.2024") == "Long"


def test_extension_of_two_categories_is_refused() -> None:
    """One extension under two of the user's categories is an error that names both."""
    with pytest.raises(ValueError, match="'A' and 'B'"):
        Categorizer({"A": ["pdf", "PDF"], "B": [".Pdf"]})


@pytest.mark.parametrize("own", [{"images": ["a"]}, {"Mine": ["a"], "mine": ["b"]}, {"OTHER": []}])
def test_categories_alike_are_refused(own: dict[str, list[str]]) -> None:
    """Two categories that differ only in case would share a folder on some disks: an error."""
    with pytest.raises(ValueError, match="differ only in case"):
        Categorizer(own)


@pytest.mark.parametrize(
    ("extension", "remedy"),
    [
        *((text, "write such as 'epub'") for text in ("", ".", "a/b", "a.", "a\0", "a..b", "(a)")),
        ("a" * 101, "write such as 'epub'"),
        ("\udcff", "write such as 'epub'"),
        ("*.x", "write 'x'"),
        ("JPG;", "write 'JPG'"),
        (" a", "write 'a'"),
        ("*.jpg, *.png", "write each by itself: 'jpg', 'png'"),
        ("x,y", "write each by itself: 'x', 'y'"),
        ("a b", "write each by itself: 'a', 'b'"),
        *((text, "patterns are for 'glob' in a rule") for text in ("?", "[ab]", "jp*g", "{a,b}")),
    ],
)
def test_impossible_extension_is_refused(extension: str, remedy: str) -> None:
    """What is no extension is an error that names its category, and says what to write."""
    with pytest.raises(ValueError, match=r"'Mine': .* can be no file extension; ") as caught:
        Categorizer({"Mine": [extension]})
    assert remedy in str(caught.value)


def test_every_built_in_extension_could_be_the_users() -> None:
    """Whatever the table holds has the shape that an extension must have."""
    for words in CATEGORIES.values():
        assert [extension_of(word)[1:].decode() for word in words] == list(words)


def test_impossible_category_is_refused() -> None:
    """A category that can be no folder is an error that says why."""
    with pytest.raises(ValueError, match="slash"):
        Categorizer({"a/b": ["pdf"]})


@pytest.mark.parametrize(
    "name", ["Images", "Steuer 2024", "Fotos \u00e9t\u00e9", "\U0001f4c1", "x" * 100, "a.b"]
)
def test_proper_category_name(name: str) -> None:
    """Ordinary words, other scripts and dots inside make proper folders."""
    assert check_category_name(name) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "empty"),
        (".", "already there"),
        ("..", "already there"),
        (".fileorg", "own"),
        (".fileorg-x", "own"),
        (".hidden", "hides"),
        ("a/b", "slash"),
        ("a\\b", "slash"),
        ("a\0b", "control"),
        ("a\nb", "control"),
        ("a\x7f", "control"),
        ("a\x85b", "control"),
        ("a\udc80", "control"),
        (" a", "space"),
        ("a ", "space"),
        ("a.", "dot"),
        ("x" * 101, "100 characters"),
        ("\u6f22" * 86, "255 bytes"),
    ],
)
def test_improper_category_name(name: str, why: str) -> None:
    """A name that can be no folder is told why."""
    assert why in (check_category_name(name) or "")


@given(st.text(st.characters(), max_size=110))
def test_proper_name_is_one_path_component(name: str) -> None:
    """Any name that passes encodes to one component that stays where it is put."""
    if check_category_name(name) is None:
        encoded = name.encode()
        assert 0 < len(encoded) <= 255
        assert encoded not in {b".", b".."}
        assert not set(encoded) & set(b"/\0")


@pytest.mark.parametrize("name", [b"Makefile (1)", b"Makefile (12)", b"CMakeLists (2).txt"])
def test_a_numbered_whole_name_keeps_its_category(name: bytes) -> None:
    """A file that was numbered because its name was taken stays in the category of its name."""
    assert Categorizer().category_of(name) == "Code"
