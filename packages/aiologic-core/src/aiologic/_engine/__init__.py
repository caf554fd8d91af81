# SPDX-License-Identifier: ISC
"""What primitives are made of: waiters, the queue they stand in, and waiting itself."""

# The atomic steps that we rely on
# ================================
# Nothing in this package is guarded by a lock: a signal handler or a finalizer may run the same primitive in the same
# thread between any two bytecodes, and would wait for ever for a lock that its own thread holds. Races are decided by
# single operations on built-in containers instead, each of which the interpreter carries out as one step: with the GIL
# because no Python code runs inside it, without the GIL because it takes that object's own lock (PEP 703, "Container
# thread-safety"). We rely on these and on no others:
#
# step                                | what it decides or guarantees
# ------------------------------------+--------------------------------------------------------------------------------
# list.pop() of a one-item list       | who gets the item; everybody else gets IndexError
# del list[0] of a one-item list      | the same; not a call: no signal handler runs between it and what follows
# del list[-1], with the GIL          | the same for a list of interchangeable items; without the GIL, del list[0]
# list.append(x), list += (x,)        | publishes x to whoever pops next; the second is not a call
# list.extend([x, ...])               | publishes several items, all of them, whatever others pop and append meanwhile
# list.append(x), then list[0]        | which of several successors counts; the others stay behind it, unused
# list.append(x), list[:n]            | one order of all events; a copy holds those that came before it, in that order
# list.reverse() of one item or none  | nothing; it is our memory barrier: whoever acts on that list next
#                                     | sees what came before
# list[:] = (x,)                      | "exactly one item from now on", however many tasks do it at once
# deque.append / popleft / extendleft | the order of waiting
# deque[0], then del deque[0]         | the same as popleft(), if only one task removes on the left; neither is a call
# list(d), d.copy()                   | a snapshot of a deque; without the GIL it may raise: see free_threading.py
# dict.setdefault, dict.pop           | which of several newborn objects counts; whether a key was still there
# del d[x]                            | as dict.pop, with KeyError for everybody else; and it is not a call
# dict[x] = y                         | publishes y under x; each key is written by one task at a time
# dict.copy()                         | a snapshot of a dict
# next(count())                       | who draws which number; repr() of the counter shows the next one
# next(repeat(x, n)), with the GIL    | the same for a number that only decreases; without the GIL, count()
# list.extend(map(deque.popleft, ..)) | moves an item from one to the other, and no handler runs in between;
#                                     | without the GIL it is in neither for a moment (_handing.py)
#
# tests/core/engine/test_atomic_steps*.py hammer each of them on the interpreter at hand.
#
# These look like single steps and are not, or not everywhere: ``x += 1``; ``if not d: d.append(x)``; deleting an
# attribute (before 3.14 without the GIL); iterating over a deque while others append to it; ``tuple(d)`` of a deque and
# ``list(x.items())`` of a dict, because they create tuples on the way, and before 3.12 creating one may start a garbage
# collection, which runs finalizers. Reading a plain attribute is safe, but without the GIL the read may be ordered
# before an earlier write to another object. So wherever a wake-up depends on the second half of "I announce myself,
# then I look again", the look is itself one of the steps above, or one of them stands before it.
