//! OAuth libraries that we did not write, each through its own interface.
//!
//! Scenario C up to the clock: two requests inside the lifetime get the same access token, with no
//! more time left than before. The clock itself is moved in the server's own tests.

mod python;
mod rust;
