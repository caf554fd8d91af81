# SPDX-License-Identifier: ISC
"""What each primitive promises, in few words, and the tests that hold it to that."""

# The sections are those of the contract that aiologic 0.17.1 left behind. A row is a promise; its tests are named as
# "<folder>/<file>: <function> <function>; <folder>/<file>: ...", without parameters. "behaviour" is the published
# suite, which runs in every world; all other folders are in tests/. A row without a test is reported, and is a failure
# once its primitive is public.

from __future__ import annotations

# What a kind of primitive promises; see aiologic/testing/catalogue.py for what runs these tests for each.
OBJECT = {
    "copies and pickles are new ones, in every protocol (D12)": (
        "core/test_object_model: test_a_pickle_is_a_new_one_with_the_same_arguments"
        " test_a_copy_is_a_new_one_with_the_same_arguments"
        " test_it_names_its_constructor_arguments"
    ),
    "weak references; no `__dict__`; subclasses; identity": (
        "core/test_object_model: test_weak_references test_it_has_no_dict"
        " test_subclasses_may_have_one test_equal_to_itself_and_to_nothing_else"
    ),
    "`repr` names class, arguments and state": (
        "core/test_object_model: test_repr_names_class_arguments_and_state"
    ),
}
TIMEOUT = {
    "a wrong `timeout` is named, and changes nothing": (
        "behaviour/timeouts: test_a_wrong_time_out_changes_nothing"
    ),
    "any `timeout` is waited for, however long; 0 is one trip": (
        "behaviour/timeouts: test_a_huge_time_out_is_waited_for test_time_runs_out"
        " test_one_trip_through_the_scheduler_is_enough_to_hear_what_was_sent"
    ),
}
PERMIT = {
    "`async_acquire` and `green_acquire` with `blocking` and `timeout`, by name": (
        "core/test_exclusion: test_options_have_names test_without_blocking"
        " test_a_free_one_is_taken_with_any_timeout"
    ),
    "`blocking=False` neither waits nor switches, and looks at no `timeout`": (
        "behaviour/checkpoints: test_not_to_wait_is_not_to_switch"
        "; core/test_exclusion: test_without_blocking_no_timeout_is_looked_at"
    ),
    "as many have it as there are permits": (
        "behaviour/counting: test_as_many_have_it_as_there_are_permits"
        "; core/test_exclusion: test_never_two_inside"
    ),
    "served in the order of arrival, by hand-over; nobody overtakes": (
        "behaviour/hand_over: test_it_is_served_in_the_order_of_arrival"
        " test_a_newcomer_cannot_overtake_the_one_who_was_given_it"
        "; behaviour/counting: test_each_permit_goes_to_the_next_in_line"
    ),
    "what was granted to a task that is cancelled goes to the next": (
        "behaviour/granted_then_cancelled:"
        " test_released_then_cancelled_in_one_step_of_the_loop"
        " test_released_by_a_thread_while_the_loop_is_busy_and_then_cancelled"
    ),
    "whoever gives up leaves no trace": (
        "behaviour/leaving: test_the_only_one_who_waits_leaves"
        " test_waiters_leave_in_any_order_and_the_rest_are_served_in_theirs"
        " test_time_runs_out_in_the_middle_of_the_queue"
    ),
    "one checkpoint at most; cancelled there, it is given back": (
        "behaviour/checkpoints: test_taking_what_is_free test_waiting_is_one_switch"
        " test_green_calls_that_need_not_wait test_green_calls_that_wait_or_would_not"
        " test_what_was_taken_is_given_back_by_a_task_that_is_cancelled_at_the_checkpoint"
    ),
    "`with` and `async with` give itself, and release at the end": (
        "behaviour/counting: test_a_block_gives_its_permit_back_whatever_happens"
        "; core/test_exclusion: test_a_block"
    ),
    **TIMEOUT,
}
OWNED = {
    "only who has it releases it": (
        "behaviour/counting: test_only_who_has_it_gives_it_back"
    ),
    "who has it gets an error, or has it once more": (
        "behaviour/counting: test_who_has_it_gets_it_again_or_an_error"
    ),
}
EVENT = {
    "wakes all who wait, in order, and all who come later do not wait": (
        "behaviour/hand_over: test_an_event_wakes_all_who_wait_and_all_who_come_later"
    ),
    "`wait`, `with_` and `await`: True once it has happened, False in time": (
        "behaviour/timeouts: test_an_event_is_set_in_time"
        " test_an_event_is_not_set_in_time"
    ),
    "a wrong `timeout` is named, and changes nothing": (
        "behaviour/timeouts: test_a_wrong_time_out_changes_no_event"
    ),
    "one checkpoint at most, also once it has happened": (
        "behaviour/checkpoints: test_waiting_for_an_event test_green_waits_for_an_event"
    ),
    "whoever gives up leaves no trace, and wakes the others": (
        "behaviour/leaving: test_leaving_an_event; behaviour/granted_then_cancelled:"
        " test_an_event_that_is_set_around_a_cancellation_wakes_the_others"
    ),
}
BARRIER = {
    "all go on when the last has come, in the order of arrival": (
        "behaviour/barriers: test_all_go_on_when_the_last_has_come"
    ),
    "a wait that fails breaks it: by time-out, or cancelled": (
        "behaviour/barriers: test_a_time_out_breaks_it test_a_cancellation_breaks_it"
    ),
    "a wrong `timeout` is named, and does not break it (D13)": (
        "behaviour/barriers: test_a_wrong_time_out_does_not_break_it"
    ),
    "`abort()` breaks all waits, now and later": (
        "behaviour/barriers: test_abort_breaks_all_waits_now_and_later"
    ),
    "the last to come lets the others run once": (
        "behaviour/barriers: test_each_wait_is_one_switch_also_the_last"
    ),
}
GENERIC = {
    "object": OBJECT,
    "permit": PERMIT,
    "owned": OWNED,
    "event": EVENT,
    "barrier": BARRIER,
}

