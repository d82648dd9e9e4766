//! The routes of an instance, driven over HTTP; the modules are named after the URLs.
//!
//! | module | what must hold |
//! |---|---|
//! | `unauthorized` | every route × every kind of credentials |
//! | `api_access` | what tokens open beyond the rules for their users |
//! | `api_keys` | the header `x-sn-apikey` |
//! | `api_now_table` | the Table API |
//! | `application_files` | update sets, versions, labels |
//! | `introspect` | RFC 7662, RFC 8707 |
//! | `signing_keys` | the rollover of the keys that sign them |
//! | `jwt_tokens` | RFC 9068, OpenID Connect: tokens, userinfo, key set |
//! | `metadata` | what is advertised works, and nothing else |
//! | `oauth_device` | devices without a browser |
//! | `oauth_logout` | logging out for a client |
//! | `api_now_attachment` | the Attachment API |
//! | `api_now_batch` | the Batch API |
//! | `api_now_cmdb` | configuration items, their classes, identification |
//! | `api_now_import` | the Import Set API |
//! | `api_others` | roles, customer service, the catalogue of APIs |
//! | `api_now_discover` | who am I, which tables and columns are there |
//! | `cors` | pages of other origins |
//! | `jsonv2` | the older web service beside the Table API |
//! | `api_now_stats` | the Aggregate API |
//! | `oauth_auth` | the authorization endpoint, from the first redirect to the API |
//! | `oauth_token`, `oauth_revoke` | the token and revocation endpoints in both dialects |
//! | `api_sn_chg_rest` | the Change Management API |
//! | `api_sn_sc` | the Service Catalog API |
//! | `api_session` | REST calls with a session's cookie, and `/angular.do` |
//! | `login` | logging in and out, sessions, and what is true of every page |
//! | `properties` | what system properties change |
//! | `rate_limits` | how often who may call what |
//! | `surface` | XML, gzip, other methods, long URLs: what holds for every REST call |
//! | `sg` | the endpoints for whoever runs the instance, and what is in every answer |
//! | `sg_clock` | time that moves |
//! | `sg_explain` | every refusal has a reason, for whoever runs the instance and for nobody else |
//! | `third_party` | tokens of other providers at the API |
//! | `logs` | nothing secret is written down |
//! | `on_postgres` | the most important of these on the other database |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that is surprised has failed"
)]

mod api_access;
mod api_keys;
mod api_now_attachment;
mod api_now_batch;
mod api_now_cmdb;
mod api_now_discover;
mod api_now_import;
mod api_now_stats;
mod api_now_table;
mod api_others;
mod api_session;
mod api_sn_chg_rest;
mod api_sn_sc;
mod application_files;
mod browser;
mod console;
mod cors;
mod export;
mod introspect;
mod jsonv2;
mod jwt_tokens;
mod login;
mod logs;
mod metadata;
mod oauth_auth;
mod oauth_device;
mod oauth_logout;
mod oauth_revoke;
mod oauth_token;
mod on_postgres;
mod outbound;
mod properties;
mod rate_limits;
mod raw_targets;
mod sg;
mod sg_clock;
mod sg_explain;
mod signing_keys;
mod surface;
mod third_party;
mod unauthorized;
mod world;
