"""`keepclear version`: which keepclear this is, and on what it runs."""

from __future__ import annotations

import platform
from importlib import metadata

import click

from keepclear import __version__
from keepclear.cli.exit_codes import DONE

LIBRARIES = ("numpy", "numba", "shapely", "pyproj", "click", "rich", "msgspec", "starlette")


@click.command("version")
def command() -> int:
    """Print the versions of keepclear, Python and the libraries that decide answers."""
    click.echo(f"keepclear {__version__}")
    click.echo(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    for name in LIBRARIES:
        click.echo(f"{name} {metadata.version(name)}")
    return DONE
