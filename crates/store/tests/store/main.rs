//! The store above its backends: one suite for every database.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod access_policies;
mod aggregates;
mod assertions;
mod attachments;
mod clients;
mod codes;
mod current;
mod customer_updates;
mod devices;
mod differential;
mod displays;
mod fixture;
mod grants;
mod holder;
mod keys;
mod labels;
mod limits;
mod lockout;
mod nodes;
mod notes;
mod numbers;
mod opening;
mod queries;
mod records;
mod revocations;
mod second_factor;
mod sessions;
mod signing_keys;
mod standing;
mod tables;
mod tokens;
mod users;
mod work;

/// Runs each function as a test on each database.
macro_rules! on_every_database {
    ($($module:ident :: $test:ident,)*) => {
        mod memory { $(crate::on!(memory, $module, $test);)* }
        mod file { $(crate::on!(file, $module, $test);)* }
        mod postgres { $(crate::on!(postgres, $module, $test);)* }
    };
}

/// Runs each function as a test on each database that outlives its process.
macro_rules! on_every_kept_database {
    ($($module:ident :: $test:ident,)*) => {
        mod kept_file { $(crate::on!(file, $module, $test);)* }
        mod kept_postgres { $(crate::on!(postgres, $module, $test);)* }
    };
}

/// Runs each function as a test with several stores on one database.
macro_rules! on_many_nodes {
    ($($module:ident :: $test:ident,)*) => {
        mod many_nodes { $(crate::on!(postgres, $module, $test);)* }
    };
}

/// Runs a function as a test on one database.
macro_rules! on {
    ($place:ident, $module:ident, $test:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            crate::$module::$test(crate::fixture::$place()).await;
        }
    };
}
pub(crate) use on;

