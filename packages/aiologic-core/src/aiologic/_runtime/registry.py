# SPDX-License-Identifier: ISC
"""The installed backends: found through entry points, loaded one by one, remembered."""

# Somebody else's plugin may be broken. Then only the tasks that run under its library suffer: each plugin is loaded by
# name and by itself, what it raises is remembered as text, and that text is raised only where the backend is really
# needed. Importing importlib.metadata and pluggy takes longer than all of core, so both wait for the first task that is
# not a plain thread.
#
# Two threads, or a thread and its own signal handler, may come here at once (threads seldom do, see courtesy.py). Then
# both do the work, which has no effect elsewhere, and the first result stays (dict.setdefault is one step).

from __future__ import annotations

import os

from ..exceptions import BackendError
from .entries import Entry
from .environment import is_traced, tell
from .hints import distribution_for
from .interface import API_VERSION, AsyncBackend, Backend, GreenBackend

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint
    from typing import Any

    import pluggy

GROUP = "aiologic.backends"

# Comma-separated names of the libraries to serve; if blank or unset, all that are installed.
NARROWED_BY = "AIOLOGIC_BACKENDS"


class Registry:
    """All entries, by the name of the library that they serve."""

    __slots__ = (
        "_found",  # the entries, once they are read, under the only key True
        "left_out",  # libraries with an installed backend that NARROWED_BY does not name
        "narrowed_to",  # the names in NARROWED_BY; None if there are none
    )

    def __init__(self) -> None:
        self._found: dict[bool, dict[str, Entry]] = {}
        self.left_out: set[str] = set()
        narrowed = os.environ.get(NARROWED_BY, "").split(",")
        names = [name.strip() for name in narrowed if name.strip()]
        self.narrowed_to: list[str] | None = names or None

    @property
    def entries(self) -> dict[str, Entry]:
        """All entries; empty before :meth:`discover`."""
        return self._found.get(True, {})

    @property
    def unmatched(self) -> list[str]:
        """The names in NARROWED_BY without an installed backend, usually misspelt; empty before :meth:`discover`."""
        if self.narrowed_to is None or not self._found:
            return []
        return [name for name in self.narrowed_to if name not in self.entries]

    def discover(self) -> None:
        """Read the entry points of all installed distributions, once. Imports no plugin."""
        if self._found:
            return

        from importlib.metadata import distributions

        entries: dict[str, Entry] = {}
        owners: dict[str, str] = {}
        for distribution in distributions():
            name, owner, points = _read(distribution)
            # Of several distributions with one name, the first on sys.path is the installed one, as for import and
            # importlib.metadata. Those behind it are shadowed: the same folder once more, or the system's behind a
            # virtual environment's.
            if points and owners.setdefault(name, owner) is not owner:
                tell(f"passed over {owner}: {owners[name]} comes before it")
                continue
            for point in points:
                if self.narrowed_to is not None and point.name not in self.narrowed_to:
                    self.left_out.add(point.name)
                    tell(f"left out {point.name!r}: {NARROWED_BY} does not name it")
                    continue
                entry = entries.setdefault(point.name, Entry(point.name))
                if owner not in entry.distributions:
                    entry.distributions.append(owner)
                    tell(f"found {point.name!r}: {owner} ({point.value})")
                if entry.point is None:
                    entry.point = point
        for entry in entries.values():
            if len(entry.distributions) > 1:
                entry.settle(
                    None,
                    f"the backend for {entry.name!r} is claimed by"
                    f" {' and by '.join(sorted(entry.distributions))}:"
                    " uninstall all of them but one",
                )
        # The order in which they are asked depends neither on the file system nor on the order of installation. It puts
        # gevent before eventlet and curio before asyncio, as in 0.17.1.
        self._found.setdefault(True, dict(sorted(entries.items(), reverse=True)))

    def add(self, backend: Backend) -> None:
        """Register a backend without an entry point, as tests do."""
        entry = Entry(backend.library)
        _check(entry.name, backend)
        entry.settle(backend, None)
        self.discover()
        self.entries[entry.name] = entry

    def load(self, entry: Entry) -> Backend | None:
        """The entry's backend, loaded if it was not yet; ``None`` if it can't be used."""
        if not entry.is_settled:
            try:
                entry.settle(_hand_over(entry), None)
            except BackendError as error:
                entry.settle(None, str(error))
            except ModuleNotFoundError as error:
                missing = (error.name or str(error)).partition(".")[0]
                entry.settle(
                    None,
                    f"the backend for {entry.name!r} can't be imported:"
                    f" {missing!r} is missing: pip install {missing}",
                )
            # Somebody else's code may raise anything, and some call sys.exit() when they find their library too old. It
            # is reported to those who need the backend.
            except (Exception, SystemExit) as error:
                entry.settle(
                    None,
                    f"the backend for {entry.name!r}"
                    f" ({', '.join(entry.distributions)}) can't be loaded:"
                    f" {type(error).__name__}: {error}",
                )
        return entry.backend


