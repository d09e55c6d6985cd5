"""The right to write to a folder: one process at a time, and it ends with the process.

The folder itself is locked (`flock` of its descriptor), so that no file is left that a reader, a
seal or a resumption would find. The descriptor is not handed to other programs: workers, which are
spawned, do not hold a claim that outlives its head.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from allegiance.cases.errors import CaseError


class Claim:
    """An exclusive claim on a folder that exists, from now until `release`, or the process's end.

    `held` tells whether it is: on a file system without such locks (some network disks) nobody can
    be kept away, and a run goes on without.

    Raises:
        CaseError: another run has it.
        OSError: the folder cannot be opened.
    """

    def __init__(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        # Whatever becomes of this object, its descriptor is closed, and the lock goes with it.
        self._close = weakref.finalize(self, os.close, handle)
        self.held = False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.held = True
        except BlockingIOError:
            self.release()
            allowed = "another folder; or --resume once that run has ended"
            raise CaseError(
                "another run is writing to this folder", file=folder, allowed=allowed
            ) from None
        except OSError:
            self.release()

    def release(self) -> None:
        """Give the folder back; more than once does no harm."""
        self.held = False
        self._close()
