"""What the man page says beside the commands' own help: exit codes, variables, files (data)."""

from typing import Final

ABOUT: Final = """
fileorg sorts the files of a folder into folders by category, date, extension, size or a template of
your own. It overwrites and deletes nothing, writes down what it does, and takes any run back. A dry
run shows beforehand what would happen.

RUN is the id of a run, a beginning that only one run has, or last. SOURCE may be a symbolic link;
nothing below it is followed.

Each command has --help. stdout carries the result, stderr all that is said about it.
"""

EXIT_STATUS: Final = {
    "0": "Done, also when there was nothing to do.",
    "1": "A bug: please report the traceback.",
    "2": "Wrong usage or configuration, unknown run, missing SOURCE.",
    "3": "Finished, but some files failed, changed meanwhile, or could not be put back; each is "
    "named. Of doctor: a run was interrupted, or files are not where a run put them.",
    "4": "Refused: a conflict under fail, a dangerous SOURCE, a journal that is not as it was "
    "written.",
    "10": "Another run is at work in the same folder, around it or inside it.",
    "11": "An interrupted run that the disk cannot decide.",
    "12": "Unreadable SOURCE, read-only or full disk, state folder not writable.",
    "130, 143": "Ended by Ctrl-C or SIGTERM; the state is safe and can be undone.",
}

ENVIRONMENT: Final = {
    "FILEORG_CONFIG": "The configuration file, unless --config names one.",
    "FILEORG_STATE_DIR": "Where journals are kept, unless --state-dir says so.",
    "FILEORG_KEY": "The value of a key of the configuration, over that of the file and below that "
    "of an option; the keys are those that 'fileorg config show' prints, in capitals: "
    "FILEORG_ON_CONFLICT=skip.",
    "NO_COLOR": "If it is set, nothing is printed in colour.",
    "FORCE_COLOR": "If it is set, output into a pipe looks as on a terminal.",
    "LC_ALL, LANG": "With C or POSIX, everything is printed in ASCII.",
    "PYTHONUTF8, PYTHONIOENCODING": "Say otherwise, as in any program in Python.",
    "TERM": "With dumb, plain lines and no bar.",
    "TZ": "The time zone that decides a file's day, month and year, unless the key timezone does.",
    "XDG_CONFIG_HOME, XDG_STATE_HOME": "Where configuration and state are by default.",
    "TMPDIR": "Where the single executable unpacks itself and a dry run keeps its plan. Where "
    "programs may not run there, /tmp, /var/tmp and /dev/shm are tried.",
}

FILES: Final = {
    "~/.config/fileorg/config.yaml": "The configuration; 'fileorg config init' writes one with "
    "every key.",
    "~/.local/state/fileorg/runs/": "The journals, a file for each run.",
    "~/.local/state/fileorg/digests.db": "What earlier runs have found out about files; "
    "'fileorg cache clear' removes it.",
    ".fileorgignore": "In a folder that is organized: what to leave alone, in gitignore syntax.",
    ".fileorg/quarantine/": "In a folder that is organized: what was set aside, for each run.",
    ".fileorg-*": "Files and folders of a moment.",
}
