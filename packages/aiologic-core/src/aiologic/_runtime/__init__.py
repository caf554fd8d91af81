# SPDX-License-Identifier: ISC
"""Which world the caller is in, and which backend serves it."""

# What to read, and in which order
# ================================
# What a backend is      | interface.py; threads.py, the one that is built in; unpatched.py, what that stands on
# Which are installed    | hookspecs.py, registry.py, entries.py, hints.py
# Which may be running   | activation.py (a library was imported), overrides.py (somebody says so)
# Who calls              | asking.py, courtesy.py, choosing.py; then detect.py, which has the answer, ``worlds``, and
#                        | refusals.py, for where there is none
# What users ask of it   | identities.py, thread_objects.py, libraries.py
# What users switch      | checkpoints.py, signals.py; switching.py, which both share, and environment.py
# What wraps users' code | shielding.py; wrapping.py, which switching.py uses, too; coroutine_functions.py
# Who blocks a loop      | blocking.py, advice.py
#
# An operation that need not wait calls none of this except the function that choosing.py has chosen; it reads the
# thread-local of threads.py, and plain flags of ``worlds`` and of the two switches in checkpoints.py.
