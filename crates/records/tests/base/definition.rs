//! The built-in tables hold together: every name means something, and the documented columns are there.

use snowglobe_records::{
    Dictionary,
    base::{self, load},
    dictionary::{ChoiceMode, Kind},
};

use crate::dictionary;

#[test]
fn every_table_is_declared_once_and_every_parent_is_extendable() {
    let definition = base::definition();
    for row in &definition.tables {
        let same = definition
            .tables
            .iter()
            .filter(|other| other.name == row.name)
            .count();
        assert_eq!(same, 1, "{}", row.name);
        if let Some(parent) = &row.super_class {
            let parent = definition.tables.iter().find(|other| other.name == *parent);
            assert!(
                parent.is_some_and(|parent| parent.is_extendable),
                "{}",
                row.name
            );
        }
    }
    assert_eq!(dictionary().tables().count(), definition.tables.len());
}

#[test]
fn no_table_declares_a_column_that_it_has_already() {
    let (definition, dictionary) = (base::definition(), dictionary());
    for row in &definition.columns {
        let own = definition
            .columns
            .iter()
            .filter(|other| other.name == row.name && other.element == row.element)
            .count();
        assert_eq!(own, 1, "{}.{}", row.name, row.element);
        for ancestor in dictionary.table(&row.name).expect("its table").ancestors() {
            let inherited = dictionary
                .table(ancestor)
                .expect("an ancestor")
                .column(&row.element);
            assert!(
                inherited.is_none(),
                "{}.{} is inherited",
                row.name,
                row.element
            );
        }
    }
}

#[test]
fn every_reference_leads_to_a_table_that_can_be_displayed() {
    let dictionary = dictionary();
    for table in dictionary.tables() {
        for column in table.columns() {
            let points = matches!(column.kind, Kind::Reference | Kind::List);
            assert_eq!(
                column.reference.is_some(),
                points,
                "{}.{}",
                table.name(),
                column.element
            );
            if let Some(target) = &column.reference {
                let target = dictionary.table(target).expect("the referenced table");
                assert!(
                    target.display().is_some(),
                    "{} has no display column",
                    target.name()
                );
            }
        }
    }
}

#[test]
fn every_override_and_choice_list_is_for_a_column_that_exists() {
    let (definition, dictionary) = (base::definition(), dictionary());
    let overridden = definition
        .overrides
        .iter()
        .map(|row| (&row.name, &row.element));
    let listed = definition
        .choices
        .iter()
        .map(|row| (&row.name, &row.element));
    for (name, element) in overridden.chain(listed) {
        let table = dictionary.table(name).expect("its table");
        assert!(table.column(element).is_some(), "{name}.{element}");
    }
    for column in dictionary.tables().flat_map(|table| table.columns()) {
        assert_eq!(
            column.choice == ChoiceMode::None,
            column.choices.is_empty(),
            "{}.{}",
            column.declared_in,
            column.element
        );
    }
}

#[test]
fn every_default_is_a_value_of_its_column() {
    use snowglobe_records::dictionary::DefaultValue;
    for table in dictionary().tables() {
        for column in table.columns() {
            let name = format!("{}.{}", table.name(), column.element);
            match &column.default {
                DefaultValue::Literal(text) => {
                    assert!(column.kind.parse(text).is_ok(), "{name} = {text}");
                    assert!(column.admits(text), "{name} = {text}");
                }
                DefaultValue::Script(script) => panic!("{name}: {script} is not run"),
                _ => {}
            }
        }
    }
}

#[test]
fn an_incident_has_the_88_columns_of_the_documented_sample() {
    let dictionary = dictionary();
    let incident = dictionary.table("incident").expect("incident");
    assert_eq!(incident.columns().len(), 88);
    for (element, target) in [
        ("caller_id", "sys_user"),
        ("assignment_group", "sys_user_group"),
        ("business_service", "cmdb_ci_service"),
        ("universal_request", "task"),
        ("problem_id", "problem"),
        ("caused_by", "change_request"),
        ("contract", "ast_contract"),
        ("sys_domain", "sys_user_group"),
        ("watch_list", "sys_user"),
        ("group_list", "sys_user_group"),
    ] {
        let column = incident.column(element).expect("a documented column");
        assert_eq!(column.reference.as_deref(), Some(target), "{element}");
    }
}

