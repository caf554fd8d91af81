# SPDX-License-Identifier: ISC
"""How trio lets other tasks run: its own checkpoint, which also checks for cancellation."""

from trio.lowlevel import checkpoint as checkpoint
