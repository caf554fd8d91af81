# SPDX-License-Identifier: ISC
"""A thread reads a log of 200,000 lines; asyncio and trio share the work, and each line is accounted for.

The queue has room for 500 lines, so the reader is never further ahead than that: it
waits, in its own thread, while both event loops go on. At the end of the file, the
reader shuts the queue down; what is left in it can still be got, and then both
``async for`` loops end by themselves.

Each line is a request: its address, its status, its bytes. What the consumers have
counted is compared with what was written to the file. The script fails if a line was
lost, counted twice, or out of order.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from threading import Thread
from typing import NamedTuple, Tuple

import aiologic
import trio
from tqdm import tqdm

LINES = 200_000
ROOM = 500
TURN = 200  # after so many lines, a consumer lets the rest of its loop run
STATUSES = (200, 200, 200, 304, 404, 500)

Line = Tuple[int, str]

queue: aiologic.Queue[Line] = aiologic.Queue(ROOM)


class Share(NamedTuple):
    """What one consumer has seen."""

    statuses: Counter[str]
    numbers: list[int]
    longest: list[int]  # the length of the queue from time to time


def write_log(path: Path) -> Counter[str]:
    """Write the log; return how often each status occurs in it."""
    dice = random.Random(200_000)
    statuses: Counter[str] = Counter()
    with path.open("w", encoding="ascii") as file:
        for number in range(LINES):
            status = str(dice.choice(STATUSES))
            statuses[status] += 1
            size = dice.randrange(10_000)
            file.write(f"192.0.2.{number % 256} GET /{number} {status} {size}\n")
    return statuses


def read_log(path: Path) -> None:
    """The producer, in a thread: waits while there is no room, and shuts the queue down at the end."""
    with path.open(encoding="ascii") as file:
        for number, line in enumerate(
            tqdm(file, total=LINES, unit=" lines", file=sys.stdout)
        ):
            queue.green_put((number, line))
    queue.shutdown()


def count(line: Line, share: Share) -> bool:
    """Count one line; return whether it is time to let others run."""
    number, text = line
    _, _, _, status, _ = text.split()
    share.statuses[status] += 1
    share.numbers.append(number)
    if len(share.numbers) % TURN:
        return False
    share.longest.append(len(queue))
    return True


async def in_asyncio(share: Share) -> None:
    async for line in queue:
        if count(line, share):
            await asyncio.sleep(0)


async def in_trio(share: Share) -> None:
    async for line in queue:
        if count(line, share):
            await trio.lowlevel.checkpoint()


def main() -> None:
    shares = {name: Share(Counter(), [], []) for name in ("asyncio", "trio")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "access.log"
        written = write_log(path)
        threads = [
            Thread(target=read_log, args=(path,)),
            Thread(target=lambda: asyncio.run(in_asyncio(shares["asyncio"]))),
            Thread(target=lambda: trio.run(in_trio, shares["trio"])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    counted: Counter[str] = Counter()
    for name, share in shares.items():
        print(f"{name:8}{len(share.numbers):8} lines")
        counted += share.statuses
    print(f"statuses {dict(sorted(counted.items()))}")

    problems = []
    if counted != written:
        problems.append(f"{dict(sorted(written.items()))} were written")
    numbers = [number for share in shares.values() for number in share.numbers]
    if sorted(numbers) != list(range(LINES)):
        problems.append("a line was lost, or counted twice")
    for name, share in shares.items():
        if share.numbers != sorted(share.numbers):
            problems.append(f"{name} got lines in another order than in the file")
        if max(share.longest, default=0) > ROOM:
            problems.append(f"there were {max(share.longest)} lines in the queue")
    if problems:
        sys.exit("; ".join(problems))
    print("Each line was counted once.")


if __name__ == "__main__":
    main()
