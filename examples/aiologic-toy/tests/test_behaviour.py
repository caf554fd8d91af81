# SPDX-License-Identifier: ISC
"""The published suite: behaviour."""

from aiologic.testing.behaviour import *
