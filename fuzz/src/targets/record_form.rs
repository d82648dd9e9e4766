//! What the form page of a record sends back: fields, what was typed for references, and the button that was pressed.

use snowglobe_records::body::form::{Named, Submission};

use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "record_form",
    run,
    words: &[
        "incident.state=1",
        "&incident.caller_id=",
        "&sys_display.incident.caller_id=",
        "&sys_original.incident.caller_id=",
        "&sysverb_update=",
        "&sysverb_lookup=caller_id",
        "&sysparm_ck=",
        "&sysparm_sys_id=-1",
        "%0D%0A",
        "%00",
        "%",
        "+",
    ],
};

fn run(bytes: &[u8]) {
    let form = Submission::parse("incident", bytes);
    let carried = form.carried("incident");
    if !carried.iter().any(|(_, value)| value.contains('\r')) {
        // Another page carries it along, and it comes back as it was.
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&carried);
        let again = Submission::parse("incident", body.finish().as_bytes());
        assert_eq!(again.carried("incident"), carried);
    }
    for (name, _) in &carried {
        let element = name
            .rsplit_once("incident.")
            .map_or("", |(_, element)| element);
        if let Some(Named::Key { key, text }) = form.reference(element) {
            assert!(!key.is_empty() && !text.is_empty());
        }
    }
}
