//! End to end: the real binary, driven over loopback by clients that know nothing of its insides.
//!
//! | module | what must hold |
//! |---|---|
//! | `scenarios` | the guides, driven by foreign clients and a person in Chromium |
//! | `conform` | the strict endpoints pass our conformance suite, and each of its checks can fail |
//! | `scenario_b` | a person with curl creates an incident with a token |
//! | `scenario_d` | a system that has a JWT gets a token with it |
//! | `explain` | whoever runs an instance learns why it refused |
//! | `foreign` | OAuth libraries that we did not write get on with it (scenario C) |
//! | `refusals` | each refusal of the token endpoint, word for word, in both dialects |
//! | `guides` | the commands in docs/guides do what they say |
//! | `hostile` | what no client means to send is an error, never a crash |
//! | `outbound` | the instance calls others (scenario G), and never loses a token |
//! | `races` | what may happen once happens once |
//! | `one_time` | the same across `kill -9`, and under a store that fails |
//! | `log_in` | so does what a log-in carries from page to page |
//! | `storm` | nothing acknowledged is lost when the process is killed |
//! | `run_time_tables` | a table or column made by a request is there for the next one |
//! | `two_processes` | two processes on one PostgreSQL are one instance |
//! | `clock` | time that moves |
//! | `command_line` | what a person types and reads |
//! | `production` | an instance that nobody is in until an administrator is made |

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that is surprised has failed"
)]

mod clock;
mod command_line;
mod conform;
mod explain;
mod foreign;
mod guides;
mod hostile;
mod https;
mod log_in;
mod one_time;
mod outbound;
mod production;
mod races;
mod refusals;
mod run_time_tables;
mod scenario_b;
mod scenario_d;
mod scenarios;
mod storm;
mod two_processes;
mod visitor;
mod world;
