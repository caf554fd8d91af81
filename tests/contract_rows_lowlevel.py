# SPDX-License-Identifier: ISC
"""What ``aiologic.lowlevel`` promises, in few words, and the tests that hold it to that."""

# As in contract_rows.py, but what these names promise they promise together: a row is about all names of its group.

from __future__ import annotations

LOWLEVEL: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    (
        "1.4.1",
        (
            "Waiter",
            "GreenWaiter",
            "AsyncWaiter",
            "create_green_waiter",
            "create_async_waiter",
        ),
        {
            "one wait, in green calls and with `await`; True if woken, False in time": (
                "behaviour/waiters: test_a_thread_wakes_it test_a_task_wakes_it"
                " test_to_await_it_is_to_wait_without_a_time_out"
                " test_time_runs_out_for_a_waiter test_a_huge_time_out_of_a_waiter"
                " test_a_wrong_time_out_does_not_use_the_waiter_up"
                " test_it_is_good_for_one_wait"
            ),
            "woken any number of times, by anybody, before, during and after (D21)": (
                "behaviour/waiters: test_a_wake_up_before_the_wait_is_remembered"
                " test_it_is_woken_any_number_of_times test_a_callback_wakes_it"
                " test_a_waiter_outlives_its_stage; core/test_lowlevel_waiters:"
                " test_threads_race_to_wake_it test_a_handler_wakes_its_own_thread"
                " test_a_finalizer_wakes_it"
            ),
            "`shield` holds a cancellation back": (
                "behaviour/waiters: test_a_cancelled_wait"
                " test_a_shielded_wait_hears_of_a_cancellation_when_it_is_woken"
                " test_a_shielded_wait_hears_of_a_cancellation_when_its_time_is_up"
            ),
            "needs its library when it is made": (
                "core/test_lowlevel_libraries: test_what_needs_a_library_says_so"
            ),
            "no copies; protocols that are loaded when asked for": (
                "core/test_lowlevel_waiters: test_a_waiter_can_not_be_copied"
                " test_it_has_no_other_attributes"
                " test_protocols_are_loaded_when_asked_for"
            ),
        },
    ),
    (
        "1.4.2",
        (
            "Event",
            "GreenEvent",
            "AsyncEvent",
            "create_green_event",
            "create_async_event",
        ),
        {
            "unset, then set or cancelled for good; `set()` is true for one call": (
                "core/test_lowlevel_events: test_it_is_set_once test_time_is_up"
                " test_cancelled test_time_is_up_as_it_is_set"
                "; core/test_lowlevel_events_setters:"
                " test_of_many_who_set_it_one_is_told_so"
                " test_set_against_a_time_out_in_threads"
                "; behaviour/single_events: test_a_thread_sets_an_event"
                " test_a_task_sets_an_event"
                " test_an_event_is_cancelled_when_its_time_is_up"
                " test_a_cancelled_wait_cancels_its_event"
                " test_an_event_tells_whether_it_was_set_before_its_wait_was_cancelled"
                "; explorer/test_single_events: test_two_tasks test_three_tasks"
            ),
            "a wait that is interrupted by any exception ends so, a wrong `timeout` too": (
                "core/test_lowlevel_events: test_a_wrong_time_out"
                "; core/test_lowlevel_events_setters:"
                " test_a_keyboard_interrupt_in_a_wait_leaves_nobody"
            ),
            "set before the wait: remembered, and repeatable (D21)": (
                "core/test_lowlevel_events: test_set_before_the_wait"
                "; behaviour/single_events:"
                " test_an_event_that_was_set_before_is_waited_for_at_once"
            ),
            "one waits at a time": (
                "core/test_lowlevel_events:"
                " test_a_second_wait_is_refused_while_the_first_goes_on"
                "; behaviour/single_events: test_an_event_has_one_who_waits"
            ),
            "set by signal handlers, finalizers, other threads, after its loop has gone": (
                "core/test_lowlevel_events_setters:"
                " test_a_signal_handler_sets_it_in_the_thread_that_waits"
                " test_a_finalizer_sets_it"
                "; core/test_lowlevel_events: test_a_task_that_never_runs_again"
                "; core/test_lowlevel_events_setters:"
                " test_a_handler_sets_it_at_any_step_of_a_wait"
                " test_a_handler_sets_it_at_any_step_of_a_time_out"
                " test_a_handler_sets_it_at_any_step_of_another_set"
                " test_a_keyboard_interrupt_in_set_wakes_who_waits"
                "; behaviour/single_events: test_an_event_outlives_its_stage"
            ),
            "made anywhere; its library is asked for when it has to wait": (
                "core/test_lowlevel_events: test_made_anywhere_and_waited_for_somewhere"
            ),
            "`shield`, and `force` for a checkpoint where there is no wait": (
                "core/test_lowlevel_events_checkpoints:"
                " test_shield_and_force_are_read_when_it_waits test_a_forced_checkpoint"
                " test_a_checkpoint_where_they_are_on test_a_green_checkpoint"
                "; behaviour/single_events: test_a_shielded_wait_for_an_event"
            ),
            "`locking`: it has what a once-lock consists of": (
                "core/test_lowlevel_events_as_objects: test_one_with_a_lock_in_it"
            ),
            "`repr`; slots, no copies; abstract classes": (
                "core/test_lowlevel_events_as_objects: test_as_an_object"
                " test_what_is_abstract test_events_of_ones_own"
            ),
        },
    ),
    (
        "1.4.2",
        (
            "SET_EVENT",
            "DUMMY_EVENT",
            "CANCELLED_EVENT",
            "SetEvent",
            "DummyEvent",
            "CancelledEvent",
        ),
        {
            "of one state, for green and async callers": (
                "core/test_lowlevel_events_as_objects: test_a_constant"
                " test_a_wrong_time_out_of_a_constant"
                "; core/test_lowlevel_events_checkpoints: test_a_green_checkpoint"
            ),
            "one of each: also copies, pickles and calls of the class": (
                "core/test_lowlevel_events_as_objects: test_there_is_one_of_a_constant"
                " test_names_of_constants"
            ),
            "`shield` and `force` are read-only": (
                "core/test_lowlevel_events_as_objects: test_a_constant_is_read_only"
            ),
        },
    ),
    (
        "1.4.3",
        (
            "green_checkpoint",
            "async_checkpoint",
            "green_checkpoint_if_cancelled",
            "async_checkpoint_if_cancelled",
            "green_checkpoint_enabled",
            "async_checkpoint_enabled",
            "enable_checkpoints",
            "disable_checkpoints",
        ),
        {
            "`force`, then the context, then the environment (D25)": (
                "core/runtime/test_checkpoints: test_zero_is_off"
                " test_the_library_wins_over_the_group_and_that_over_the_default"
                " test_threads_have_a_group_and_a_library_too"
                "; core/runtime/test_switching: test_force_wins_over_everything"
                " test_a_forced_async_checkpoint_outside_of_a_library_does_nothing"
                " test_to_look_for_cancellation_never_yields_here"
            ),
            "blocks, functions, coroutine functions, awaitables": (
                "core/runtime/test_switching: test_a_green_block test_an_async_block"
                " test_a_function test_a_coroutine_function test_an_awaitable"
                " test_nothing_else_can_be_switched"
            ),
            "of one thread: tasks inherit it, other threads do not": (
                "core/runtime/test_switching: test_green_and_async_are_independent"
                " test_tasks_that_are_created_inside_inherit"
                " test_a_context_that_is_carried_into_another_thread_is_not_heeded"
                " test_a_manager_serves_one_block_at_a_time"
            ),
            "outside of a library (D23)": (
                "core/runtime/test_checkpoints:"
                " test_nothing_is_on_outside_of_a_library"
                "; core/test_lowlevel_libraries:"
                " test_checkpoints_are_off_where_no_library_runs"
            ),
        },
    ),
    (
        "1.4.4",
        ("ThreadLock", "ThreadRLock", "create_thread_lock", "create_thread_rlock"),
        {
            "the interpreter's own, whatever was patched": (
                "core/test_lowlevel_locks: test_thread_locks"
                "; monkey/test_unpatched:"
                " test_locks_of_threads_are_the_interpreters_own"
            ),
            "`_release_save` and `_acquire_restore`": (
                "core/test_lowlevel_locks:"
                " test_a_reentrant_one_is_given_back_and_taken_again"
            ),
        },
    ),
    (
        "1.4.4",
        ("ThreadOnceLock", "create_thread_oncelock"),
        {
            "reentrant; its first release opens it for all, for good": (
                "core/test_lowlevel_once_locks:"
                " test_its_holder_has_it_as_often_as_it_likes"
                " test_its_first_release_opens_it_for_good"
                " test_all_who_wait_go_on_at_once"
                "; core/test_lowlevel_once_locks_races: test_one_is_first"
                "; explorer/test_once_locks: test_two_tasks test_three_tasks"
            ),
            "not released by others before that": (
                "core/test_lowlevel_once_locks: test_only_its_holder_gives_it_back"
                " test_a_dead_holder_is_never_born_again"
                " test_the_tasks_of_a_thread_are_one_holder"
            ),
            "`blocking` and `timeout`, as of an RLock": (
                "core/test_lowlevel_once_locks: test_time_is_up test_what_is_refused"
            ),
            "the private methods of an RLock, and `_count`": (
                "core/test_lowlevel_once_locks: test_what_a_condition_uses"
                " test_a_level_is_restored_where_it_is_free test_a_condition_over_one"
                " test_a_child_forgets_who_held_it"
            ),
            "usable in handlers, at any bytecode": (
                "core/test_lowlevel_once_locks_races:"
                " test_a_handler_uses_it_at_any_step"
                " test_a_handler_does_not_open_what_is_held"
                " test_a_handler_opens_what_its_thread_waits_for"
                " test_a_keyboard_interrupt_as_it_is_opened"
                " test_a_keyboard_interrupt_as_it_is_taken"
            ),
            "a checkpoint; its memory is given back": (
                "core/test_lowlevel_once_locks:"
                " test_an_acquire_that_may_wait_is_a_checkpoint"
                " test_its_memory_is_given_back"
            ),
            "`repr`; weak references, no copies, no subclasses; `locked()` (D28)": (
                "core/test_lowlevel_once_locks: test_as_an_object"
            ),
        },
    ),
    (
        "1.4.4",
        ("THREAD_DUMMY_LOCK", "ThreadDummyLock"),
        {
            "never blocks, is never locked": "core/test_lowlevel_locks: test_a_dummy_lock",
            "one of it, also copies and pickles": (
                "core/test_lowlevel_locks: test_there_is_one_dummy_lock"
            ),
        },
    ),
    (
        "1.4.5",
        ("lazydeque",),
        {
            "does what a deque does (D9)": (
                "core/test_lowlevel_containers_models: test_it_is_used_as_a_deque_is"
                " test_repr_is_that_of_a_deque"
                "; core/test_lowlevel_containers: test_what_it_is_not"
            ),
            "has a deque from the first item on": (
                "core/test_lowlevel_containers: test_it_is_small_until_it_is_used"
                " test_no_first_item_is_lost"
            ),
            "a wrong `maxlen` is refused when it is made": (
                "core/test_lowlevel_containers: test_how_it_is_made"
            ),
            "a sequence with weak references; copies of subclasses": (
                "core/test_lowlevel_containers: test_it_is_a_sequence test_subclasses"
            ),
        },
    ),
    (
        "1.4.5",
        ("lazyqueue",),
        {
            "first in, first out; IndexError if there is nothing": (
                "core/test_lowlevel_containers:"
                " test_a_queue_is_first_in_first_out test_no_first_item_is_lost"
                " test_a_handler_comes_before_the_first_item"
                " test_a_handler_that_raises_leaves_nothing_for_others"
            ),
            "weak references, no copies, `repr`": (
                "core/test_lowlevel_containers: test_a_queue_as_an_object"
            ),
        },
    ),
    (
        "1.4.6",
        (
            "current_green_task",
            "current_green_task_ident",
            "current_green_token",
            "current_green_token_ident",
            "current_async_task",
            "current_async_task_ident",
            "current_async_token",
            "current_async_token_ident",
        ),
        {
            "each task's own, for its life; a pair of library and number": (
                "behaviour/identities:"
                " test_every_task_is_another_and_stays_the_same"
                " test_a_number_stands_for_its_task"
                " test_tasks_that_never_run_at_once_share_a_token"
                " test_another_stage_is_another_token"
                "; core/test_lowlevel_threads:"
                " test_a_thread_is_its_own_task_and_token"
            ),
            "callbacks have none (D16)": (
                "behaviour/identities:"
                " test_a_callback_has_a_library_and_a_token_and_no_task"
            ),
            "where no library runs": (
                "core/test_lowlevel_libraries: test_what_needs_a_library_says_so"
            ),
        },
    ),
    (
        "1.4.6",
        ("current_thread", "current_thread_ident"),
        {
            "the real thread, also where threads are patched": (
                "core/test_lowlevel_threads: test_the_main_thread test_another_thread"
                " test_the_main_thread_of_a_patched_threading test_threading_is_patched"
                "; behaviour/identities: test_the_thread_is_the_real_one"
            ),
            "a foreign thread has none": (
                "core/test_lowlevel_threads:"
                " test_a_foreign_thread_has_none_and_gets_no_dummy"
                " test_a_dummy_that_somebody_made_is_not_taken"
            ),
        },
    ),
    (
        "1.4.7",
        (
            "green_clock",
            "async_clock",
            "green_sleep",
            "async_sleep",
            "green_sleep_until",
            "async_sleep_until",
            "green_sleep_forever",
            "async_sleep_forever",
            "green_seconds_per_sleep",
            "async_seconds_per_sleep",
            "green_seconds_per_timeout",
            "async_seconds_per_timeout",
        ),
        {
            "the library's clock": (
                "behaviour/sleeps: test_a_clock_goes_on"
                "; core/test_lowlevel_sleeping: test_clocks"
            ),
            "sleeps of any length, and until any time": (
                "behaviour/sleeps: test_a_sleep_takes_its_time"
                " test_a_sleep_until_some_time test_what_has_passed_is_not_waited_for"
                " test_a_huge_sleep_can_be_cancelled"
                " test_a_sleep_is_one_switch_whatever_checkpoints_are"
            ),
            "for ever": (
                "behaviour/sleeps: test_a_sleep_without_end_can_be_cancelled"
                "; core/test_lowlevel_sleeping: test_for_ever"
                " test_who_sleeps_for_ever_and_goes_on_hears_of_it"
            ),
            "what is refused, by name and value (D28)": (
                "behaviour/sleeps: test_a_wrong_sleep_is_refused_by_name_and_value"
                " test_a_wrong_deadline_is_refused_by_name_and_value"
                "; core/test_lowlevel_sleeping: test_wrong_lengths"
                " test_wrong_deadlines"
            ),
            "the longest single wait": (
                "behaviour/sleeps: test_the_longest_that_a_library_can_count"
                "; core/test_lowlevel_sleeping: test_limits test_limits_on_windows"
            ),
        },
    ),
    (
        "1.4.8",
        ("shield",),
        {
            "awaitables, coroutine functions, functions": (
                "core/test_lowlevel_shapes: test_coroutine_functions test_awaitables"
                " test_plain_functions test_names_are_kept"
                " test_nothing_else_can_be_shielded"
            ),
            "the call runs to its end; then the cancellation is raised": (
                "behaviour/shields: test_a_cancelled_call_runs_to_its_end"
                " test_what_the_call_raises_goes_before_a_cancellation"
                " test_a_shield_is_of_use_once_for_each_call"
            ),
            "in the caller's name (D22)": (
                "behaviour/shields:"
                " test_a_lock_that_is_taken_in_a_shield_is_the_callers_own"
                " test_in_a_shield_the_caller_still_has_what_it_had"
            ),
        },
    ),
    (
        "1.4.9",
        (
            "signal_safety_enabled",
            "enable_signal_safety",
            "disable_signal_safety",
        ),
        {
            "off unless somebody says so; of one thread": (
                "core/test_lowlevel_signals: test_off_unless_somebody_says_so"
                " test_blocks test_functions_and_awaitables"
                " test_it_is_the_threads_own"
            ),
            "in a handler, nothing changes": (
                "core/test_lowlevel_signals: test_in_a_handler"
                " test_nothing_else_changes"
            ),
        },
    ),
    (
        "1.4.10",
        (
            "current_green_library",
            "current_async_library",
            "current_green_library_tlocal",
            "current_async_library_tlocal",
            "GreenLibraryNotFoundError",
            "AsyncLibraryNotFoundError",
        ),
        {
            "the library that runs the caller, or what `failsafe` gives": (
                "behaviour/identities: test_the_library_is_known"
                " test_outside_there_is_no_async_library"
                "; core/test_lowlevel_libraries: test_no_library"
                " test_the_innermost_runtime_is_meant test_a_task_and_a_callback"
            ),
            "the name that a thread was given": (
                "core/test_lowlevel_libraries: test_an_override_is_its_threads_own"
                " test_a_library_that_is_said_to_run_and_does_not"
            ),
            "errors that say what to install; sniffio's, too": (
                "core/test_lowlevel_libraries:"
                " test_a_library_that_has_no_backend_is_told_what_to_install"
                " test_a_greenlet_that_nobody_serves"
                "; core/runtime/test_exceptions: test_it_is_a_kind_of_sniffios"
                " test_one_class_under_two_names"
            ),
        },
    ),
]
