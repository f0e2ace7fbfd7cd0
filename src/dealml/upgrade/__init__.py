"""Projects of an older `dealml init`: say what is outdated in them, and rewrite it."""
