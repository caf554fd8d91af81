# SPDX-License-Identifier: ISC
"""The published suite: conformance."""

from aiologic.testing.conformance import *
