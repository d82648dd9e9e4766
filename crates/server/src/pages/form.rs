//! Reading the forms that pages post.

use axum::{body::Bytes, extract::Request, http::request::Parts};
use snowglobe_oauth::Form;

use super::fault::PageFault;
use crate::{
    refusal::{self, Why},
    rest::input,
};

/// A page's form is small: a password or a record's identity.
const MAX_FORM: usize = 64 * 1024;

/// Takes a request apart into its head and the bytes of its form.
///
/// # Errors
/// [`PageFault::Form`] when the body is too large or was cut off.
pub(crate) async fn read(request: Request) -> Result<(Parts, Bytes), PageFault> {
    let (parts, mut body) = request.into_parts();
    if let Ok(form) = input::collect(&mut body, MAX_FORM).await {
        return Ok((parts, form));
    }
    input::discard(&mut body).await;
    Err(PageFault::Form)
}

/// Parses the bytes of a form.
///
/// # Errors
/// [`PageFault::Form`] when they are none.
pub(crate) fn parse(bytes: &[u8]) -> Result<Form<'_>, PageFault> {
    Form::parse(bytes).map_err(|_| PageFault::Form)
}

/// Returns a field, empty if it is not there.
///
/// # Errors
/// [`PageFault::Form`] when it comes twice.
pub(crate) fn field<'f>(form: &'f Form<'_>, name: &'static str) -> Result<&'f str, PageFault> {
    let value = form.get(name).map_err(|_| {
        // Scripts that send every field of a page are told which of its forms' they sent, too.
        let why = Why::new(PageFault::Form.code());
        refusal::say(why.received(format_args!("{name} twice: send the fields of one form")));
        PageFault::Form
    })?;
    Ok(value.unwrap_or_default())
}