on_every_database! {
    labels::every_column_has_a_label_that_can_be_read,
    labels::a_new_column_has_its_label_at_once,
    labels::a_label_is_changed_in_either_place,
    labels::copies_of_inherited_columns_follow,
    customer_updates::a_file_has_one_place_in_a_set_and_many_versions,
    customer_updates::whoever_chose_an_open_set_works_in_it,
    customer_updates::other_rows_are_in_no_set,
    work::one_of_many_takes_it_up,
    work::what_is_put_off_waits_and_what_is_over_is_gone,
    work::who_was_thought_dead_does_not_have_the_last_word,
    work::what_is_held_stays_held,
    work::old_calls_are_swept_unless_they_are_still_to_be_made,
    grants::one_of_many_takes_off,
    grants::a_late_answer_is_kept_and_a_late_refusal_is_not,
    access_policies::a_change_of_an_access_policy_counts_at_once,
    access_policies::a_change_of_filter_criteria_counts_at_once,
    standing::a_row_that_is_revoked_takes_its_family_along,
    standing::the_row_of_an_access_token_ends_the_refresh_token_it_came_with,
    standing::every_token_of_a_client_ends_with_those_on_their_way,
    codes::security_39_a_client_s_grants_of_a_session_are_found_until_they_are_dead,
    aggregates::groups_are_counted_and_calculated,
    aggregates::groups_are_conditioned_and_ordered,
    aggregates::columns_are_reached_through_references,
    aggregates::nothing_is_counted_too,
    attachments::pieces_come_back_and_go_with_their_record,
    devices::a_device_is_found_by_its_user_code_alone,
    devices::security_52_one_of_many_answers_counts,
    devices::security_a_device_code_is_used_once_under_64_polls,
    devices::a_device_that_was_denied_or_came_too_late_gets_nothing,
    devices::a_poll_is_noted,
    devices::devices_are_swept_a_day_after_their_codes_end,
    differential::sql_selects_and_orders_as_rust_does,
    differential::pages_tile_the_list,
    differential::a_child_tables_rows_are_the_rows_of_its_class,
    queries::any_query_selects_the_same_rows_in_sql_and_in_rust,
    records::what_was_written_is_read_back,
    records::an_update_changes_its_row_and_counts,
    records::a_deleted_row_is_gone_with_its_journal,
    records::a_stale_write_leaves_no_trace,
    records::a_note_alone_is_guarded_too,
    records::an_update_of_an_audited_table_is_traced,
    records::a_deletion_is_traced_whether_its_table_is_audited_or_not,
    records::a_duplicate_is_refused_by_name,
    records::an_update_into_a_duplicate_is_refused,
    records::a_chosen_key_is_kept_and_found_in_any_case,
    records::a_write_that_cannot_be_stored_is_an_error,
    records::a_write_outlives_whoever_waited_for_it,
    numbers::numbers_follow_each_other,
    numbers::many_at_once_get_one_each,
    numbers::a_given_number_is_kept_and_draws_none,
    numbers::an_inherited_format_counts_with_its_owner,
    numbers::a_new_format_numbers_from_its_base,
    tables::a_new_table_is_usable_at_once,
    tables::a_child_shares_its_parents_storage,
    tables::two_children_may_have_columns_of_the_same_name,
    tables::a_new_column_of_a_built_in_table_is_usable_at_once,
    tables::what_is_taken_from_the_dictionary_comes_back_with_its_data,
    tables::a_type_changed_later_does_not_break_the_table,
    tables::an_index_may_be_asked_for_later,
    tables::rows_that_are_not_unique_do_not_stop_the_instance,
    tables::the_longest_names_stay_apart,
    tables::names_that_are_taken_harm_nothing,
    tables::a_column_without_a_table_is_left_out,
    tables::a_reference_shows_rows_of_its_table_only,
    tables::choices_and_defaults_apply_at_once,
    limits::thousands_of_conditions_are_answered,
    limits::a_list_of_a_hundred_thousand_values_is_answered,
    limits::a_pattern_longer_than_any_column_matches_nothing,
    limits::a_long_pattern_is_found_in_longer_text,
    limits::a_page_may_refer_to_any_number_of_rows,
    limits::long_text_may_stand_in_an_indexed_column,
    limits::a_window_beyond_every_row_is_empty,
    limits::rows_without_columns_are_counted_all_the_same,
    limits::a_count_is_made_again_when_related_rows_come,
    signing_keys::a_signing_key_outlives_a_restart,
    signing_keys::security_59_a_replaced_signing_key_stays_until_its_tokens_are_dead,
    signing_keys::security_59_a_removed_signing_key_is_gone_at_once,
    tokens::rows_that_come_twice_are_kept_once,
    tokens::a_row_is_found_by_its_sys_id,
    tokens::rows_come_in_the_order_of_their_making,
    tokens::one_of_many_rotations_wins,
    tokens::a_rotation_of_another_generation_conflicts,
    tokens::a_lost_rotation_writes_nothing_else,
    tokens::the_row_of_a_late_insert_does_not_undo_a_rotation,
    revocations::a_revocation_outlives_whoever_waited_for_it,
    lockout::failures_are_shown_and_the_last_one_locks,
    lockout::a_failure_that_was_outrun_conflicts,
    lockout::a_lock_by_guesses_is_lifted_when_its_time_is_over,
    lockout::a_log_in_is_shown_and_is_no_edit,
    second_factor::a_step_is_used_once_however_many_ask_at_once,
    second_factor::a_recovery_code_is_used_once,
    second_factor::a_second_factor_ends_when_it_is_removed_or_an_administrator_says_so,
    second_factor::a_new_password_ends_sessions_and_tokens,
    sessions::a_session_is_found_by_its_cookie_alone,
    sessions::a_session_that_takes_the_place_of_another_ends_it,
    sessions::a_use_is_noted,
    sessions::sessions_end_one_by_one_or_all_of_a_user,
    sessions::old_sessions_are_swept,
    current::one_of_two_racing_grants_is_remembered,
    current::a_scope_keeps_its_number,
    tokens::the_dead_are_swept_in_slices,
    notes::a_token_that_was_revoked_before_it_had_a_row_is_marked,
    notes::a_row_says_whose_the_token_was_when_they_are_gone,
    notes::tokens_are_found_from_other_tables,
    notes::the_current_token_is_found_where_it_is_only_noted,
    notes::the_notes_of_the_dead_are_swept_unread,
    revocations::a_revocation_is_forgotten_when_its_token_is_dead,
    keys::the_number_of_a_deleted_user_or_client_is_not_given_again,
    users::roles_come_from_everywhere_they_may,
    users::a_circle_of_groups_ends,
    users::every_change_of_a_role_counts_at_once,
    users::every_change_of_a_user_counts_at_once,
    users::a_user_of_a_table_made_at_run_time_counts_too,
    users::a_users_formats_follow_the_instances,
    assertions::one_of_many_uses_counts,
    assertions::what_a_used_assertion_came_with_is_not_written,
    assertions::used_assertions_are_swept_when_they_are_dead,
    assertions::trust_follows_its_records,
    assertions::a_shared_key_opens_for_its_row_alone,
    clients::a_client_acts_as_its_application_user,
    clients::a_change_of_a_client_counts_at_once,
    clients::a_damaged_client_harms_no_other,
    clients::the_registry_s_fields_reach_the_protocol,
    clients::the_kind_of_a_record_is_its_class,
    displays::references_show_what_they_point_to,
    displays::the_dictionary_refers_by_name,
    displays::a_row_is_found_by_what_it_shows,
}

