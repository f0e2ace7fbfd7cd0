"""Loading a mapping file: what is wrong in it is reported with its line and key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import normalize

import yaml
from pydantic import ValidationError

from dealml.errors import InputError
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.mapping.strict import MappingError


class _Loader(yaml.SafeLoader):
    """Reads `No`, `Yes`, `On` and `Off` as texts, as YAML 1.2 does: columns and cells are called so."""

    yaml_implicit_resolvers = {  # noqa: RUF012  (as the base class declares it)
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file.

    Raises
    ------
    InputError
        With the file, the line and the key of the first mistake.
    """
    try:
        # Cells and names of columns are compared in the composed form of Unicode.
        text = normalize("NFC", path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot read the mapping ({error})") from error
    try:
        tree = yaml.compose(text, Loader=_Loader)
        content = yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader)
    except ValueError as error:  # a date such as 2026-02-29
        raise InputError(f"{path}:{_line_of_no_date(tree)}: no such date ({error})") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML ({getattr(error, 'problem', error)})") from error
    try:
        return Mapping.model_validate(content)
    except MappingError as mistake:
        line, key = _locate(tree, mistake.path, missing=False)
        raise InputError(f"{path}:{line}: {key}: {mistake.message}") from mistake
    except ValidationError as error:
        first = error.errors()[0]
        line, key = _locate(tree, [str(part) for part in first["loc"]], missing=first["type"] == "missing")
        said = "no such key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise InputError(f"{path}:{line}: {key or 'mapping'}: {said}") from error


def place_of(path: Path, key: Sequence[str]) -> str:
    """Where a mapping file that was read has a key: the file, the line and the dotted key."""
    line, dotted = _locate(yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader), list(key), missing=False)
    return f"{path}:{line}: {dotted}"


def _line_of_no_date(tree: yaml.Node | None) -> int:
    """The line of the first date that does not exist."""
    for node in _scalars(tree):
        try:
            yaml.safe_load(node.value if node.tag.endswith(":timestamp") else "")
        except ValueError:
            return int(node.start_mark.line) + 1
    return 1


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """The single values in a part of a file, in their order."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.CollectionNode):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield from _scalars(part)


def _locate(node: yaml.Node | None, parts: list[str], missing: bool) -> tuple[int, str]:
    """The line and dotted key that are nearest to an error's place.

    pydantic puts the names of a choice's branches there too; of what the file does not hold, only a
    missing key is named.
    """
    line, key = (node.start_mark.line + 1 if node else 1), []
    for part in parts:
        step = _step(node, part)
        if step is not None:
            line, node = step
            key.append(part)
        elif missing and part == parts[-1]:
            key.append(part)
    return line, ".".join(key)


def _step(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((k.start_mark.line + 1, v) for k, v in node.value if k.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)].start_mark.line + 1, node.value[int(part)]
    return None
