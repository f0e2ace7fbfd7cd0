"""The review page on this machine alone, with judgements entered in it."""

from dealml.serve.server import ReviewServer, serve_review

__all__ = ["ReviewServer", "serve_review"]
