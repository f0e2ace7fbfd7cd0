"""The public API: what `dealml.open` returns. Users import these names from `dealml`."""
