# SPDX-License-Identifier: ISC
"""The published suite, as anybody's backend runs it."""

from aiologic.testing.behaviour import *
