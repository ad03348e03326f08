//! What every store of the log promises, each promise a test, each test for every store.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that meets the unexpected fails"
)]

mod appending;
#[cfg(feature = "kurrentdb")]
mod cluster;
mod faults;
mod racing;
mod reading;
mod restarting;
mod store;
mod watching;

/// Makes one test of each promise for each store.
macro_rules! promises {
    ($($module:ident: $($promise:ident),+;)+) => {
        mod memory {
            use crate::store::Store;
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() { crate::$module::$promise(Store::memory()).await; }
            )+)+
        }
        mod embedded {
            use crate::store::Store;
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() { crate::$module::$promise(Store::embedded()).await; }
            )+)+
        }
        #[cfg(feature = "kurrentdb")]
        mod kurrentdb {
            use crate::store::Store;
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $promise() { crate::$module::$promise(Store::kurrentdb().await).await; }
            )+)+
        }
    };
}

promises! {
    appending:
        positions_and_revisions_count_from_zero,
        a_new_stream_is_expected_to_have_no_event,
        a_stream_that_has_moved_on_is_a_conflict,
        a_stream_that_is_not_there_yet_is_a_conflict,
        a_conflict_writes_nothing,
        a_guard_that_holds_lets_the_append_through,
        a_guard_on_an_empty_stream_holds_until_its_first_event,
        a_guard_that_moved_refuses_and_writes_nothing,
        every_guard_counts_not_only_the_first,
        a_guard_on_the_written_stream_is_judged_before_the_append,
        an_append_of_many_events_is_whole_and_in_order,
        an_append_without_events_is_unstorable,
        an_entry_may_be_as_long_as_the_limit_and_no_longer,
        an_entry_that_is_not_text_is_unstorable,
        streams_do_not_disturb_each_other,
        appends_in_order_stand_in_their_order,
        of_appends_in_order_the_one_that_fails_is_named_and_those_before_it_are_written;
    reading:
        what_was_appended_is_read_byte_for_byte,
        a_sealed_section_is_there_or_not_as_appended,
        an_empty_stream_reads_as_empty_and_has_no_head,
        the_head_is_the_last_event,
        a_stream_is_read_from_a_revision_to_a_revision,
        a_long_stream_is_read_whole_and_in_order,
        the_whole_log_is_read_in_pieces_without_gap,
        reading_at_or_beyond_the_end_is_empty,
        events_are_read_by_their_positions_in_the_order_asked,
        many_scattered_events_are_read_by_their_positions,
        a_position_at_or_beyond_the_end_has_no_event,
        what_was_erased_is_read_without_its_section_by_position_too,
        erasing_removes_sealed_sections_of_one_stream_only,
        erasing_twice_finds_nothing_the_second_time;
    watching:
        the_length_is_announced,
        a_refused_append_announces_nothing,
        what_is_announced_can_be_read;
    restarting:
        everything_is_there_after_a_restart,
        revisions_go_on_after_a_restart,
        guards_hold_after_a_restart,
        erased_stays_erased_after_a_restart;
    racing:
        of_many_appends_at_one_revision_exactly_one_wins,
        guards_hold_at_the_position_of_the_event;
}
