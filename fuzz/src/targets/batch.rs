//! The envelope of a batch, and what its items lead to and bring (`rest-and-records.md` §8).

use snowglobe_records::body::batch::{Batch, Item, MOST_IN};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "batch",
    run,
    words: &[
        "{\"batch_request_id\":\"1\",\"rest_requests\":[",
        "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/api/now/table/incident\"}",
        "\"headers\":[{\"name\":\"Accept\",\"value\":\"*/*\"}]",
        "\"body\":\"e30=\"",
        "\"exclude_response_headers\":true",
        "\"url\":\"",
        "//",
        "https://",
        "\\n",
        ",",
        "]}",
    ],
};

fn run(bytes: &[u8]) {
    let Ok(batch) = Batch::parse(bytes) else {
        return;
    };
    for item in &batch.items {
        leads_nowhere_else(item);
        if let Ok(content) = item.content() {
            assert!(content.len() <= MOST_IN);
        }
    }
}

/// A call of the batch goes to this instance, whatever its URL says.
fn leads_nowhere_else(item: &Item) {
    let Ok(target) = item.target() else {
        return;
    };
    assert!(
        target.bytes().all(|byte| byte.is_ascii_graphic()),
        "{target}"
    );
    assert!(
        target.starts_with('/') && !target.starts_with("//"),
        "{target}"
    );
    let path = target.split('?').next().unwrap_or_default();
    assert!(!path.contains(':'), "{target}");
}
