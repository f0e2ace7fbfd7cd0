"""A real Prefect server in processes of its own, and an end to them that leaves none behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from prefect.client.orchestration import SyncPrefectClient

PATIENCE = 240.0


class Prefect:
    """Prefect with a home of its own: a server, and commands and workers that speak to it.

    Every process of it, and each that those start, carries the home in its environment: a flow run
    has a session of its own, which ending the worker's process group does not reach.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        home.mkdir()
        self.home, self.folder, self.port = home, folder, _free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        # Six processes import the same packages: compile them once
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PYTHONDONTWRITE"))}
        self.environment = inherited | {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "true",
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PREFECT_SERVER_UI_ENABLED": "false",
            "PREFECT_CLI_PROMPT": "false",
            "PWD": str(folder),
        }
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self.start("server", "start", "--host", "127.0.0.1", "--port", str(self.port))
        wait_for(self._answers, "the server to answer", self.log)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def start(self, *command: str) -> None:
        """Start a command that goes on."""
        with (self.home / f"{command[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "prefect", *command],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)

    def run(self, *command: str) -> str:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *command],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def client(self) -> SyncPrefectClient:
        """A client of the server."""
        return SyncPrefectClient(self.api)

    def log(self) -> str:
        """What server and worker have said."""
        return "\n".join(f"{path.name}:\n{path.read_text(errors='replace')[-4000:]}" for path in sorted(self.home.glob("*.log")))

    def stop(self) -> None:
        """End every process, first politely."""
        for number, wait in ((signal.SIGTERM, 15.0), (signal.SIGKILL, 15.0)):
            for pid in self.alive():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            until = time.monotonic() + wait
            while self.alive() and time.monotonic() < until:
                time.sleep(0.2)
        for process in self._started:
            process.wait(15)

    def alive(self) -> list[int]:
        """The processes that have this home in their environment."""
        return list(_processes_with(f"PREFECT_HOME={self.home}".encode()))

    def _answers(self) -> bool:
        with contextlib.suppress(Exception), self.client() as client:
            return client.api_healthcheck() is None
        return False


def wait_for(what: Callable[[], bool], named: str, log: Callable[[], str]) -> None:
    """Ask until the answer is true."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if what():
            return
        time.sleep(0.5)
    raise AssertionError(f"waited {PATIENCE:.0f} s for {named}\n{log()}")


def _processes_with(setting: bytes) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if setting in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
