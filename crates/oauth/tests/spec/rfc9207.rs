//! RFC 9207: every answer names the server that gives it.

use crate::{
    authorization::{CODE, ISSUER, Visitor},
    instance::Instance,
};

#[test]
fn rfc9207_2_answers_and_errors_carry_iss_in_the_strict_dialect() {
    let mut instance = Instance::strict().web();
    let denies = Visitor {
        allows: false,
        ..Visitor::abel(&instance)
    };
    for sent in [
        instance.authorize(CODE).sent(),
        instance.authorize_as(CODE, &denies).sent(),
        instance.authorize(&format!("{CODE}&scope=unknown")).sent(),
        instance
            .authorize(&format!("{CODE}&response_mode=form_post"))
            .sent(),
        instance
            .authorize(&format!("{CODE}&response_mode=fragment&prompt=none"))
            .sent(),
    ] {
        assert_eq!(sent.get("iss"), Some(ISSUER), "{sent:?}");
    }
}

#[test]
fn servicenow_names_no_issuer() {
    let mut instance = Instance::servicenow().web();
    assert_eq!(instance.authorize(CODE).sent().get("iss"), None);
}
