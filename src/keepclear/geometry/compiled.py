"""How geometry kernels are compiled, and where their machine code is kept.

Numba's own cache notices a change in a function's file, but not in a function it calls
from another file. So the folder is named after a hash of every kernel source and of the
compiler: a changed kernel finds an empty folder instead of stale code.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])

_PACKAGE = Path(__file__).resolve().parent.parent
_KERNEL_FOLDERS = ("geometry", "rules", "deconflict")
"""Where kernels are, and the constants that are compiled into them."""
_COMPLETE = "complete"


@cache
def kernel_cache_folder() -> Path:
    """Where the compiled kernels of exactly these sources are kept.

    Where that folder cannot be made, a temporary one serves this process alone.
    """
    digest = hashlib.sha256(sys.version.encode())
    for package in ("numba", "llvmlite", "numpy"):
        digest.update(version(package).encode())
    for part in _KERNEL_FOLDERS:
        for source in sorted((_PACKAGE / part).glob("*.py")):
            digest.update(source.read_bytes())
    name = f"kernels-{digest.hexdigest()[:16]}"
    root = os.environ.get("KEEPCLEAR_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    folder = (Path(root) if root else Path.home() / ".cache") / "keepclear" / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        # Left to itself, numba would fall back to a folder that does not know our hash.
        folder = Path(tempfile.mkdtemp(prefix="keepclear-")) / name
        folder.mkdir()
    return folder


def kernels_are_cached() -> bool:
    """Tell whether every kernel was compiled before; if not, the first use takes a while."""
    return (kernel_cache_folder() / _COMPLETE).exists()


def mark_kernels_cached() -> None:
    """Note that every kernel has been compiled."""
    (kernel_cache_folder() / _COMPLETE).touch()


def kernel(function: F) -> F:
    """Compile a function to machine code that runs without the interpreter's lock.

    Never `fastmath`: answers about separation do not depend on a compiler's mood.
    """
    setattr(numba.config, "CACHE_DIR", str(kernel_cache_folder()))  # noqa: B010 - made at run time
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast("F", compiled)
