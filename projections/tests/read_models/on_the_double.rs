//! The same on a log on a cluster: each of these tests again, on a double of one. Where a test goes through
//! several histories, through the first of them; one is left out that makes some thousand appends.

/// Makes one more test of each.
macro_rules! on_the_double {
    ($($name:ident from $($part:ident)::+: $($test:ident),+;)+) => {$(
        mod $name {
            use crate::$($part)::+ as of;
            on_the_double! { @ $($test),+ }
        }
    )+};
    (@ $($test:ident),+) => {$(
        #[test]
        fn $test() {
            crate::logs::on_the_double(of::$test);
        }
    )+};
}

on_the_double! {
    properties from properties:
        rebuilt_is_followed_is_folded_by_hand,
        as_of_a_position_is_the_fold_of_what_stands_before,
        delivered_again_nothing_changes,
        what_makes_no_sense_is_skipped_and_recorded_with_its_reason,
        nothing_personal_is_in_the_file;
    rebuilding from rebuilding:
        a_rebuild_is_built_beside_compared_switched_and_the_old_one_kept,
        a_difference_is_found_and_named,
        a_rebuild_is_cancelled_by_dropping_it,
        before_it_is_built_a_read_model_says_so;
    trouble from trouble:
        a_gap_in_the_log_stops_it_loudly,
        an_event_that_cannot_be_read_is_skipped_and_recorded,
        read_models_of_another_log_are_not_gone_on_with,
        a_store_that_was_emptied_is_filled_again;
    looks from questions::looks:
        everything_a_practitioner_saw_is_listed_by_time,
        what_was_withheld_is_said_of_the_disclosure_from_then_on,
        who_was_looking_at_an_instant_is_answered_to_the_microsecond,
        an_override_is_unfinished_until_its_investigation_is_concluded;
    search from questions::search:
        a_former_name_leads_to_the_record_and_a_mixture_of_two_does_not,
        a_shielded_record_has_no_mark_of_anything_hidden,
        a_shield_of_a_moment_ago_counts_though_nobody_has_followed_the_log,
        a_wider_search_finds_what_sounds_alike,
        every_field_leads_there_alone_and_with_others,
        a_record_in_quarantine_is_recognised_and_not_found,
        a_list_without_end_is_cut_off_and_says_so,
        what_stands_for_an_erased_child_is_purged_from_every_build_and_from_the_file,
        without_the_keys_nothing_is_followed_that_needs_marks;
    shielding from questions::shielding:
        shields_are_in_force_from_their_first_instant_and_until_their_last,
        decisions_are_counted_for_each_authority,
        of_events_of_one_instant_those_up_to_the_position_count,
        a_review_is_due_until_it_is_made;
    standing from questions::standing:
        who_may_use_the_directory_is_judged_on_the_day,
        who_was_authorised_is_answered_as_it_was_known_then,
        who_lapses_within_so_many_days_is_known_beforehand,
        accounts_are_counted_at_any_instant,
        parliament_is_told_what_is_so_and_what_was_known,
        the_programme_and_the_public_information_are_answered_from_what_happened;
    unusual from questions::unusual:
        an_ordinary_day_shows_nothing,
        kin_are_found_by_surname_and_by_address_opened_or_asked_for,
        a_look_without_involvement_stands_unless_it_is_explained_in_time,
        each_of_several_looks_at_one_child_is_listed_once,
        more_records_of_another_authority_than_usual_are_found_of_its_own_people_not,
        the_measure_of_the_day_is_the_one_in_force_and_is_named,
        a_burst_a_row_of_searches_and_many_overrides_are_found,
        a_dormant_account_and_one_that_lapsed_since_are_found,
        searches_near_a_shielded_child_are_found;
}
