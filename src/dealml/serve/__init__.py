"""The review page on this machine alone, with judgements entered in it."""

from dealml.serve.server import Desktop, serve_review

__all__ = ["Desktop", "serve_review"]