on_every_kept_database! {
    work::what_a_dead_process_was_at_is_due_again,
    grants::what_was_granted_is_held_sealed_and_outlives_a_restart,
    grants::a_warm_grant_is_what_was_written_last,
    grants::a_request_that_a_crash_left_behind_may_have_spent_the_token,
    numbers::a_stop_in_good_order_leaves_no_gap,
    numbers::a_crash_leaves_a_small_gap,
    assertions::a_used_assertion_stays_used,
    tokens::a_row_written_behind_is_there_after_a_close,
    notes::every_token_has_its_row_when_somebody_looks,
    revocations::a_revocation_survives,
    revocations::deleting_its_row_revokes_a_token,
    revocations::a_new_password_ends_the_tokens_of_before,
    current::the_newest_tokens_are_found_again,
    current::a_revoked_token_is_not_current,
    current::tokens_of_another_scope_or_client_are_not_current,
    keys::old_keys_verify_after_a_rotation,
    keys::another_master_key_opens_nothing,
    tokens::a_swallowed_row_is_written_when_its_token_is_seen,
    keys::an_id_is_never_given_twice,
    opening::what_a_later_version_adds_is_made,
    opening::what_people_changed_stays,
    opening::a_start_that_was_cut_short_is_finished,
    opening::facts_are_kept,
    opening::the_schema_is_what_the_database_tells,
    devices::what_a_person_said_outlives_a_restart,
    sessions::a_session_outlives_a_restart,
    opening::a_moved_clock_stays_moved_and_production_does_not_look,
}

on_many_nodes! {
    signing_keys::security_59_other_nodes_hear_of_a_removed_signing_key,
    numbers::two_nodes_never_give_the_same_number,
    nodes::a_table_is_usable_elsewhere_when_it_is_announced,
    nodes::whatever_was_not_heard_is_noticed,
    nodes::a_revocation_is_heard,
    sessions::a_session_that_one_node_ends_is_ended_on_the_other,
    sessions::what_one_node_seals_the_other_opens,
    nodes::a_change_of_a_user_is_heard,
    access_policies::a_change_of_an_access_policy_is_heard,
    nodes::a_moved_clock_is_heard,
    nodes::a_new_key_is_heard,
    nodes::columns_may_be_made_in_two_places_at_once,
}

/// What begins with nothing.
mod first_openings {
    crate::on!(empty_postgres, nodes, processes_may_start_together);
    mod file {
        crate::on!(empty_file, opening, opening_again_writes_nothing);
    }
    mod postgres {
        crate::on!(empty_postgres, opening, opening_again_writes_nothing);
    }
}

mod on_sqlite {
    crate::on!(file, notes, rows_are_made_at_leisure);
}
