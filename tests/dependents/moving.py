# SPDX-License-Identifier: ISC
"""The programs of the pages about moving: `docs/how-to/move-from-….md`.

A program says in its first line whether it is from before or after. `nox -s dependents` runs this file where 0.17.1 and
janus are installed, and those from before have to print what those from after print here.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
import threading
from pathlib import Path
from typing import Iterator, NamedTuple

HOW_TO = Path(__file__).parents[2] / "docs/how-to"
PAGES = sorted(HOW_TO.glob("move-from-*.md"))
BLOCK = re.compile(r"^```python\n# ([a-z ]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

# Those that need what only the session installs.
STRANGERS = ["move-from-aiologic", "move-from-janus"]


class Program(NamedTuple):
    page: str
    number: int
    when: str  # "before", "after" or "before and after"
    text: str


def programs(page: Path) -> Iterator[Program]:
    for number, (when, text) in enumerate(BLOCK.findall(page.read_text("utf-8"))):
        yield Program(page.stem, number, when, text)


def run(program: Program) -> str:
    """Run it here.

    Returns:
        What it prints.
    """
    before = set(threading.enumerate())
    said = io.StringIO()
    name = f"<{program.page} {program.number}>"
    with contextlib.redirect_stdout(said):
        exec(
            compile(program.text, name, "exec", dont_inherit=True),
            {"__name__": "__main__"},
        )
        for thread in set(threading.enumerate()) - before:
            if thread.name.startswith("Thread-"):
                thread.join()
    return said.getvalue()


def main() -> int:
    wrong = 0
    for page in PAGES:
        if page.stem in STRANGERS:
            for program in programs(page):
                if "before" in program.when:
                    print(f"{program.page} {program.number}, {program.when}:")
                    said = run(program)
                    wrong += not said.startswith("got ")
                    print(said, end="")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
