"""What is never torn apart or touched, told from names alone (pure).

A folder is judged by its own name before it is opened, and by the names in it afterwards.
"""

from collections.abc import Collection
from typing import NamedTuple

from fileorg.model.reason import Reason


def _words(text: str) -> frozenset[bytes]:
    return frozenset(word.encode() for word in text.split())


OWN_FOLDER = b".fileorg"
IGNORE_FILE = b".fileorgignore"
TEMPORARY = b".fileorg-"  # begins the name of every file that a run makes for itself

_LITTER_FOLDERS = _words(
    """@eadir #recycle #snapshot @recycle @recently-snapshot @tmp $recycle.bin recycler recycled
    lost+found .trash .trashes .trash-1000 .spotlight-v100 .fseventsd .temporaryitems
    .documentrevisions-v100 .snapshots ~snapshot __macosx .appledouble .appledb .appledesktop
    network-trash-folder msocache found.000 config.msi"""
) | {b"system volume information", b"network trash folder", b"temporary items"}
_LITTER_FILES = _words(
    """thumbs.db ehthumbs.db ehthumbs_vista.db desktop.ini .ds_store .localized .directory
    .apdisk .volumeicon.icns .com.apple.timemachine.donotpresent .synoindex hiberfil.sys
    pagefile.sys swapfile.sys ntuser.dat autorun.inf"""
) | {b"icon\r"}
_BUNDLES = frozenset(
    b"." + word
    for word in _words(
        """app photoslibrary photolibrary aplibrary migratedphotolibrary rtfd logicx band
        fcpbundle fcpproject fcpcache imovielibrary imovieproject theater tvlibrary musiclibrary
        pages numbers key framework bundle plugin kext xcodeproj xcworkspace playground
        xcassets xcarchive dsym lproj nib scptd workflow wdgt prefpane qlgenerator mdimporter
        component vst vst3 au sparsebundle backupbundle pkg mpkg download abbu graffle
        oo3 ooutline omnifocus sketchplugin lrplugin lrdata lrcat-data lrlibrary cocatalog
        cosessiondb dtbase2 dtsparse scriv ulysses bear2bk textbundle vmwarevm pvm utm vbox
        parallels mlpackage mlmodelc docc xctest appex systemextension dext rbproject
        garageband mailbundle mailstationery dvdmedia"""
    )
)
_ENVIRONMENTS = _words(
    """node_modules bower_components jspm_packages __pycache__ site-packages dist-packages
    virtualenv venv .venv .tox .nox .eggs deriveddata"""
)
_ENVIRONMENT_MARKERS = _words("pyvenv.cfg conda-meta")
_CHECKOUTS = _words(".git .hg .svn .bzr _darcs .fossil .fslckout cvs .jj .pijul")
_PROJECT_MARKERS = _CHECKOUTS | _words(
    """package.json pyproject.toml setup.py setup.cfg cargo.toml go.mod go.work pom.xml build.gradle
    build.gradle.kts settings.gradle settings.gradle.kts cmakelists.txt meson.build configure.ac
    makefile gnumakefile composer.json gemfile mix.exs rebar.config stack.yaml cabal.project
    dune-project project.clj deps.edn build.sbt pubspec.yaml package.swift podfile elm.json
    deno.json deno.jsonc angular.json manifest.in tox.ini requirements.txt pipfile poetry.lock
    environment.yml dockerfile docker-compose.yml docker-compose.yaml compose.yaml compose.yml
    vagrantfile flake.nix default.nix shell.nix justfile sconstruct workspace.bazel
    module.bazel project.godot platformio.ini hugo.toml _config.yml mkdocs.yml .vscode .idea
    terraform.tf main.tf chart.yaml kustomization.yaml ansible.cfg lerna.json nx.json
    project.json global.json directory.build.props"""
)
_PROJECT_SUFFIXES = frozenset(
    b"." + word
    for word in _words(
        """sln slnx csproj vbproj fsproj vcxproj vcproj pbxproj xcodeproj xcworkspace cabal
        gemspec nimble uproject rockspec rproj code-workspace podspec ino dproj lpi"""
    )
)
_BARE_REPOSITORY = _words("head objects refs config")
_LIBRARY_MARKERS = _words(
    """metadata.db metadata_db_prefs_backup.json digikam4.db .stfolder .stversions .obsidian
    .logseq .joplin steamapps steam.dll libraryfolders.vdf .dropbox .dropbox.cache
    .nextcloudsync.log .sync_id .resilio .owncloudsync.log .anki .calnotes .zotero zotero.sqlite
    .photoprism.yaml .immich shotwell.db .dtrash .borg .kopia.repository .duplicacy .mozilla
    places.sqlite gocryptfs.conf gocryptfs.diriv masterkey.cryptomator vault.cryptomator
    .encfs6.xml"""
) | {b"itunes music library.xml", b"itunes library.xml"}
_LIBRARY_SUFFIXES = frozenset(
    b"." + word
    for word in _words(
        """lrcat lrcat-journal cocatalog vmx vbox vmcx pvs itl musicdb tvdb photosdb c1catalog
        cocatalogdb aplib"""
    )
)
_DISK_IMAGES = frozenset(b"." + word for word in _words("vmdk vdi vhdx qcow2"))
# Every name of a set must be there: one alone is an ordinary word.
_LIBRARY_SETS = (
    _words("cur new tmp"),  # Maildir
    _words("config data index keys snapshots"),  # restic
)
# A borg repository: its files in numbers are what tells it from any folder with a README.
_BORG = _words("config data readme")
_BORG_STARTS = (b"hints.", b"integrity.")
_DISCS = _words("video_ts bdmv video_ts.ifo index.bdmv")
# A program that runs where it is: its own files and at least one that only a program loads.
_PROGRAM_FILES = frozenset({b".exe"})
_PROGRAM_PARTS = frozenset(b"." + word for word in _words("dll ocx pak"))
_PROGRAM_MARKERS = _words("apprun unins000.exe")
_PARTIAL = frozenset(
    b"." + word
    for word in _words(
        """part crdownload download partial tmp !qb !ut !bt bc! opdownload aria2 ytdl filepart
        dtapart td downloading unfinished incomplete dlpart jc! xltd temp"""
    )
)
_PARTIAL_STARTS = (b"~$", b".~lock.", b"~wrl")
# Without any of these a folder is an ordinary one: two looks for most, in place of fifteen.
_TELLING = _BORG.union(
    _LITTER_FILES, _ENVIRONMENT_MARKERS, _PROJECT_MARKERS, _BARE_REPOSITORY, _LIBRARY_MARKERS,
    *_LIBRARY_SETS, _DISCS, _PROGRAM_MARKERS,
)  # fmt: skip
_TELLING_SUFFIXES = _PARTIAL.union(
    _PROJECT_SUFFIXES, _LIBRARY_SUFFIXES, _DISK_IMAGES, _PROGRAM_PARTS
)
_ODD = frozenset({b".", b"~"})  # with these begins every name that its beginning gives away


