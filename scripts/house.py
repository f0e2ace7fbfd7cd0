"""The figures of the house, and what the house tests guard: `python -m scripts.house [DEMO_PROJECT]`."""

from __future__ import annotations

import argparse
import ast
import io
import keyword
import re
import statistics
import subprocess
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {"dealml": ROOT / "src" / "dealml"} | {name: ROOT / name for name in ("features", "models", "pipelines")}
SHIPPED = ("features", "models", "pipelines")
"""Definitions that users get a copy of: they may import from `dealml` and `dealml.flows` alone."""
FACE = {"dealml", "dealml.flows"}
STOP_WORDS = frozenset(["found", "told", "said", "asked", "kept", "one", "place", "own", "beside", "meant", "held", "known"])
MAPPING_KEYS = {("src/dealml/importing/mapping/column.py", "known")}
"""Keys of the mapping format, which users write."""
STOP_PHRASES = re.compile(
    r"\b(whom|beside|so many|what became of|what came of|foretold|the like|who only asks)\b",
    re.IGNORECASE,
)
PRINTED_PAGES = {"cli.md"}
"""Pages of `docs/` that repeat help texts of the verbs word for word; what a verb prints is frozen."""


def sources() -> list[Path]:
    """Every code file of the packages."""
    return [path for folder in PACKAGES.values() for path in sorted(folder.rglob("*.py"))]