def _read(distribution: Distribution) -> tuple[str, str, list[EntryPoint]]:
    """A distribution's name, as it is compared and as it is shown, and its entry points for us."""
    try:
        points = [point for point in distribution.entry_points if point.group == GROUP]
        if not points:  # nobody needs its name, and reading that takes long
            return "", "", []
        metadata = distribution.metadata
        name, version = metadata["Name"], metadata["Version"]
        if not name or not version:
            raise LookupError("its metadata lack its name or version")
    except Exception as error:  # somebody else's file may be broken
        tell(f"passed over a distribution: {type(error).__name__}: {error}")
        return "", "", []
    compared = name.lower().replace("_", "-").replace(".", "-")
    return compared, f"{name} {version}", points


def _hand_over(entry: Entry) -> Backend:
    import pluggy

    from . import hookspecs

    name = entry.name
    # A manager for each plugin: then no other plugin can answer for it, or be asked twice. The manager does not look
    # for the plugin itself, because it would read the files of all distributions again, and fail if one is broken.
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    if entry.point is not None:
        manager.register(entry.point.load(), name)
    if is_traced:
        _trace(manager, name)
    backends = manager.hook.aiologic_backend()
    if len(backends) != 1:
        raise BackendError(
            f"the plugin {name!r} implements the hook aiologic_backend()"
            f" {len(backends)} times instead of once"
        )
    return _check(name, backends[0])


def _trace(manager: pluggy.PluginManager, name: str) -> None:
    def before(hook: str, implementations: Any, _arguments: Any) -> None:
        for implementation in implementations:
            tell(f"{name!r}: calling {hook}() of {implementation.plugin.__name__}")

    def after(outcome: Any, hook: str, *_: Any) -> None:
        try:
            tell(f"{name!r}: {hook}() returned {outcome.get_result()!r}")
        except BaseException as error:  # the caller deals with it; we only report it
            tell(f"{name!r}: {hook}() raised {type(error).__name__}: {error}")

    manager.add_hookcall_monitoring(before, after)


def _check(name: str, backend: object) -> Backend:
    if not isinstance(backend, (AsyncBackend, GreenBackend)):
        ours = {kind.__name__: kind for kind in (AsyncBackend, GreenBackend)}
        for kind in type(backend).__mro__:
            if kind.__name__ in ours:
                raise BackendError(
                    f"the backend for {name!r} is made for another copy of aiologic"
                    f" ({kind.__module__}) than this one"
                    f" ({ours[kind.__name__].__module__}): a copy that is vendored"
                    " serves threads only. Depend on aiologic-core instead"
                )
        raise BackendError(
            f"the plugin {name!r} handed over {backend!r},"
            " which is neither an AsyncBackend nor a GreenBackend"
        )
    for duty in (
        "current_task",
        "is_running",
        "current_token",
        "create_waiter",
        "checkpoint",
    ):
        if not callable(getattr(backend, duty, None)):
            raise BackendError(f"the backend for {name!r} has no function {duty}")
    built_for: object = getattr(backend, "api_version", None)
    if built_for != API_VERSION:
        newer = isinstance(built_for, int) and built_for > API_VERSION
        outdated = "aiologic-core" if newer else distribution_for(name)
        raise BackendError(
            f"the backend for {name!r} was built for interface version"
            f" {built_for!r}, and this aiologic-core has {API_VERSION}:"
            f" pip install --upgrade {outdated}"
        )
    if getattr(backend, "library", None) != name:
        raise BackendError(
            f"the plugin {name!r} handed over a backend"
            f" for {getattr(backend, 'library', None)!r}"
        )
    return backend
