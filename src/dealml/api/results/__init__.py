"""What the methods of a project return: frozen dataclasses and frames."""
