//! The built-in tables. To add one, write it down in the file of its family, or in a new file and in the list below.

mod administration;
mod api_access;
mod asset;
mod automation;
mod change;
mod change_model;
mod cmdb;
mod connection;
mod credential;
mod development;
mod dictionary;
mod event;
mod exchange;
mod filter_criteria;
mod forms;
mod group;
mod history;
mod import_set;
mod incident;
mod jwt_provider;
mod knowledge;
mod metadata;
mod navigator;
mod oauth_consent;
mod oauth_credential;
mod oauth_entity;
mod oauth_requestor_profile;
mod organisation;
mod planned;
mod portal;
mod problem;
mod properties;
mod request;
mod rest_message;
mod running;
mod security;
mod service_level;
mod tags;
mod task;
mod user;
mod variable;
mod web_services;
mod workflow;

use super::spec::Table;

const FAMILIES: &[&[Table]] = &[
    metadata::TABLES,
    dictionary::TABLES,
    security::TABLES,
    properties::TABLES,
    automation::TABLES,
    user::TABLES,
    group::TABLES,
    organisation::TABLES,
    oauth_entity::TABLES,
    oauth_consent::TABLES,
    oauth_credential::TABLES,
    oauth_requestor_profile::TABLES,
    jwt_provider::TABLES,
    credential::TABLES,
    connection::TABLES,
    rest_message::TABLES,
    api_access::TABLES,
    filter_criteria::TABLES,
    web_services::TABLES,
    import_set::TABLES,
    history::TABLES,
    task::TABLES,
    incident::TABLES,
    problem::TABLES,
    change::TABLES,
    change_model::TABLES,
    request::TABLES,
    cmdb::TABLES,
    asset::TABLES,
    knowledge::TABLES,
    tags::TABLES,
    development::TABLES,
    workflow::TABLES,
    variable::TABLES,
    planned::TABLES,
    service_level::TABLES,
    event::TABLES,
    portal::TABLES,
    navigator::TABLES,
    administration::TABLES,
    running::TABLES,
    exchange::TABLES,
    forms::TABLES,
];

/// Returns every built-in table.
pub(super) fn all() -> impl Iterator<Item = &'static Table> {
    FAMILIES.iter().copied().flatten()
}