#[test]
fn children_of_task_have_their_own_states_defaults_and_numbers() {
    let dictionary = dictionary();
    for (name, default, label, first) in [
        ("task", "1", "Open", "TASK0020001"),
        ("incident", "1", "New", "INC0010001"),
        ("problem", "101", "New", "PRB0040001"),
        ("problem_task", "151", "New", "PTASK0010001"),
        ("change_request", "-5", "New", "CHG0030001"),
        ("change_task", "1", "Open", "CTASK0010001"),
        ("sc_request", "1", "Open", "REQ0010001"),
        ("sc_req_item", "1", "Open", "RITM0010001"),
        ("sc_task", "1", "Open", "SCTASK0010001"),
        ("incident_task", "1", "Open", "TASK0020001"),
        ("sn_customerservice_case", "1", "New", "CS0001001"),
    ] {
        let table = dictionary.table(name).expect("a kind of task");
        let state = table.column("state").expect("state");
        let literal = snowglobe_records::dictionary::DefaultValue::Literal(default.into());
        assert_eq!(state.default, literal, "{name}");
        assert_eq!(state.choice_label(default), Some(label), "{name}");
        let number = table.number().expect("a number format");
        assert_eq!(number.render(number.base + 1), first);
    }
    let customer = dictionary
        .table("customer_account")
        .expect("customer_account");
    let number = customer.number().expect("a number format");
    assert_eq!(number.render(number.base + 1), "ACCT0000001");
}

#[test]
fn the_documented_trees_stand() {
    let dictionary = dictionary();
    for lineage in [
        "cmdb_ci_linux_server cmdb_ci_server cmdb_ci_computer cmdb_ci_hardware cmdb_ci cmdb",
        "cmdb_ci_service_discovered cmdb_ci_service cmdb_ci cmdb",
        "alm_hardware alm_asset",
        "customer_account core_company",
        "customer_contact sys_user",
        "csm_consumer_user sys_user",
        "sys_dictionary sys_metadata",
        "sys_db_object sys_metadata",
        "oauth_jwt oauth_entity",
        "sn_customerservice_case task",
        "rm_story planned_task task",
        "item_option_new question sys_metadata",
        "cmdb_ci_vmware_instance cmdb_ci_vm_instance cmdb_ci_vm_object cmdb_ci cmdb",
    ] {
        let mut names = lineage.split(' ');
        let table = names
            .next()
            .and_then(|name| dictionary.table(name))
            .expect(lineage);
        assert!(
            table
                .ancestors()
                .iter()
                .map(snowglobe_records::name::Name::as_str)
                .eq(names),
            "{lineage}"
        );
    }
    let task = dictionary.table("task").expect("task");
    assert_eq!(task.descendants().len(), 21);
    assert!(dictionary.table("bsm_chart").is_some());
}

/// `rest-and-records.md` §17: what command-line tools and MCP servers read beside tasks.
#[test]
fn rest_17_the_tables_of_public_clients_stand() {
    let dictionary = dictionary();
    for (table, elements) in [
        (
            "sys_script_include",
            "name api_name script client_callable access active",
        ),
        ("sys_update_set", "name state application is_default"),
        ("sys_update_xml", "name target_name update_set payload"),
        ("wf_workflow", "name table description"),
        ("wf_activity", "workflow_version name order"),
        (
            "sysapproval_approver",
            "approver state sysapproval comments",
        ),
        (
            "item_option_new",
            "name question_text type cat_item mandatory order",
        ),
        ("kb_knowledge_base", "title owner active"),
        ("kb_category", "label parent_id full_category"),
        ("kb_knowledge", "kb_knowledge_base kb_category article_type"),
        (
            "rm_story",
            "epic sprint story_points acceptance_criteria number state",
        ),
        ("cmdb_ci", "model_id supported_by po_number attributes"),
        (
            "em_event",
            "source node severity message_key additional_info",
        ),
    ] {
        let table = dictionary.table(table).expect(table);
        for element in elements.split(' ') {
            assert!(
                table.column(element).is_some(),
                "{}.{element}",
                table.name()
            );
        }
    }
}

#[test]
fn secrets_are_never_read_back() {
    let dictionary = dictionary();
    for (table, element) in [
        ("sys_user", "user_password"),
        ("oauth_entity", "client_secret"),
        ("oauth_entity", "client_secret_previous"),
        ("oauth_credential", "token"),
        ("oauth_credential", "token_received"),
        ("jwt_verifier_map", "shared_key"),
    ] {
        let column = dictionary
            .table(table)
            .and_then(|table| table.column(element));
        assert!(
            matches!(column.expect(element).kind, Kind::Secret(_)),
            "{table}.{element}"
        );
    }
}

#[test]
fn the_foundation_is_enough_to_read_a_dictionary() {
    let whole = dictionary();
    let (foundation, problems) = Dictionary::build(&base::foundation());
    assert_eq!(problems, []);
    assert!(foundation.tables().count() < 20);
    for source in load::SOURCES {
        let table = foundation.table(source.table).expect("a table");
        let known = whole.table(source.table).expect("a table");
        assert_eq!(table.descendants(), known.descendants());
        for element in source.elements {
            let column = table.column(element).expect("a column");
            let known = known.column(element).expect("a column");
            assert_eq!(column.storage, known.storage);
        }
    }
}
