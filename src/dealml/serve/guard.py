"""Who may speak to the served page: a browser on this machine that was given its address, and nobody else.

Other sites can make a browser send requests to a loopback address, and can let their own name point to it
(DNS rebinding). So the name that was asked for must be that of this machine, a form must come from this very
page, and the address holds a secret that only the command printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import compare_digest, token_urlsafe

HOST = "127.0.0.1"


def new_token() -> str:
    """A secret that nobody guesses."""
    return token_urlsafe(24)


def refusal(headers: Mapping[str, str], port: int, given: str, token: str, *, sent: bool) -> str | None:
    """Why a request is refused, in one line; None if it may pass.

    Parameters
    ----------
    headers
        By their names in small letters.
    given
        The secret in the address that was asked for.
    sent
        Whether it changes anything: then it must come from this page.
    """
    hosts = {f"{HOST}:{port}", f"localhost:{port}"}
    if headers.get("host", "") not in hosts:
        return "this page is served to this machine under its own name alone"
    if not compare_digest(given.encode(), token.encode()):
        return "open the address that the command printed"
    if sent and headers.get("origin", "") not in {f"http://{host}" for host in hosts}:
        return "judgements are taken from the page itself alone"
    return None
