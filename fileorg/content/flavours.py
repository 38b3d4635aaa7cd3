"""What texts of a kind begin with, and the lines that only they have: data only."""

import re
from typing import Final

_BEGINNINGS: Final = (
    ("text/troff", r"(?:'?\.\\\"|'\\\"|\\\"|'''|\.[A-Za-z][A-Za-z0-9][ \t])"),
    ("text/vcard", r"BEGIN:VCARD\b"),
    ("text/calendar", r"BEGIN:VCALENDAR\b"),
    ("text/vtt", r"WEBVTT\b"),
    ("application/x-subrip", r"\d+\s*\r?\n\d+:\d\d:\d\d[,.]\d+ --> "),
    ("text/x-ssa", r"\s*\[Script Info\]"),
    ("application/x-desktop", r"(?:\s|#.*\n)*+\[Desktop (?:Entry|Action)"),
    ("application/x-mswinurl", r"\s*\[(?:InternetShortcut|\{000214A0)"),
    ("application/x-ms-reg", r"(?:Windows Registry Editor|REGEDIT)"),
    ("application/x-setupscript", r"(?i)\s*\[(?:version|strings|autorun)\]"),
    ("text/x-msdos-batch", r"(?i)\s*@\s*(?:echo off|rem\b|setlocal)"),
    ("text/x-diff", r"(?:diff |Index: |Only in |--- \S.*\n\+\+\+ |\*\*\* \S.*\n--- )"),
    ("text/x-po", r"(?:#.*\n|\s)*+msgid "),
    ("text/x-m4", r"dnl[ \t\n]"),
    (
        "text/x-tex",
        r"(?:%.*\n|\s)*+\\(?:documentclass|documentstyle|input|begin|section|chapter)\b",
    ),
    ("text/x-bibtex", r"(?i)\s*@(?:article|book|inproceedings|misc|comment|string)\s*[{(]"),
    ("text/x-gedcom", r"0 HEAD\b"),
    ("application/x-ofx", r"(?:OFXHEADER|<OFX>)"),
    ("application/mac-binhex40", r"\(This file must be converted with BinHex"),
    ("application/x-sylk", r"ID;P"),
    ("image/vnd.dxf", r"\s*(?:999\s*\n.*\n\s*)*+0\s*\n\s*SECTION\b"),
    ("application/x-qif", r"!(?:Type|Account|Option):"),
    ("image/x-portable-bitmap", r"P[14]\s+(?:#.*\n)*\d+\s+\d+\s"),
    ("image/x-portable-greymap", r"P[25]\s+(?:#.*\n)*\d+\s+\d+\s+\d+\s"),
    ("image/x-portable-pixmap", r"P[36]\s+(?:#.*\n)*\d+\s+\d+\s+\d+\s"),
    ("text/x-gimp-gpl", r"GIMP Palette\b"),
    ("text/x-gimp-ggr", r"GIMP Gradient\b"),
    ("model/stl", r"solid\b.*\n\s*facet "),
    ("image/x-xbitmap", r"#define \w+_width \d+\s"),
    (
        "message/rfc822",
        (
            r"(?i)(?:(?:return-path|received|delivered-to|from|to|cc|date|subject|message-id"
            r"|reply-to|mime-version|content-type|x-[\w-]+|dkim-signature)"
            r":.*\n(?:[ \t].*\n)*+){3}"
        ),
    ),
    ("text/x-diff", r"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001\n"),  # a patch that git has made
    ("application/mbox", r"From \S+\s+\w{3} \w{3}\s+\d+ \d\d:\d\d"),
    ("message/news", r"(?:Path|Xref|Newsgroups|Article): "),
    ("text/x-lisp", r";;"),
)
"""Matched at the start of a text."""

_LINES: Final = (
    ("text/x-diff", r"^diff (?:--git |-\w+ )|^--- \S.*\n\+\+\+ \S.*\n@@ "),
    ("text/x-php", r"^<\?php"),
    ("text/x-c++", r"^(?:template\s*<.*>[ \t]*$|namespace\s+\w+\s*\{|using namespace \w+;)"),
    ("text/x-c++", r"^[ \t]*(?:public|private|protected):|^[ \t]*virtual\s.*[};][ \t]*$"),
    ("text/x-java", r"^(?:package \w+(?:\.\w+)+;|import (?:static )?[a-z]\w*(?:\.\w+)+(?:\.\*)?;)"),
    ("text/x-c", r"^#\s*(?:include\b|ifn?def\s+\w|define\s+\w|pragma\b)|^[ \t]*extern\s+[\"\w]"),
    ("text/x-c", r"^(?:typedef|struct|union)\s+\w|^static (?:int|const|void|char)\b"),
    ("text/x-script.python", r"^from[ \t]+[\w.]+[ \t]+import\b|^class \w+(?:\(.*\))?:[ \t]*$"),
    ("text/x-script.python", r"^[ \t]*def \w+\((?:[\w*,=: ]*)\)(?: ->.*)?:[ \t]*$"),
    ("application/javascript", r"^[ \t]*['\"]use strict['\"]|^(?:async )?function\s*\w+\s*\(.*\{"),
    ("application/javascript", r"^(?:const|let|var) [\w{}, ]+ = (?:require\(|function|\(|async)"),
    ("application/javascript", r"^export (?:default|const|function|class|\*)\b|^module\.exports\b"),
    (
        "text/x-makefile",
        r"^[\w.$(){}/% -]+:(?!=)[^=\n]*\n\t.*\$[(@<^]|^(?:CFLAGS|VPATH)[ \t]*[:+]?=",
    ),
    ("text/css", r"^(?:[.#@:*]?[\w-][\w .#,>:*()-]*)\{\s*[\w-]+\s*:[^;{}]+;"),
    ("text/x-m4", r"^dnl\b"),
    ("text/x-asm", r"^[ \t]*\.(?:globl|asciz|align|section|text)\b"),
)
"""Found at the start of a line."""

BEGINNINGS: Final = tuple((mime, re.compile(pattern.encode())) for mime, pattern in _BEGINNINGS)
LINES: Final = tuple((mime, re.compile(pattern.encode(), re.MULTILINE)) for mime, pattern in _LINES)
