"""Serve the review page on the loopback interface until it is interrupted."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dealml.errors import SetupError
from dealml.serve.guard import HOST, new_token

if TYPE_CHECKING:
    from uvicorn import Server

    from dealml.serve.app import Record, Show


@dataclass(frozen=True)
class ReviewServer:
    """A server that is ready to run."""

    address: str
    """What to open in a browser; it holds a secret."""
    server: Server
    listening: socket.socket

    def run(self) -> None:
        """Serve until interrupted, and end quietly."""
        try:
            self.server.run([self.listening])
        except KeyboardInterrupt:
            pass
        finally:
            self.listening.close()


def serve_review(show: Show, record: Record, port: int = 0) -> ReviewServer:
    """Prepare to serve a review on this machine alone.

    Parameters
    ----------
    port
        0 takes a free one.

    Raises
    ------
    SetupError
        When the port is taken.
    """
    # Heavy for a command line that mostly serves nothing, so only here.
    from uvicorn import Config, Server

    from dealml.serve.app import app_of

    listening = _bound(port)
    number, token = listening.getsockname()[1], new_token()
    # Quiet: addresses hold the secret and forms hold what people think, so nothing is logged.
    settings = Config(
        app_of(show, record, number, token),
        log_level="critical",
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return ReviewServer(f"http://{HOST}:{number}/{token}/", Server(settings), listening)


def _bound(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # So that it can be started again right after it ended.
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        # From now on the address works: whoever is quick waits for the server to start.
        made.listen()
    except (OSError, OverflowError) as error:
        made.close()
        raise SetupError(f"--port: {port} cannot be listened on ({error}); leave it out to take a free one") from error
    return made
