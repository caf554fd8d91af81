# SPDX-License-Identifier: ISC
"""What primitives are made of: waiters, the queue they stand in, and waiting itself."""

# The steps we stand on
# =====================
# Nothing in this package is guarded by a lock, because a signal handler or a finalizer may run the same primitive in
# the same thread between any two bytecodes, and would wait for ever for a lock that its own thread holds. What decides
# a race instead is one call of a built-in container, which the interpreter carries out as one step: under the GIL since
# no Python code runs inside it, and without the GIL since it takes that object's own lock (PEP 703, "Container
# thread-safety"). These, and no others, are relied on:
#
# step                                | decides
# ------------------------------------+---------------------------------------------------------------
# list.pop() of a one-item list       | who has the item; IndexError for everybody else
# del list[0] of a one-item list      | the same; it is no call, so no signal handler comes between it and what follows
# del list[-1], with the GIL          | the same of several items, for whom any will do; without it, del list[0]
# list.append(x), list += (x,)        | publishes x to whoever pops next; the second is no call
# list.extend([x, ...])               | the same for several: all of them, whatever others pop and append meanwhile
# list.append(x), then list[0]        | which of several successors is the one; the others stand behind it, unused
# list.append(x), list[:n]            | the order of all that happens; a copy has what came before, in that order
# list.reverse() of one item or none  | nothing; but what came before it has happened for whoever steps there next
# list[:] = (x,)                      | "exactly one item from now on", however many say so at once
# deque.append / popleft / extendleft | the order of waiting
# deque[0], then del deque[0]         | the same as popleft(), for the only one who takes out on the left; no calls
# list(d), d.copy()                   | what was in a deque at one moment; without the GIL it may refuse: free_threading.py
# dict.setdefault, dict.pop           | which of several newborn objects is the one; whether it was still there
# del d[x]                            | as dict.pop, with KeyError for everybody else; and it is no call
# dict[x] = y                         | publishes that x is there; each key is written by one task at a time
# dict.copy()                         | what was in it at one moment
# next(count())                       | who draws which number; its repr() says which one comes next
# next(repeat(x, n)), with the GIL    | the same of a number of times, which only gets less; without it, count()
# list.extend(map(deque.popleft, ..)) | an item leaves the one and is in the other, and no handler comes between;
#                                     | without the GIL, it is nowhere for a moment (_handing.py)
#
# tests/core/engine/test_atomic_steps*.py hammer each of them on the interpreter at hand.
#
# These look like single steps, and are not, or not everywhere: ``x += 1``; ``if not d: d.append(x)``; deleting an
# attribute (before 3.14 without the GIL); iterating over a deque while others append to it; ``tuple(d)`` of a deque and
# ``list(x.items())`` of a dict, for they make tuples half-way, and before 3.12 a garbage collection can begin with each
# tuple, and run finalizers. Reading a plain attribute is safe, but without the GIL the read may be ordered before an
# earlier write to another object. So where a wake-up depends on the second of "I announce myself, then I look again",
# the look is itself one of the steps above.