def name_of(path: Path) -> str:
    """A file by its path from the root."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def is_stop_word(name: str) -> bool:
    """Whether a whole identifier, without underscores at its ends, is a stop word."""
    return name.strip("_") in STOP_WORDS


def declared(path: Path) -> Iterator[tuple[str, str]]:
    """The name of the module, of its classes and functions and of their arguments, each with its kind."""
    yield "module", path.stem
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ClassDef):
            yield "class", node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield "function", node.name
            given = node.args
            yield from (("argument", each.arg) for each in (*given.posonlyargs, *given.args, *given.kwonlyargs))
            yield from (("argument", each.arg) for each in (given.vararg, given.kwarg) if each)


def attributes(path: Path) -> Iterator[tuple[str, str]]:
    """The public attributes of classes: declared fields, and what `self` gets."""
    for owner in [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)]:
        for node in ast.walk(owner):
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if isinstance(target, ast.Name) and node in owner.body and not target.id.startswith("_"):
                yield "attribute", target.id
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and not node.attr.startswith("_"):
                yield "attribute", node.attr


def stop_words_declared() -> list[str]:
    """Modules, classes, functions, arguments and public attributes whose whole name is a stop word."""
    return [
        f"{name_of(path)}: {kind} {name}"
        for path in sources()
        for kind, name in (*declared(path), *attributes(path))
        if is_stop_word(name) and (name_of(path), name) not in MAPPING_KEYS
    ]


def stop_words_by_token() -> tuple[Counter[str], int]:
    """How often each file uses a stop word as a whole identifier, and how many identifiers there are; keywords apart."""
    used: Counter[str] = Counter()
    total = 0
    for path in sources():
        for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                total += 1
                used[name_of(path)] += is_stop_word(token.string)
    return used, total


def classes_named_twice() -> dict[str, list[str]]:
    """Public class names that are defined in more than one module of `src/`."""
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(PACKAGES["dealml"].rglob("*.py")):
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name_of(path))
    return {name: paths for name, paths in sorted(homes.items()) if len(paths) > 1}


def has_code(path: Path) -> bool:
    """Whether a file holds more than a docstring."""
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in tree_of(path).body)


def folder_sizes() -> Counter[str]:
    """Code files in each folder; an `__init__.py` without code does not count."""
    return Counter(name_of(path.parent) for path in sources() if path.name != "__init__.py" or has_code(path))


def functions() -> list[tuple[int, str]]:
    """Each function's length in lines, with where it stands."""
    return [
        (int(node.end_lineno or 0) - node.lineno + 1, f"{name_of(path)}:{node.lineno} {node.name}")
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def imports_at_run_time(path: Path) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements of a file but those for a type checker."""
    tree = tree_of(path)
    guarded = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and node not in guarded)


def internal_imports() -> list[str]:
    """Imports of a shipped definition that reach behind the public face."""
    inside: list[str] = []
    for path in [path for path in sources() if name_of(path).split("/")[0] in SHIPPED]:
        for node in [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Import | ast.ImportFrom)]:
            modules = [str(node.module)] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            inside += [f"{name_of(path)}: {module}" for module in modules if module.split(".")[0] == "dealml" and module not in FACE]
    return inside


def circle_of_imports() -> list[str]:
    """The modules of one circle of imports, or nothing; lazy imports count, those for a type checker do not."""
    modules = {_module_of(path): path for path in sources()}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        graph[module] = {name for node in imports_at_run_time(path) for name in _imported(node, modules) if name != module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _module_of(path: Path) -> str:
    return name_of(path).removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imported(node: ast.Import | ast.ImportFrom, modules: Collection[str]) -> set[str]:
    """The modules of ours that a statement names: a package itself only for what is no module in it."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names if alias.name in modules}
    submodules = {f"{node.module}.{alias.name}" for alias in node.names} & set(modules)
    return submodules | ({str(node.module)} & set(modules) if len(submodules) < len(node.names) else set())


def phrases() -> list[str]:
    """Docstrings and comments of the code, and lines of the handwritten `docs/`, that use a phrase which plain English does without."""
    texts = [(path, line, text) for path in sources() for line, text in _prose(path)]
    texts += [
        (path, number, line)
        for path in sorted((ROOT / "docs").glob("*.md"))
        if path.name not in PRINTED_PAGES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]
    return [f"{name_of(path)}:{line}: {match.group()}" for path, line, text in texts for match in STOP_PHRASES.finditer(text)]


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Comments, and strings that stand as a statement, with their lines."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def report() -> Iterator[str]:
    """The figures, a line each."""
    used, total = stop_words_by_token()
    lengths = sorted(functions())
    files = sorted((len(path.read_text(encoding="utf-8").splitlines()), name_of(path)) for path in sources())
    folders = [(folder, size) for folder, size in folder_sizes().most_common() if not folder.endswith(("features", "simulate"))]
    circle = " -> ".join(circle_of_imports())
    yield f"stop words declared            {len(stop_words_declared())}"
    yield f"stop words among all names     {used.total()} of {total:,} ({used.total() / total:.2%})"
    yield f"class names twice              {len(classes_named_twice())} {' '.join(classes_named_twice())}".rstrip()
    yield f"longest folder                 {folders[0][1]} files, {folders[0][0]}"
    yield f"longest file                   {files[-1][0]} lines, {files[-1][1]}"
    yield f"longest function               {lengths[-1][0]} lines, {lengths[-1][1]}"
    yield f"median function                {statistics.median(length for length, _ in lengths):g} lines of {len(lengths):,}"
    yield f"internals imported by shipped  {len(internal_imports())}"
    yield f"circle of imports              {circle or 'none'}"
    yield f"phrases to rewrite             {len(phrases())}"


def main() -> int:
    """Print the figures; with a demo project, also those of a review's journey."""
    parser = argparse.ArgumentParser(prog="python -m scripts.house", description=__doc__)
    parser.add_argument("project", nargs="?", type=Path, help="a finished demo project, to follow a review's request through the code")
    parser.add_argument("--list", action="store_true", help="name each stop word, phrase and import of internals")
    given = parser.parse_args()
    print("\n".join(report()))
    if given.list:
        used, _ = stop_words_by_token()
        print("\n".join([*stop_words_declared(), *(f"{path}: {count}" for path, count in used.most_common() if count)]))
        print("\n".join([*internal_imports(), *phrases()]))
    if given.project:
        return subprocess.run([sys.executable, "-m", "scripts.journey", given.project], cwd=ROOT, check=False).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
