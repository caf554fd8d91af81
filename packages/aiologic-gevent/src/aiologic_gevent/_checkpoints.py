# SPDX-License-Identifier: ISC
"""How gevent lets others run: without seconds, its sleep() is one trip through the hub."""

from gevent import sleep as checkpoint

__all__ = ("checkpoint",)
