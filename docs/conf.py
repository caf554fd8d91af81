# SPDX-License-Identifier: ISC
"""How the documentation is built: `uv run nox -s docs`."""

from __future__ import annotations

from importlib import metadata

project = "aiologic"
author = "The aiologic authors"
copyright = f"2026, {author}"  # noqa: A001 - the name is Sphinx's
release = metadata.version("aiologic-core")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "decisions/0000-template.md"]

html_theme = "furo"
html_title = "aiologic"

# A reference to what is not there is an error, with `-W`.
nitpicky = True