def folder_reason(name: bytes) -> Reason | None:
    """Return why a folder of this name is left alone without looking inside, or None."""
    if name.startswith(OWN_FOLDER):
        return Reason.OWN
    low = name.lower()
    if low in _LITTER_FOLDERS or low.startswith(b".trash-"):
        return Reason.LITTER
    if low in _ENVIRONMENTS:
        return Reason.ENVIRONMENT
    return Reason.BUNDLE if low[low.rfind(b".") :] in _BUNDLES else None


class Survey(NamedTuple):
    """What one look at all names of a folder tells: why it is left alone, if it is.

    Where nothing *is_odd*, no file's name can be a reason to leave it alone: most folders. What
    *is_disc* moves as one. The *suffixes* are those of all names, in lower case.
    """

    reason: Reason | None
    is_odd: bool
    is_disc: bool
    suffixes: set[bytes]


def survey(names: Collection[bytes]) -> Survey:
    """Look at the names in a folder."""
    low = _lower(names)
    suffixes = {name[name.rfind(b".") :] for name in low}
    starts_oddly = not _ODD.isdisjoint({name[:1] for name in low})
    if low.isdisjoint(_TELLING) and suffixes.isdisjoint(_TELLING_SUFFIXES):
        return Survey(None, starts_oddly, is_disc=False, suffixes=suffixes)
    is_odd = starts_oddly or not suffixes.isdisjoint(_PARTIAL) or not low.isdisjoint(_LITTER_FILES)
    return Survey(_piece(low, suffixes), is_odd, not low.isdisjoint(_DISCS), suffixes)


def content_reason(names: Collection[bytes]) -> Reason | None:
    """Return why a folder with these names in it is one piece, or None."""
    return survey(names).reason


