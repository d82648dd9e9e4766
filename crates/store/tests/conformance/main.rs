//! One suite for every database: what holds on one holds on all of them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod apply;
mod behind;
mod place;
mod processes;
mod read;
mod refuse;

/// Runs each function as a test on each database.
macro_rules! on_every_database {
    ($($module:ident :: $test:ident,)*) => {
        mod memory { $(crate::on!(memory, $module, $test);)* }
        mod file { $(crate::on!(file, $module, $test);)* }
        mod postgres { $(crate::on!(postgres, $module, $test);)* }
    };
}

/// Runs a function as a test on one database.
macro_rules! on {
    ($place:ident, $module:ident, $test:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            crate::$module::$test(crate::place::$place()).await;
        }
    };
}
pub(crate) use on;

on_every_database! {
    apply::a_batch_is_visible_when_it_is_applied,
    apply::a_guard_that_sees_no_row_is_a_conflict,
    apply::a_guard_that_sees_too_many_rows_undoes_its_batch_only,
    apply::a_batch_holds_together_or_not_at_all,
    apply::a_refused_batch_harms_no_other_of_its_group,
    apply::a_batch_says_how_many_rows_it_has_touched,
    apply::an_empty_batch_is_applied,
    apply::a_single_use_row_is_used_once,
    apply::a_large_group_is_applied_whole,
    apply::a_row_that_yields_among_many_is_told,
    apply::a_duplicate_among_many_rows_is_refused_alone,
    apply::inserts_and_other_batches_keep_their_order,
    apply::a_script_is_run_whole_or_not_at_all,
    behind::a_row_written_behind_is_there_after_a_flush,
    behind::a_row_written_behind_needs_no_flush,
    behind::rows_written_behind_keep_their_order_with_rows_waited_for,
    behind::a_refused_row_harms_no_other,
    read::cells_come_back_as_they_went_in,
    read::both_costs_answer_alike,
    read::statements_of_one_read_see_one_moment,
    read::a_reader_who_goes_away_harms_no_other,
    refuse::a_duplicate_names_its_table_and_column,
    refuse::a_duplicate_key_names_its_columns,
    refuse::a_duplicate_in_a_batch_undoes_all_of_it,
    refuse::nul_is_refused,
    refuse::a_statement_that_makes_no_sense_is_refused_alone,
    refuse::a_value_that_does_not_fit_is_refused,
    refuse::readers_cannot_write,
}

mod one_process {
    crate::on!(file, processes, a_second_opener_of_a_file_is_refused);
    crate::on!(
        file,
        processes,
        what_is_applied_is_there_after_opening_again
    );
    crate::on!(memory, processes, two_instances_in_memory_share_nothing);
    crate::on!(file, processes, the_log_is_copied_back);
    crate::on!(file, processes, a_backup_is_a_whole_database);
    #[cfg(unix)]
    crate::on!(file, processes, nobody_else_may_read_the_files);
}

mod many_processes {
    crate::on!(postgres, processes, numbers_differ);
    crate::on!(postgres, processes, an_announcement_is_heard_by_others_only);
    crate::on!(postgres, processes, a_refused_batch_announces_nothing);
    crate::on!(postgres, processes, a_lost_session_is_told_and_mended);
    crate::on!(postgres, processes, a_lost_writer_is_mended);
    crate::on!(postgres, processes, the_last_owner_writes_what_waits);
    crate::on!(postgres, processes, the_same_row_is_used_by_one_process);
    crate::on!(postgres, processes, a_server_that_is_not_there_is_named);
}
