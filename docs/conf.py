# SPDX-License-Identifier: ISC
"""How the documentation is built: `uv run nox -s docs`."""

from __future__ import annotations

from importlib import metadata

project = "aiologic"
author = "The aiologic authors"
copyright = f"2026, {author}"  # noqa: A001 - the name is Sphinx's
release = metadata.version("aiologic-core")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "decisions/0000-template.md"]

html_theme = "furo"
html_title = "aiologic"

# Inherited methods stand at each class: nobody should have to know where we keep them.
autodoc_default_options = {"members": True, "inherited-members": True}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

# A reference to what is not there is an error, with `-W`. These are elsewhere, and an inventory of them would be a
# download.
nitpicky = True
nitpick_ignore_regex = [
    ("py:.*", r"(asyncio|_?threading|_thread|queue|sniffio\._impl)(\..+)?"),
    ("py:.*", r"AbstractContextManager|FrameType|ModuleType|Thread|TypeIs|deque"),
    ("py:class", r"pluggy\.HookimplMarker"),
    # Type variables, and what only annotations name.
    (
        "py:class",
        r"[A-Z](_co)?|(Async)?LibraryOverride|CallSoon|Exclusive|Inside|Mailbox|Namespace",
    ),
    (
        "py:class",
        r"Queues|Resumable|WaitQueue|aiologic\.(\w+\.)?_.+",
    ),
]
