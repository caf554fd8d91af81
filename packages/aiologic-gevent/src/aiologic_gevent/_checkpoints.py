# SPDX-License-Identifier: ISC
"""How gevent lets other greenlets run: without an argument, its sleep() is one trip through the hub."""

from gevent import sleep as checkpoint

__all__ = ("checkpoint",)
