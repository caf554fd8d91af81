# SPDX-License-Identifier: ISC
"""How trio lets others run: its own checkpoint, which also looks for cancellation."""

from trio.lowlevel import checkpoint as checkpoint
