"""Tells wheel and sdist their commit: `fileorg/_built.py`, which no checkout has."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "fileorg/_built.py"


class BuiltHook(BuildHookInterface):
    """Adds the module to what is built; an editable install stays the checkout that it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module to a file of its own, so that the checkout is left as it is."""
        if version == "editable":
            return
        commit, date = self._commit()
        handle, self._file = tempfile.mkstemp()
        with os.fdopen(handle, "w") as file:
            file.write('"""Written when this was built."""\n\n')
            file.write(f'FORM = "{self.target_name}"\nCOMMIT = "{commit}"\nDATE = "{date}"\n')
        build_data["force_include"][self._file] = MODULE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the file."""
        if version != "editable":
            os.unlink(self._file)

    def _commit(self) -> tuple[str, str]:
        """Return commit and its date: of the checkout, else of the sdist that this is."""
        if Path(self.root, ".git").exists():
            commit = self._git("rev-parse", "--short=12", "HEAD")
            changed = self._git("status", "--porcelain")
            return commit + ("+changes" if changed else ""), self._git("log", "-1", "--format=%cs")
        built: dict[str, str] = {}
        if Path(self.root, MODULE).exists():
            exec(Path(self.root, MODULE).read_text(), built)
        return built.get("COMMIT", ""), built.get("DATE", "")

    def _git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.root, capture_output=True, check=True)
        return done.stdout.decode().strip()
