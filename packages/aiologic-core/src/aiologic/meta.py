# SPDX-License-Identifier: ISC
"""What packages that are built on aiologic import to describe themselves."""

# aiologic 0.17.1 had 38 names here, most of them for its own use, of which we need none. This file has those that its
# dependents import, and does what they rely on. A program without such a dependent never loads it. What was left out,
# and how the standard library does it, is in `_left_out.py` (docs/decisions/0039).

from __future__ import annotations

import sys
from enum import Enum, EnumMeta
from functools import partial, update_wrapper
from types import FunctionType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
    from typing import Any, Literal, TypeVar, Union, overload

    from typing_extensions import TypeIs

    T = TypeVar("T")
    F = TypeVar("F", bound=Callable[..., Any])
    Namespace = Union[ModuleType, MutableMapping[str, object]]

__all__ = (
    "DEFAULT",
    "MISSING",
    "DefaultType",
    "MissingType",
    "await_for",
    "copies",
    "export",
    "export_dynamic",
    "import_from",
    "import_module",
    "iscoroutinelike",
)

if sys.version_info >= (3, 9):
    from importlib import import_module as import_module
else:
    import importlib.util

    def import_module(name: str, package: str | None = None) -> ModuleType:
        """``importlib.import_module``, with the errors of newer Pythons."""
        if name.startswith(".") and package:
            try:
                name = importlib.util.resolve_name(name, package)
            except ValueError as error:
                raise ImportError(*error.args) from None
        return importlib.import_module(name, package)