def _piece(low: set[bytes], suffixes: set[bytes]) -> Reason | None:
    reason = _unmistakable(low, suffixes)
    if reason is not None:
        return reason
    if not low.isdisjoint(_PROJECT_MARKERS) or not suffixes.isdisjoint(_PROJECT_SUFFIXES):
        return Reason.PROJECT
    if not suffixes.isdisjoint(_DISK_IMAGES):
        return Reason.LIBRARY
    return Reason.PROGRAM if _is_program(low, suffixes) else None


def _is_program(low: set[bytes], suffixes: set[bytes]) -> bool:
    if not low.isdisjoint(_PROGRAM_MARKERS):
        return True
    return not suffixes.isdisjoint(_PROGRAM_FILES) and not suffixes.isdisjoint(_PROGRAM_PARTS)


def has_program(suffixes: set[bytes]) -> bool:
    """Whether a folder with these lower-case suffixes has a program in it."""
    return not suffixes.isdisjoint(_PROGRAM_FILES)


def has_parts(names: Collection[bytes]) -> bool:
    """Whether a folder with these names in it has something that only a program loads."""
    text = b"/".join(names).lower() + b"/"
    return any(part + b"/" in text for part in _PROGRAM_PARTS)


def checkout_reason(names: Collection[bytes]) -> Reason | None:
    """Return why a folder with these names must not be organized itself, or None.

    A stray `package.json` or disk image makes a subfolder one piece, but not a whole Downloads.
    """
    low = _lower(names)
    return _unmistakable(low, {name[name.rfind(b".") :] for name in low})


def _unmistakable(low: set[bytes], suffixes: set[bytes]) -> Reason | None:
    if not low.isdisjoint(_ENVIRONMENT_MARKERS):
        return Reason.ENVIRONMENT
    if not low.isdisjoint(_LIBRARY_MARKERS) or not suffixes.isdisjoint(_LIBRARY_SUFFIXES):
        return Reason.LIBRARY
    if any(low >= whole for whole in _LIBRARY_SETS):
        return Reason.LIBRARY
    if low >= _BORG and any(name.startswith(_BORG_STARTS) for name in low):
        return Reason.LIBRARY
    if not low.isdisjoint(_CHECKOUTS) or low >= _BARE_REPOSITORY:
        return Reason.PROJECT
    return None


def _lower(names: Collection[bytes]) -> set[bytes]:
    low = set(b"/".join(names).lower().split(b"/"))
    if b"cvs" in low and b"CVS" not in names:
        low.remove(b"cvs")  # a folder of somebody's CVs
    return low


def file_reason(name: bytes) -> Reason | None:
    """Return why a file of this name is left alone whatever the options say, or None."""
    low = name.lower()
    if low[low.rfind(b".") :] in _PARTIAL:
        return Reason.PARTIAL
    if low in _LITTER_FILES:
        return Reason.LITTER
    return _odd_start(low) if low[:1] in _ODD else None


def _odd_start(low: bytes) -> Reason | None:
    if low.startswith(TEMPORARY) or low in {OWN_FOLDER, IGNORE_FILE}:
        return Reason.OWN
    if low.startswith(b"._"):
        return Reason.LITTER
    return Reason.PARTIAL if low.startswith(_PARTIAL_STARTS) else None


_SYSTEM = _words(
    """/bin /boot /dev /etc /lib /lib32 /lib64 /libx32 /opt /proc /run /sbin /sys
    /usr /var /var/lib /home /Users /System /Library /Applications /private /private/etc /Volumes
    /cores /nix /snap"""
)
# /run holds what is plugged in, /var/tmp and /var/folders what is anybody's.
_SYSTEM_TREES = tuple(
    _words(
        """/proc/ /sys/ /dev/ /boot/ /etc/ /bin/ /sbin/ /lib/ /lib32/ /lib64/ /libx32/ /usr/ /nix/
        /snap/ /var/lib/ /System/ /Library/ /Applications/ /private/etc/"""
    )
)


def danger(path: bytes, home: bytes, recursive: bool) -> str | None:
    """Return why organizing the absolute *path* is likely to break the system, or None."""
    if path == b"/":
        return "it is the whole file system"
    if path in _SYSTEM or path.startswith(_SYSTEM_TREES):
        return "it is a system folder"
    if recursive and path == home:
        return "it is your whole home folder"
    if recursive and home.startswith(path + b"/"):
        return "your whole home folder is in it"
    return None