# Each primitive's section, and what kinds it is of.
PRIMITIVES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Event": ("1.3.1", ("object", "event")),
    "REvent": ("1.3.1", ("object", "event")),
    "CountdownEvent": ("1.3.1", ("object", "event")),
    "Latch": ("1.3.2", ("object", "barrier")),
    "Barrier": ("1.3.2", ("object", "barrier")),
    "RBarrier": ("1.3.2", ("object", "barrier")),
    "Semaphore": ("1.3.3", ("object", "permit")),
    "BoundedSemaphore": ("1.3.3", ("object", "permit")),
    "BinarySemaphore": ("1.3.3", ("object", "permit")),
    "BoundedBinarySemaphore": ("1.3.3", ("object", "permit")),
    "CapacityLimiter": ("1.3.4", ("object", "permit", "owned")),
    "RCapacityLimiter": ("1.3.4", ("object", "permit", "owned")),
    "Lock": ("1.3.5", ("object", "permit", "owned")),
    "RLock": ("1.3.5", ("object", "permit", "owned")),
    "Condition": ("1.3.6", ()),
    "SimpleQueue": ("1.3.7", ("object",)),
    "SimpleLifoQueue": ("1.3.7", ("object",)),
    "Queue": ("1.3.7", ("object",)),
    "LifoQueue": ("1.3.7", ("object",)),
    "PriorityQueue": ("1.3.7", ("object",)),
    "Flag": ("1.3.8", ()),
    "ResourceGuard": ("1.3.9", ()),
    "synchronized": ("1.3.10", ()),
    "once": ("1.4.4", ()),
}

#: Public, and not in that contract.
BEYOND = {"AsyncView", "RWLock", "Statistics", "SyncView"}

