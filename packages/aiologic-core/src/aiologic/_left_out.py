# SPDX-License-Identifier: ISC
"""What ``aiologic.meta`` of 0.17.1 had and ours does not: what to write instead, and who still asks for it."""

# No known dependent imports any of these names, and each can be replaced by a line of the standard library, or belongs
# to another library. An `AttributeError` of `aiologic.meta` shows that line. But `from aiologic.meta import name` hides
# the text, because the statement raises an `ImportError` of its own instead. So `python -m aiologic` searches what is
# installed, and reports each of these names that a dependent asks for, before the program fails.

from __future__ import annotations

import ast
import re
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution

#: What to write instead of each name.
INSTEAD = {
    "GeneratorCoroutineWrapper": "`types.coroutine(f)` of a generator function",
    "SingletonEnum": "an `enum.Enum` with one member, and its name where it was called",
    "coroutine": "`async def g(*args, **kwargs): return await f(*args, **kwargs)`",
    "export_deprecated": "`warnings.warn(text, DeprecationWarning, stacklevel=2)` in a `__getattr__()` of the module",
    "generator": "`def g(*args, **kwargs): return (yield from f(*args, **kwargs))`",
    "getsro": "`inspect.signature(f)`, `inspect.unwrap(f)`",
    "import_original": "what the patching library has for it: `get_original()`, `original()`",
    "isasyncgenfactory": "`inspect.isasyncgenfunction(f)`",
    "isasyncgenlike": "`isinstance(x, collections.abc.AsyncGenerator)`",
    "isclass_static": "`type in type(x).__mro__`",
    "iscoroutinefactory": "`inspect.iscoroutinefunction(f)`",
    "isdatadescriptor_static": "`inspect.isdatadescriptor(x)`",
    "isgeneratorfactory": "`inspect.isgeneratorfunction(f)`",
    "isgeneratorlike": "`isinstance(x, collections.abc.Generator)`",
    "isgreenpatched": "what the patching library has for it: `is_module_patched()`, `is_monkey_patched()`",
    "isinstance_static": "`C in type(x).__mro__`",
    "ismetaclass_static": "`type in type(x).__mro__ and type in x.__mro__`",
    "ismethoddescriptor_static": "`inspect.ismethoddescriptor(x)`",
    "issubclass_static": "`C in D.__mro__`",
    "lookup_static": "`inspect.getattr_static(C, name)`",
    "markasyncgenfactory": "`async def g(*args, **kwargs): yield`",
    "markcoroutinefactory": "`inspect.markcoroutinefunction(f)`, since Python 3.12",
    "markgeneratorfactory": "`def g(*args, **kwargs): return (yield from f(*args, **kwargs))`",
    "replaces": "`namespace[name] = functools.wraps(namespace[name])(f)`",
    "replaces_when_imported": "the same, under `wrapt.when_imported(module)`",
    "resolve_name": "`importlib.util.resolve_name(name, package)`",
    "resolve_special": "`inspect.getattr_static(type(x), name)`",
}

NEEDS_AIOLOGIC = re.compile(r"aiologic(-core)?\s*($|[^\w.-])", re.IGNORECASE)


def asked_for(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Which of these names an installed distribution asks for.

    Yields:
        A place, as ``file:line``, and the name.
    """
    if not any(map(NEEDS_AIOLOGIC.match, distribution.requires or ())):
        return
    for file in distribution.files or ():
        if file.suffix == ".py":
            path = Path(str(distribution.locate_file(file)))
            try:
                source = path.read_bytes()
                tree = ast.parse(source if b"aiologic" in source else b"")
            except (OSError, SyntaxError, ValueError):
                continue  # it is missing, or is not Python: a template, for example
            for line, name in _names(tree):
                if name in INSTEAD:
                    yield f"{file}:{line}", name


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The names that a file imports from ``aiologic.meta``, or looks up in it."""
    nodes = list(ast.walk(tree))
    called = {"meta"}
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            of = getattr(node, "module", None)
            for alias in node.names:
                if of == "aiologic.meta":
                    yield node.lineno, alias.name
                elif (of, alias.name) in {
                    ("aiologic", "meta"),
                    (None, "aiologic.meta"),
                }:
                    called.add(alias.asname or "meta")
    for node in nodes:
        if isinstance(node, ast.Attribute):
            value = node.value
            if getattr(value, "attr", getattr(value, "id", None)) in called:
                yield node.lineno, node.attr
