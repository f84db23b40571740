"""Record types are learnt before threads share them; unlearnt ones can end the process."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from keepclear.formats.documents.operation_record import OperationDocument
from keepclear.formats.struct_types import learn_struct_types

RACE = textwrap.dedent(
    """
    import threading
    from keepclear.api import application
    from keepclear.formats.documents.operation import operation_from, Given
    from keepclear.formats.struct_types import learn_struct_types
    from keepclear.errors import KeepclearError

    assert learn_struct_types() > 50
    gate = threading.Barrier(8)

    def read():
        gate.wait()
        try:
            operation_from(b'{"volumes": [], "designator": "B-1"}', given=Given())
        except KeepclearError:
            pass

    threads = [threading.Thread(target=read) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    """
)


def test_every_document_is_learnt() -> None:
    assert OperationDocument.__module__.startswith("keepclear.")
    assert learn_struct_types() >= 10


def test_threads_may_then_read_together_from_the_first_moment() -> None:
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", RACE], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
