"""A real PostgreSQL cluster of the tests' own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scoring.score_fixtures import run

PROGRAMS = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of an empty database, as a user writes it in dealml.toml."""
    if not (PROGRAMS / "initdb").exists():
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL 15 is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL 15 is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="dealml-postgres-"))  # not below pytest's folder, which only its owner may enter
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        _run(folder, "initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "dealml", "-N", "--no-locale", "-E", "UTF8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        _run(folder, "pg_ctl", "-D", str(folder / "data"), "-w", "-t", "120", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://dealml@127.0.0.1:{port}/postgres"
        finally:
            _run(folder, "pg_ctl", "-D", str(folder / "data"), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL, which refuses to be run by root."""
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        postgres_user = pwd.getpwnam("postgres")
        os.chown(folder, postgres_user.pw_uid, postgres_user.pw_gid)
        user = {"user": postgres_user.pw_uid, "group": postgres_user.pw_gid, "extra_groups": []}
    with (folder.parent / f"{folder.name}.{program}.log").open("w+") as log:
        Path(log.name).unlink()
        done = subprocess.run([PROGRAMS / program, *arguments], stdout=log, stderr=subprocess.STDOUT, cwd=folder, check=False, **user)  # type: ignore[call-overload]
        log.seek(0)
        assert done.returncode == 0, log.read()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scores.db'}"
    postgres_url: str = request.getfixturevalue("postgres")
    run(postgres_url, "DROP TABLE IF EXISTS scores, snapshots, wordings, ledgers, overrides, store_version")
    return postgres_url