class _Only(EnumMeta):
    """For enumerations with one member: called without arguments, they return it."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        call: Any = super().__call__ if args or kwargs else iter(cls).__next__
        return call(*args, **kwargs)


# The attributes that `enum` sets while it creates a member, once each.
_OF_MEMBERS = frozenset({"_value_", "_name_", "__objclass__", "_sort_order_"})


# Enumerations, because type checkers know their members: `if x is DEFAULT` narrows the type of x.
class _Constant(Enum, metaclass=_Only):
    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"{__name__}.{self.name}"

    __str__ = __repr__

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _OF_MEMBERS or name in vars(self):
            text = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(text)
        super().__setattr__(name, value)


class DefaultType(_Constant):
    """The type of :data:`DEFAULT`."""

    DEFAULT = "DEFAULT"


class MissingType(_Constant):
    """The type of :data:`MISSING`."""

    MISSING = "MISSING"


#: Stands for an argument that was not given, if there is a default value.
DEFAULT: Literal[DefaultType.DEFAULT] = DefaultType.DEFAULT

#: Stands for an argument that was not given, if there is no default value.
MISSING: Literal[MissingType.MISSING] = MissingType.MISSING


async def await_for(awaitable: Awaitable[T], /) -> T:
    """Await an awaitable. Turns it into a coroutine, for functions that accept only coroutines."""
    return await awaitable


def iscoroutinelike(obj: object, /) -> TypeIs[Coroutine[Any, Any, Any]]:
    """Whether an object is a coroutine, or behaves like one."""
    from collections.abc import Coroutine
    from inspect import CO_ITERABLE_COROUTINE
    from types import GeneratorType

    if isinstance(obj, GeneratorType):  # made by `types.coroutine`?
        return bool(obj.gi_code.co_flags & CO_ITERABLE_COROUTINE)
    return isinstance(obj, Coroutine)


if TYPE_CHECKING:

    @overload
    def copies(original: F, /) -> Callable[[Callable[..., Any]], F]: ...
    @overload
    def copies(original: F, replaced: Callable[..., Any], /) -> F: ...


def copies(original: Callable[..., Any], replaced: Any = MISSING, /) -> Any:
    """Copy a function, with the name and documentation of another one.

    Args:
        original: The function to copy. If it is not written in Python, it can't be
            copied, and ``replaced`` is left as it is.
        replaced: The function that provides the copy's name, documentation,
            annotations and attributes. Without it, the result is a decorator for
            that function.

    Raises:
        TypeError: The copy would be a second name of a function that can't be
            copied.
    """
    if replaced is MISSING:
        return partial(copies, original)
    if not isinstance(original, FunctionType):
        if original is replaced:
            raise TypeError(f"can't copy what is not written in Python: {original!r}")
        return replaced
    copy = FunctionType(
        original.__code__,
        original.__globals__,
        original.__name__,
        original.__defaults__,
        original.__closure__,
    )
    copy.__kwdefaults__ = original.__kwdefaults__ and dict(original.__kwdefaults__)
    update_wrapper(copy, replaced)
    # It wraps nothing: a search for its signature must find the copy's own.
    del copy.__wrapped__  # type: ignore[attr-defined]
    return copy


def import_from(
    module: ModuleType | str, name0: str, /, *names: str, package: str | None = None
) -> Any:
    """Do what ``from module import name0, ...`` does.

    Returns:
        What that would bind, one object or a tuple of several.

    Raises:
        ImportError: There is no such module, or it has no such name.
    """
    if isinstance(module, str):
        module = import_module(module, package)
    wanted = (name0, *names)
    if module.__name__ in sys.modules:
        # The statement calls this function, too; it imports those names that are submodules.
        __import__(module.__name__, None, None, wanted)
    found = tuple(_attribute(module, name) for name in wanted)
    return found if names else found[0]


def _attribute(module: ModuleType, name: str) -> Any:
    try:
        return getattr(module, name)
    except AttributeError:
        # In an import cycle, a submodule may not be an attribute yet; the statement looks here, too.
        try:
            return sys.modules[f"{module.__name__}.{name}"]
        except KeyError:
            pass
    path = getattr(module, "__file__", None)
    text = f"cannot import name {name!r} from {module.__name__!r} ({path or 'unknown location'})"
    raise ImportError(text, name=module.__name__, path=path) from None


def _mapping(namespace: Namespace) -> MutableMapping[str, Any]:
    return vars(namespace) if isinstance(namespace, ModuleType) else namespace


def export(package_namespace: Namespace, /) -> None:
    """Make the public names of a package look as if they were defined in it.

    Functions and classes of its modules, and the public members of the classes,
    get the package as their module, and the name that they have there. Public
    modules among the names are treated in the same way. A module without
    ``__all__`` gets one: constants first, then the others, each sorted by name.
    """
    namespace = _mapping(package_namespace)
    package = namespace["__name__"]
    names: list[str] = []
    for name, value in list(namespace.items()):
        if name.startswith("_") or name in {"annotations", "TYPE_CHECKING"}:
            continue
        if not isinstance(value, ModuleType):
            names.append(name)
            _rename(value, package, name)
        elif value.__name__ == f"{package}.{name}":
            export(value)
    names.sort(key=lambda name: (not name.isupper(), name))
    namespace.setdefault("__all__", tuple(names))


def _rename(value: Any, package: str, qualname: str) -> None:
    if isinstance(value, property):
        for function in (value.fget, value.fset, value.fdel):
            _rename(function, package, qualname)
    elif type(value) in {classmethod, staticmethod}:
        _rename(value.__func__, package, qualname)
    elif isinstance(value, (type, FunctionType)):
        if not f"{value.__module__}.".startswith(f"{package}."):
            return  # defined elsewhere
        value.__module__ = package
        value.__name__ = qualname.rpartition(".")[2]
        value.__qualname__ = qualname
        if isinstance(value, type):
            for name, member in list(vars(value).items()):
                if not name.startswith("_"):
                    _rename(member, package, f"{qualname}.{name}")


def _lookup(namespace: MutableMapping[str, Any], targets: dict[str, str]) -> Any:
    """Create the ``__getattr__`` of a module that imports names when it is first asked for them."""

    def __getattr__(name: str) -> object:  # noqa: N807  # it is one
        text = f"module {namespace['__name__']!r} has no attribute {name!r}"
        if name not in targets:
            raise AttributeError(text)
        source, _, attribute = targets[name].rpartition(".")
        try:
            found: object = import_from(source, attribute)
        except ImportError as error:
            raise AttributeError(f"{text}: {error}") from error
        namespace[name] = found
        return found

    __getattr__.__module__ = namespace["__name__"]
    __getattr__.__qualname__ = "__getattr__"
    __getattr__.exported = targets  # type: ignore[attr-defined]
    return __getattr__


def export_dynamic(module_namespace: Namespace, link_name: str, target: str, /) -> None:
    """Import something when a module is first asked for it.

    Args:
        module_namespace: The module, or its ``globals()``.
        link_name: The name that it gets there.
        target: What to import: ``"package.module.name"``. Leading dots are
            relative to that module, as in the ``__init__.py`` of a package.

    Raises:
        RuntimeError: The name has another meaning already, the module has a
            ``__getattr__`` of its own, or it is not in ``sys.modules``.
        ValueError: ``target`` has too many leading dots, or no dot at all.
    """
    namespace = _mapping(module_namespace)
    module = namespace["__name__"]
    if getattr(sys.modules.get(module), "__dict__", None) is not namespace:
        raise RuntimeError(f"module {module!r} is not in sys.modules")
    path = target.lstrip(".")
    dots = len(target) - len(path)
    if dots:
        parts = module.split(".")
        if dots > len(parts):
            raise ValueError("`target` is beyond the top-level package")
        path = ".".join([*parts[: len(parts) - dots + 1], path])
    elif "." not in path:
        raise ValueError(f"`target` names no module: {target!r}")
    lookup = namespace.setdefault("__getattr__", _lookup(namespace, {}))
    targets = getattr(lookup, "exported", None)
    if targets is None:
        raise RuntimeError("__getattr__() is already defined")
    # In one step, because two threads may run one module's code at once. The second must name the same target.
    if targets.setdefault(link_name, path) != path:
        raise RuntimeError(f"{link_name!r} is already registered")


if not TYPE_CHECKING:  # otherwise type checkers would accept any name

    def __getattr__(name: str) -> object:
        from . import _left_out

        text = f"module {__name__!r} has no attribute {name!r}"
        if name in _left_out.INSTEAD:
            text += f", as aiologic 0.17.1 had it; instead: {_left_out.INSTEAD[name]}"
        raise AttributeError(text)