A_BOUND = {
    "no more releases than permits that are out": (
        "core/test_semaphore_bounded: test_a_bounded_one_refuses"
    ),
    "what was handed over is out once its task runs": (
        "core/test_semaphore_bounded: test_what_was_handed_over_is_out_once_its_task_runs"
    ),
    "made with less than the maximum, the rest may be released first": (
        "core/test_semaphore_bounded: test_a_bounded_one_that_began_with_less"
    ),
    "one argument stands for the other; wrong ones are named": (
        "core/test_semaphore: test_the_bound_is_the_initial_value_by_default"
        "; core/test_semaphore: test_values_that_make_no_semaphore"
    ),
}
A_QUEUE = {
    "`put` and `get` in both worlds; never an item lost or doubled": (
        "core/test_queue: test_put_and_get"
        "; behaviour/queues: test_items_go_to_those_who_wait_in_order"
        " test_items_come_out_of_the_world_in_order"
        "; stress/test_queues: test_each_item_is_got_once"
        "; core/test_queue_models: test_it_does_what_its_model_does"
    ),
    "the oldest waiter is served first; nobody overtakes": (
        "core/test_queue_waiting: test_getters_are_served_in_the_order_of_arrival"
        " test_nobody_overtakes_a_getter"
    ),
    "time-outs and `blocking=False` raise QueueEmpty or QueueFull (D14)": (
        "core/test_queue: test_nothing_to_get test_no_place_to_put"
        "; core/test_queue_without_waiting:"
        " test_not_to_wait_is_not_to_fail_while_another_puts"
        " test_not_to_wait_is_not_to_fail_between_any_two_steps"
        " test_not_to_wait_is_not_to_fail_in_threads"
        "; behaviour/queues_in_time: test_the_time_of_a_get_is_up"
    ),
    "a wrong `timeout` is named, and changes nothing": (
        "core/test_queue: test_a_wrong_timeout_of_get test_a_wrong_timeout_of_put"
        "; behaviour/queues_in_time: test_a_wrong_time_out_changes_no_queue"
    ),
    "a cancelled get loses nothing, and keeps the order": (
        "core/test_queue_giving_up:"
        " test_a_granted_getter_that_is_cancelled_takes_nothing"
        " test_what_a_cancelled_getter_was_given_goes_to_the_next"
        " test_a_lost_loop_passes_on_what_it_was_given"
        "; behaviour/queues:"
        " test_what_is_put_for_a_task_that_is_cancelled_goes_to_the_next"
        " test_all_who_get_are_cancelled_in_the_step_that_puts"
    ),
    "one checkpoint at most": (
        "behaviour/queues_in_time: test_each_get_and_put_is_one_switch_at_most"
        "; core/test_queue_giving_up: test_cancelled_at_the_checkpoint"
    ),
    "items to begin with; `len`, truth": ("core/test_queue: test_it_begins_with_items"),
    "copies and pickles have the items, and warn; `repr`": (
        "core/test_queue_as_an_object:"
        " test_copies_and_pickles_have_the_items_and_warn"
        " test_copies_of_an_empty_one_are_silent test_arguments test_repr"
    ),
    "`waiting`, `putting`, `getting`": (
        "core/test_queue_waiting: test_getters_are_served_in_the_order_of_arrival"
        " test_putters_are_served_in_the_order_of_arrival"
    ),
}
A_SIMPLE_QUEUE = {
    **A_QUEUE,
    "`put` never waits, and looks at no `timeout`; by anybody": (
        "core/test_simple_queue: test_put_never_waits test_a_finalizer_puts"
        " test_a_handler_puts_between_any_two_steps"
    ),
    "what is not iterable is refused": (
        "core/test_simple_queue: test_what_is_not_iterable"
    ),
}
A_SIZED_QUEUE = {
    **A_QUEUE,
    "`maxsize`, and what it refuses": (
        "core/test_queue: test_maxsize test_arguments_that_make_no_queue"
        " test_more_items_than_places"
        "; core/test_queue_as_an_object: test_repr_of_a_limited_one"
    ),
    "putters are served in order; a cancelled put adds nothing": (
        "core/test_queue_waiting: test_putters_are_served_in_the_order_of_arrival"
        " test_nobody_overtakes_a_putter"
        "; core/test_queue_giving_up: test_a_cancelled_put_adds_nothing"
        " test_a_put_whose_time_is_up_adds_nothing"
        "; behaviour/queues: test_places_go_to_those_who_wait_in_order"
        " test_a_place_for_a_task_that_is_cancelled_goes_to_the_next"
    ),
    "`_init`, `_put`, `_get` are called with exclusive access": (
        "core/test_queue_stores: test_they_are_called_with_what_was_given"
        " test_one_at_a_time test_a_second_thread_comes_in_when_the_first_has_left"
        " test_any_container_will_do"
        "; core/test_queue_stores_of_any_size: test_an_item_that_is_there_already"
        " test_an_item_that_drives_another_out"
        "; core/test_queue_stores_that_give_all: test_a_get_of_all"
    ),
    "an exception in them is the caller's, and lets the next one in": (
        "core/test_queue_stores_that_fail: test_an_error_in_put test_an_error_in_get"
        " test_an_error_lets_the_next_thread_in"
    ),
}
A_PARTY = {
    "`parties` is a number, 0 or more; of 0 nobody ever passes": (
        "core/test_barrier: test_how_it_is_made test_none_of_no_parties_ever_passes"
    ),
    "`waiting`, `broken`, truth, and the states of `repr`": (
        "core/test_barrier: test_repr test_boolean_values"
    ),
    "surplus waiters, and what comes after a pass": (
        "core/test_barrier: test_surplus_waiters_form_the_next_phases_in_order"
        "; core/test_barrier_breaking: test_abort_after_it_has_passed"
    ),
    "cancelled after its pass (D20)": (
        "core/test_barrier_breaking: test_cancelled_after_it_has_passed"
        "; behaviour/barriers: test_a_cancellation_after_its_pass_breaks_nothing"
    ),
}

