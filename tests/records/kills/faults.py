"""What befalls a writer of a file: a kill at a named point, an error of the disk, a disk that is full."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

PassBy = Callable[[str, bool], None]
"""Told of every statement twice, before it and, with True, after it."""


LATE_S = 0.005
"""Between a point and the kill: what another thread acknowledges too early has the time to be heard."""


@dataclass(frozen=True, slots=True)
class Point:
    """The ``nth`` statement that begins like this, from 1; ``after``: once it has been done."""

    statement: str
    after: bool = False
    nth: int = 1

    @property
    def name(self) -> str:
        """As a figure names it."""
        return f"{'after' if self.after else 'before'} {self.statement} {self.nth}"

    def arm(self) -> None:
        """From now on this process is killed there, by its own hand, as ``kill -9`` would."""
        seen = count(1)

        def pass_by(sql: str, after: bool) -> None:
            here = after is self.after and sql.lstrip().upper().startswith(self.statement)
            if here and next(seen) == self.nth:
                time.sleep(LATE_S)
                os.kill(os.getpid(), signal.SIGKILL)

        watched(pass_by)


@dataclass(frozen=True, slots=True)
class Error:
    """The disk fails at the ``nth`` statement, from 1, and works again after it."""

    nth: int

    @property
    def name(self) -> str:
        """As a finding names it."""
        return f"an error of the disk at statement {self.nth}"

    def arm(self) -> None:
        """From now on."""
        seen = count(1)

        def pass_by(_sql: str, after: bool) -> None:
            if not after and next(seen) == self.nth:
                raise sqlite3.OperationalError("disk I/O error")

        watched(pass_by)


@dataclass(frozen=True, slots=True)
class Full:
    """No file grows above so many bytes, as on a disk that is full."""

    size_bytes: int

    @property
    def name(self) -> str:
        """As a finding names it."""
        return f"a disk that is full at {self.size_bytes} bytes"

    def arm(self) -> None:
        """From now on, for this process."""
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size_bytes, resource.RLIM_INFINITY))


Fault = Point | Error | Full


def watched(pass_by: PassBy) -> Callable[[], None]:
    """Every connection that is opened from now on tells its statements; what ends that again."""
    plain, factory = sqlite3.connect, _connection(_cursor(pass_by), pass_by)

    def connect(*args: Any, **named: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = plain(*args, **{**named, "factory": factory})
        return opened

    def end() -> None:
        sqlite3.connect = plain

    sqlite3.connect = connect  # type: ignore[assignment]
    return end


def _around(pass_by: PassBy, sql: str, does: Callable[[], Any]) -> Any:
    pass_by(sql, False)
    done = does()
    pass_by(sql, True)
    return done


def _cursor(pass_by: PassBy) -> type[sqlite3.Cursor]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, *rest: Any) -> Any:
            return _around(pass_by, sql, lambda: super(Cursor, self).execute(sql, *rest))

        def executemany(self, sql: str, *rest: Any) -> Any:
            return _around(pass_by, sql, lambda: super(Cursor, self).executemany(sql, *rest))

    return Cursor


def _connection(cursor: type[sqlite3.Cursor], pass_by: PassBy) -> type[sqlite3.Connection]:
    class Connection(sqlite3.Connection):
        def cursor(self, *_: Any) -> Any:
            return super().cursor(cursor)

        def execute(self, sql: str, *rest: Any) -> Any:
            return self.cursor().execute(sql, *rest)

        def executemany(self, sql: str, *rest: Any) -> Any:
            return self.cursor().executemany(sql, *rest)

        def executescript(self, sql: str) -> Any:
            return _around(pass_by, sql, lambda: super(Connection, self).executescript(sql))

        def commit(self) -> None:
            _around(pass_by, "COMMIT", super().commit)

    return Connection
