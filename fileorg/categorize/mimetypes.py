"""MIME types as categories: data, and one look-up."""

from typing import Final

_TYPES: Final = {
    "Documents": """
        application/pdf application/postscript text/rtf application/rtf application/msword
        text/plain
        application/vnd.openxmlformats-officedocument.wordprocessingml.*
        application/vnd.ms-word.* application/vnd.oasis.opendocument.text*
        application/vnd.oasis.opendocument.formula application/vnd.apple.pages application/x-kword
        application/vnd.ms-publisher application/vnd.ms-xpsdocument application/oxps
        application/vnd.wordperfect application/x-abiword application/onenote application/x-dvi
        application/x-hwp application/hwp+zip application/winhlp text/troff text/x-tex
        text/x-bibtex text/x-texinfo text/markdown application/vnd.sun.xml.writer*
        application/vnd.palm
    """,
    "Spreadsheets": """
        application/vnd.ms-excel* text/csv text/tab-separated-values
        application/vnd.openxmlformats-officedocument.spreadsheetml.*
        application/vnd.oasis.opendocument.spreadsheet* application/vnd.apple.numbers
        application/x-sylk
        application/x-gnumeric application/vnd.sun.xml.calc* application/x-kspread
    """,
    "Presentations": """
        application/vnd.ms-powerpoint* application/vnd.apple.keynote
        application/vnd.openxmlformats-officedocument.presentationml.*
        application/vnd.oasis.opendocument.presentation* application/vnd.sun.xml.impress*
        application/x-kpresenter
    """,
    "Diagrams": """
        application/vnd.visio application/vnd.ms-visio.*
        application/vnd.oasis.opendocument.graphics*
        text/vnd.graphviz application/vnd.sun.xml.draw*
    """,
    "Books": """
        application/epub+zip application/x-mobipocket-ebook application/vnd.amazon.*
        application/x-fictionbook+xml image/vnd.djvu application/vnd.ms-htmlhelp
        application/vnd.comicbook*
    """,
    "Images": """
        image/* application/rdf+xml application/x-navi-animation video/x-mng video/x-jng
    """,
    "Design": """
        image/vnd.adobe.photoshop image/x-xcf image/x-eps application/x-krita image/openraster
        application/x-sketch application/x-karbon image/x-coreldraw application/x-adobe-aco
        application/x-indesign
        application/vnd.iccprofile text/x-gimp-* image/x-gimp-*
    """,
    "Fonts": """
        font/* application/vnd.ms-opentype application/x-font-* application/vnd.ms-fontobject
        application/font-*
    """,
    "Audio": "audio/* application/vnd.apple.mpegurl",
    "Video": """
        video/* application/x-shockwave-flash application/vnd.rn-realmedia application/mxf
        application/vnd.ms-asf
    """,
    "Subtitles": "application/x-subrip text/vtt text/x-ssa application/ttml+xml",
    "Sheet music": "application/vnd.recordare.musicxml*",
    "Archives": """
        application/zip application/gzip application/x-compress application/x-bzip2
        application/x-xz application/zstd application/x-lz4 application/x-lzip application/x-lzop
        application/x-lzma application/x-7z-compressed application/x-rar application/x-tar
        application/vnd.ms-cab-compressed application/x-installshield application/x-ace-compressed
        application/x-arj application/x-zoo application/x-xar application/x-cpio
        application/x-squashfs application/x-ms-wim application/x-stuffit application/x-shar
        application/x-lzh-compressed application/mac-binhex40 application/x-lha
        application/x-zstd application/vnd.rar application/x-bzip
    """,
    "Backups": "application/x-borg-segment",
    "Disk images": """
        application/x-iso9660-image application/x-apple-diskimage application/x-qemu-disk
        application/x-vmdk application/x-vhd application/x-vhdx application/x-virtualbox-*
        application/x-ewf application/x-apple-partition
    """,
    "Programs": """
        application/x-sharedlib application/x-executable application/x-pie-executable
        application/x-object application/x-coredump application/x-dosexec application/x-msi
        application/vnd.microsoft.portable-executable application/x-mach-binary
        application/java-archive application/x-java-applet application/x-java-jmod
        application/x-java-pack200 application/x-java-image application/x-dex application/wasm
        application/vnd.android.package-archive application/x-ios-app application/msix
        application/vsix application/vnd.debian.binary-package application/x-rpm
        application/x-chrome-extension application/x-archive application/x-bytecode.*
        application/x-lua-bytecode
    """,
    "Code": """
        text/x-* application/javascript text/javascript text/css application/x-setupscript
        application/x-gettext-translation application/x-php application/typescript
    """,
    "Web pages": """
        text/html application/xhtml+xml application/rss+xml application/atom+xml
        application/x-mimearchive
    """,
    "Configuration": "application/x-wine-extension-ini application/x-ms-reg application/x-bplist",
    "Data": """
        application/json application/x-ndjson text/xml application/xml application/x-hdf
        application/x-numpy-data application/vnd.apache.* application/vnd.tcpdump.pcap
        application/x-pcapng
    """,
    "Databases": """
        application/vnd.sqlite3 application/x-sqlite3 application/x-msaccess application/x-gdbm
        application/x-dbf application/x-berkley-db application/vnd.oasis.opendocument.database
        application/vnd.oasis.opendocument.base
    """,
    "Logs": "application/x-ms-evtx application/x-ms-evt application/x-dmp",
    "Email": """
        message/* application/mbox application/vnd.ms-outlook* application/vnd.ms-tnef
    """,
    "Calendars and contacts": "text/calendar text/vcard text/x-vcard",
    "Finance": "application/x-ofx application/x-qif",
    "Security": """
        application/pgp* text/PGP application/x-pem-file application/x-age-encryption
        application/x-luks application/x-openssl-encrypted application/x-java-keystore
        application/x-java-jce-keystore application/x-keepass2 application/x-gnupg-keyring
    """,
    "Torrents": "application/x-bittorrent",
    "Shortcuts": "application/x-desktop application/x-mswinurl application/x-ms-shortcut",
    "Maps": """
        application/gpx+xml application/vnd.google-earth.* application/vnd.shp application/geo+json
    """,
    "Science": """
        application/fits image/fits application/dicom application/x-nifti application/x-hdf5
        application/x-netcdf application/x-grib application/x-matlab-data application/x-spss-sav
        application/x-r-data
    """,
    "AI models": "application/x-gguf",
    "3D and CAD": """
        model/* image/vnd.dwg image/vnd.dxf application/x-blender application/x-solidworks
        application/vnd.las
    """,
}

_EXACT: Final = {
    mime.casefold(): category
    for category, mimes in _TYPES.items()
    for mime in mimes.split()
    if not mime.endswith("*")
}
_PREFIXES: Final = sorted(
    ((mime[:-1], category) for category, mimes in _TYPES.items()
     for mime in mimes.split() if mime.endswith("*")),
    key=lambda pair: -len(pair[0]),
)  # fmt: skip


def category_of_mime(mime: str) -> str | None:
    """Return the category that a MIME type stands for, None where it stands for none."""
    mime = mime.casefold()
    if known := _EXACT.get(mime):
        return known
    return next((category for prefix, category in _PREFIXES if mime.startswith(prefix)), None)


def known_types() -> frozenset[str]:
    """Return the MIME types that stand for a category by themselves."""
    return frozenset(_EXACT)
