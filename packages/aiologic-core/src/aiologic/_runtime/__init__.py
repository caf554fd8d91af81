# SPDX-License-Identifier: ISC
"""Which world am I in, and who serves it."""
