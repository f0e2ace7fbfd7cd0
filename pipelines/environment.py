"""Prefect's settings where nobody chose others; set before any flow's file imports Prefect."""

import os

DEFAULTS = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",  # on a busy machine the default 20 s is too short
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",  # nothing is pickled
    "DO_NOT_TRACK": "true",
}

for _name, _value in DEFAULTS.items():
    os.environ.setdefault(_name, _value)