# What is a primitive's own.
OWN: dict[str, dict[str, str]] = {
    "Event": {
        "`set`, `is_set`, truth; once and for all": (
            "core/test_event: test_it_happens_once"
        ),
        "`waiting`, and the states of `repr`": "core/test_event: test_repr",
        "set by signal handlers, finalizers, callbacks": (
            "core/test_event: test_a_finalizer_sets_it test_a_callback_sets_it"
            " test_a_signal_handler_sets_it_in_the_thread_that_waits"
        ),
    },
    "REvent": {
        "`set` and `clear`; an Event": (
            "core/test_revent: test_it_happens_and_happens_again"
        ),
        "`set` then `clear` wakes all who came before, and none who come later": (
            "core/test_revent: test_who_waits_is_released_though_it_is_cleared_before_they_run"
            " test_who_comes_after_clear_is_not_released_by_the_set_before"
            " test_a_loop_of_waits_does_not_run_away"
        ),
        "`clear` of an unset one, and `set` of a set one, do nothing": (
            "core/test_revent: test_it_happens_and_happens_again"
        ),
    },
    "CountdownEvent": {
        "set at 0; the initial value is 0 by default, and not negative": (
            "core/test_countdown: test_it_begins_with_its_initial_value test_a_wrong_initial_value_is_refused"
        ),
        "`up` adds, and what it refuses": (
            "core/test_countdown: test_up_and_down test_what_can_not_be_counted_up_is_refused"
        ),
        "`down` takes one, and wakes all at 0; below 0 it is an error": (
            "core/test_countdown: test_all_who_wait_are_woken_at_nought test_down_too_often"
        ),
        "`clear` makes it 0, and wakes all": (
            "core/test_countdown: test_all_who_wait_are_woken_at_nought test_clear_at_nought_does_nothing"
        ),
        "up again, those who were woken stay so, and later ones wait": (
            "core/test_countdown: test_who_waits_is_released_though_it_goes_up_before_they_run"
        ),
        "`initial_value`, `value`, `waiting`, truth, `repr`": (
            "core/test_countdown: test_it_begins_with_its_initial_value test_repr"
        ),
    },
    "Latch": {
        "once passed, nobody waits; no block": (
            "core/test_barrier: test_whoever_comes_to_an_open_latch_passes_at_once test_kinds"
        ),
        **A_PARTY,
    },
    "Barrier": {
        "each gets its place in the order of arrival": (
            "core/test_barrier: test_all_go_on_together_in_the_order_of_arrival test_it_is_passed_again_and_again"
        ),
        "a block gives that, and an exception in it breaks the barrier": (
            "core/test_barrier_blocks: test_a_block_is_entered_with_the_index test_an_exception_that_leaves_a_block_breaks_it"
        ),
        **A_PARTY,
    },
    "RBarrier": {
        "a Barrier": ("core/test_barrier: test_kinds"),
        "`reset` fails those who wait, and mends it": (
            "core/test_barrier_reset: test_reset_of_one_that_is_filling"
            " test_reset_of_a_broken_one test_reset_of_an_empty_one"
        ),
        **A_PARTY,
    },
    "Semaphore": {
        "its constructor chooses the class": (
            "core/test_semaphore: test_who_is_a_kind_of_whom test_an_unbounded_one"
            " test_a_bounded_one test_a_subclass_must_choose_its_parent"
        ),
        "wrong values are named": (
            "core/test_semaphore: test_values_that_make_no_semaphore"
            " test_negative_values"
        ),
        "`release(n)` wakes n in order and adds the rest; 0 does nothing": (
            "core/test_semaphore_releases: test_a_release_of_none_does_nothing"
            " test_a_release_of_several_wakes_as_many_in_order"
        ),
        "a negative `release` is refused (D11)": (
            "core/test_semaphore_releases: test_a_negative_release_is_refused"
        ),
        "released by anybody": (
            "core/test_semaphore: test_as_many_as_there_are_permits"
        ),
        "`initial_value`, `value`, `waiting`, `repr`; always true; no `locked`": (
            "core/test_semaphore: test_repr_value_and_waiting"
            " test_it_is_true_whatever_its_value"
        ),
    },
    "BoundedSemaphore": A_BOUND,
    "BinarySemaphore": {
        "its constructor chooses the class, and refuses wrong values": (
            "core/test_binary_semaphore: test_a_binary_one test_a_bounded_one"
            " test_a_subclass_must_choose_its_parent test_values_out_of_range"
        ),
        "released by anybody, one at a time": (
            "core/test_binary_semaphore: test_anybody_may_release test_one_at_a_time"
        ),
        "released more often, it still has one permit (D10)": (
            "core/test_binary_semaphore:"
            " test_released_more_often_it_still_has_one_permit"
            " test_released_by_many_at_once_it_still_has_one_permit"
        ),
        "`initial_value`, `value`, `waiting`, `repr`; always true": (
            "core/test_binary_semaphore: test_repr_and_waiting"
            " test_it_is_true_whatever_its_value"
        ),
    },
    "BoundedBinarySemaphore": {
        "a BinarySemaphore with a bound; wrong values are named": (
            "core/test_binary_semaphore: test_a_bounded_one"
            " test_less_than_the_initial_value test_values_out_of_range"
            " test_the_bound_is_the_initial_value_by_default"
        ),
        "no more releases than permits that are out": (
            "core/test_binary_semaphore: test_a_bounded_one_refuses"
            " test_of_many_releases_at_once_a_bounded_one_takes_one"
        ),
        "made with less than the maximum, the rest may be released first": (
            "core/test_binary_semaphore: test_a_bounded_one_that_began_with_less"
        ),
    },
    "CapacityLimiter": {
        "`total_tokens`: 1 by default, 0 allowed, immutable; wrong ones are named": (
            "core/test_limiter: test_total_tokens test_what_makes_no_limiter"
            " test_of_no_tokens_nobody_borrows_any"
        ),
        "each task has one token at most, and gives back its own": (
            "core/test_limiter: test_a_borrower_borrows_once test_a_token_is_its_borrowers"
        ),
        "`borrowed` is about the current task": "core/test_limiter_borrowers: test_borrowed",
        "`borrowers` is a live view, in which a waiter appears once it runs": (
            "core/test_limiter_borrowers: test_borrowers_is_a_live_view"
            " test_who_is_woken_appears_once_it_runs"
        ),
        "`available_tokens`, `borrowed_tokens`, truth, `repr`": (
            "core/test_limiter: test_state"
        ),
        "async methods outside of async worlds": (
            "core/test_limiter: test_async_methods_outside_of_async_worlds"
        ),
    },
    "RCapacityLimiter": {
        "a CapacityLimiter whose tokens count": (
            "core/test_limiter: test_one_counts_and_is_a_limiter_too"
            "; core/test_limiter_counts: test_counts"
        ),
        "`count` is refused first of all; so is one release too many": (
            "core/test_limiter_counts: test_counts_that_are_refused"
        ),
        "cancelled at a re-entry, the count is as it was": (
            "core/test_limiter_counts: test_cancelled_at_the_checkpoint_of_one_more"
        ),
    },
    "Lock": {
        "`locked`, truth, `waiting`, `repr`": "core/test_lock: test_state test_repr",
        "acquire by the owner is refused, in any mode": (
            "core/test_lock: test_the_owner_of_a_plain_lock_does_not_acquire_it_again"
            " test_a_plain_block_is_not_entered_again"
        ),
        "a thread does not wait for its own task (D18)": (
            "core/test_lock: test_to_wait_for_a_task_of_the_same_thread_is_refused"
            " test_an_attempt_that_ends_is_not_refused"
            "; behaviour/deadlocks:"
            " test_a_plain_wait_for_a_task_of_the_same_thread_raises"
            " test_an_attempt_that_ends_by_itself_just_fails"
            " test_a_plain_wait_behind_a_task_of_the_same_thread_raises_for_locks"
            "; core/test_lock_deadlocks: test_the_owner_lives_here"
            " test_the_next_in_line_lives_here"
        ),
        "release of a free one, or by another, is refused": (
            "core/test_lock: test_a_free_one_is_not_released test_only_the_owner_releases"
        ),
        "green and async owners of one thread are two": (
            "core/test_lock: test_a_thread_is_not_the_task_that_it_runs"
        ),
        "`owner` and `owned`; the next owner is shown since the release": (
            "core/test_lock: test_owned test_owner_is_a_library_and_a_number"
            " test_the_next_owner_is_shown_since_the_release"
            " test_who_gave_up_is_never_shown_as_the_owner"
        ),
        "callbacks own nothing (D16)": "core/test_lock: test_callbacks",
    },
    "RLock": {
        "a Lock, free after as many releases; `count` of it, and of the caller": (
            "core/test_rlock: test_it_is_free_after_as_many_releases"
            " test_several_times_at_once test_the_count_has_a_name"
            " test_a_count_that_was_waited_for"
        ),
        "`count` is refused first of all": (
            "core/test_rlock: test_a_wrong_count_is_refused_before_anything_changes"
        ),
        "one release too many is refused": (
            "core/test_rlock: test_more_releases_than_acquires"
        ),
        "cancelled at a re-entry, the count is as it was": (
            "core/test_rlock: test_cancelled_at_the_checkpoint_of_a_reentry"
        ),
    },
    "Condition": {
        "over each kind of lock: who may wait, who may notify (D6)": (
            "core/test_condition_notifying: test_without_the_lock"
            " test_with_somebody_elses_lock"
            " test_nobodys_lock_needs_only_be_taken"
        ),
        "what is no lock is refused (D26)": (
            "core/test_condition: test_bad_locks_are_refused"
            " test_bad_timers_are_refused"
        ),
        "`wait`, `with_`, `await`: True if notified, False in time": (
            "behaviour/conditions: test_a_condition_is_notified"
            " test_the_time_of_a_wait_for_a_condition_is_up"
            "; core/test_condition_notifying: test_notified"
            "; core/test_condition_leaving: test_time_is_up"
            " test_bad_time_outs"
        ),
        "`wait_for`, `for_`: the predicate's own value, also the last falsy one": (
            "core/test_condition_predicates: test_true_at_once"
            " test_true_later"
            " test_whose_value_it_is"
            "; core/test_condition_predicates_in_time: test_time_is_up"
            " test_time_is_counted_over_all_waits"
            " test_the_last_value_is_not_what_a_notifier_found_true"
        ),
        "`notify` and `notify_all`: how many, in order, and no later ones": (
            "core/test_condition_notifying: test_notified"
            " test_all_notified"
            " test_who_waits_again_is_not_notified_again"
        ),
        "`deadline` and `timer`; constant timers end (D7)": (
            "core/test_condition_notifying: test_the_timer_decides_who_is_old_enough"
            " test_deadlines_of_the_default_timer"
            "; core/test_condition_predicates: test_a_timer_that_stands_still"
        ),
        "delegated predicates are evaluated by who notifies, under the lock (D4)": (
            "core/test_condition_predicates: test_a_false_one_sleeps_on"
            " test_without_a_lock_nobody_evaluates_for_others"
            " test_who_evaluates_it_oneself"
        ),
        "a predicate that raises is raised where it waits, and counts once (D3)": (
            "core/test_condition_predicates_that_raise: test_it_raises_in_its_waiter"
            " test_it_raises_and_its_waiter_has_gone"
        ),
        "notified within a notification: BusyResourceError": (
            "core/test_condition_predicates_that_raise: test_a_predicate_that_notifies"
            " test_a_notifier_while_another_evaluates"
        ),
        "notified waiters move to the lock's own queue; one switch": (
            "core/test_condition_moving: test_the_notified_queue_for_the_lock_in_order"
            " test_one_switch"
        ),
        "cancelled, it has the lock again (D1, D2), and passes a notification on": (
            "behaviour/conditions: test_a_cancelled_wait_for_a_condition_has_the_lock"
            " test_a_wait_for_a_condition_that_is_cancelled_again_has_the_lock"
            " test_a_wait_for_a_condition_that_is_notified_and_cancelled_passes_on"
            "; core/test_condition_leaving: test_notified_and_cancelled"
            " test_moved_and_cancelled"
        ),
        "time runs out after the notification: it goes to the next": (
            "core/test_condition_leaving: test_time_is_up_after_the_notification"
        ),
        "an RLock's count is restored": (
            "core/test_condition_moving: test_the_level_of_a_reentrant_lock_is_restored"
        ),
        "blocks give itself, also of subclasses (D5)": (
            "core/test_condition: test_it_is_what_it_is_called"
            "; core/test_condition_blocks: test_async_blocks_yield_the_condition"
        ),
        "`lock`, `timer`, `waiting`, truth, `repr`": (
            "core/test_condition: test_defaults"
            " test_lock_and_timer_are_what_was_given"
            " test_names"
            " test_as_an_object"
            "; core/test_condition_blocks: test_a_block_has_the_lock"
        ),
        "copies share the lock; deep copies and pickles copy it": (
            "core/test_condition: test_copies_share_the_lock"
            " test_pickles_have_a_lock_of_their_own"
        ),
    },
    "SimpleQueue": A_SIMPLE_QUEUE,
    "SimpleLifoQueue": A_SIMPLE_QUEUE,
    "Queue": A_SIZED_QUEUE,
    "LifoQueue": A_SIZED_QUEUE,
    "PriorityQueue": A_SIZED_QUEUE,
    "Flag": {
        "`set` says whether the stored marker is the one passed": (
            "core/test_flag: test_the_first_marker_stays test_it_goes_by_identity"
            " test_without_a_marker_the_call_that_set_it_hears_so"
        ),
        "`get`: marker, default, factory, LookupError": (
            "core/test_flag: test_what_get_falls_back_on"
        ),
        "truth, `clear`, `repr`": (
            "core/test_flag: test_it_is_true_while_it_is_set test_repr"
        ),
        "copies and pickles keep the marker, and warn once (D27)": (
            "core/test_flag: test_copy_keeps_the_marker_and_warns_once"
            " test_a_copy_of_an_unset_one_is_silent"
            " test_copies_and_pickles_keep_the_marker_and_warn"
        ),
        "of many at once one wins": "core/test_flag: test_of_many_at_once_one_wins",
    },
    "ResourceGuard": {
        "one at a time; a second user is refused": (
            "core/test_guard: test_one_at_a_time"
            " test_the_error_is_a_runtime_error_and_says_what_is_done"
        ),
        "leaving frees it, unchecked": (
            "core/test_guard: test_leaving_is_not_checked test_an_error_inside_frees_it"
        ),
        "`action` is a keyword; `repr`, truth": (
            "core/test_guard: test_the_action_is_a_keyword test_repr"
        ),
        "copies and pickles are new ones (D8, D12)": (
            "core/test_guard: test_copies_and_pickles_are_new_ones"
        ),
    },
    "synchronized": {
        "locks with async methods: coroutine functions and `async with` only": (
            "core/test_synchronized: test_a_lock_of_an_async_library"
        ),
        "locks with sync methods: both, and both kinds of blocks": (
            "core/test_synchronized: test_a_lock_of_threads"
        ),
        "our own locks, semaphores, limiters: both": (
            "core/test_synchronized: test_a_lock_of_ours"
            " test_a_condition_is_synchronized_by_its_lock"
        ),
        "functions, methods, class and static methods, classes, objects": (
            "core/test_synchronized_objects: test_functions"
            " test_methods_of_one_object_share_its_lock test_blocks_of_an_object"
            " test_a_class_is_made_under_its_lock"
        ),
        "one RLock for an object, made once; may be set before (D24)": (
            "core/test_synchronized_objects: test_of_many_at_once_all_find_one_lock"
            " test_it_does_not_matter_whose_lock_is_made_first"
            " test_a_lock_that_the_user_has_put_there test_objects_with_slots"
            " test_copies_have_locks_of_their_own"
        ),
        "what it wraps looks like itself": "core/test_synchronized_objects: test_functions",
    },
    "once": {
        "runs once; the result is kept, and an exception is not": (
            "core/test_once: test_it_runs_once_and_its_result_is_kept"
            " test_any_result_is_one test_an_exception_is_not_kept"
        ),
        "callers block their threads, and go on together": (
            "core/test_once: test_callers_block_their_threads_and_go_on_together"
            " test_of_those_who_wait_one_tries_again test_of_many_at_once_one_runs_it"
        ),
        "a recursive call is refused, unless `reentrant`; also from handlers": (
            "core/test_once: test_a_recursive_call_is_refused"
            " test_a_reentrant_one_runs_inside_and_the_last_result_is_kept"
            " test_a_handler_may_call_it_at_any_moment"
        ),
        "no arguments; name and text of what it wraps": (
            "core/test_once: test_it_has_the_name_of_what_it_wraps"
        ),
        "coroutine functions: tasks wait, and another tries after a failure": (
            "core/test_once_coroutines: test_tasks_wait_and_have_the_same_result"
            " test_a_first_call_that_is_cancelled_lets_the_next_try"
            " test_a_first_call_that_fails_lets_the_next_try"
            "; scenarios/test_c06_once_for_all_loops: test_six_loops_have_one_result"
        ),
    },
}
