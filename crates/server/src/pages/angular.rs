//! `POST /angular.do`: how ServiceNow's own SDK, and programs after its example, log in as a browser does
//! (`rest-and-records.md` §1.4).
//!
//! ```text
//! sysparm_type=view_form.login   name and password ──> {"status":"success"} and the session's cookies
//! sysparm_type=get_user          the cookie alone  ──> 401 with X-UserToken-Response
//!                                with X-UserToken  ──> who that is
//!                                nothing at all    ──> the guest, and a cookie that a call with a token makes a session
//! ```
//! There is no form behind it that could carry a token, so nobody's browser may be made to log in here: browsers say
//! which site asks them, and another one is refused.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;
use snowglobe_oauth::login::Step;
use snowglobe_store::User;

use super::{fault::PageFault, form, log_in, login};
use crate::{
    app::App,
    error::{RestError, json as answer},
    identity::{
        api_session,
        caller::{self, Caller, Unknown},
        session,
        sign_in::{self, Door, Refusal},
    },
    refusal,
    rest::params::pairs,
    router,
};

/// Logs in, or tells who is logged in.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let query = request.uri().query().unwrap_or_default();
    let asked = pairs(query).find(|(name, _)| name == "sysparm_type");
    match asked.as_ref().map(|(_, value)| &**value) {
        Some("view_form.login" | "login") => log_in(&app, request).await,
        Some("get_user") => Ok(get_user(&app, request.headers()).await),
        _ => Ok(router::unknown(request.uri())),
    }
}

async fn log_in(app: &App, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    if is_of_another_site(app, &parts.headers) {
        refusal::say("login_from_another_site");
        return Ok(failed(StatusCode::FORBIDDEN, "error", ANOTHER_SITE));
    }
    let form = form::parse(&body)?;
    let (user_name, password) = (
        form::field(&form, "user_name")?,
        form::field(&form, "user_password")?,
    );
    let user = match login::admit(app, user_name, password).await {
        Ok(user) => user,
        Err(Refusal::Unavailable(why)) => return Err(PageFault::Unavailable(why)),
        Err(refused) => {
            refusal::say(refused.code());
            let status = match refused {
                Refusal::Throttled => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::OK,
            };
            return Ok(failed(status, "error", WRONG));
        }
    };
    let step = log_in::next_step(app, &user, false).await?;
    if !matches!(step, Step::Session(_)) {
        refusal::say("login_needs_a_person");
    }
    match step {
        Step::SecondFactor => Ok(failed(StatusCode::OK, "mfa_code_required", SECOND_FACTOR)),
        Step::Enrol => Ok(failed(StatusCode::OK, "error", ENROL)),
        Step::NewPassword => Ok(failed(StatusCode::OK, "error", NEW_PASSWORD)),
        Step::Session(proof) => {
            sign_in::complete(app, &user, Door::Form).await?;
            let cookies = session::begin(app, &user, proof, &parts.headers).await?;
            let told = json!({"status": "success", "message": "Logged in", "user": shown(&user)});
            let told = answer(StatusCode::OK, told.to_string());
            Ok((HeaderMap::from_iter(cookies), told).into_response())
        }
    }
}

async fn get_user(app: &App, headers: &HeaderMap) -> Response {
    match caller::caller(app, headers).await {
        Ok(Caller { user, .. }) => answer(StatusCode::OK, shown(&user).to_string()),
        Err(Unknown::NoCredentials) => match api_session::guest(app) {
            Ok(cookie) => {
                let told = answer(StatusCode::OK, GUEST.to_owned());
                let mut told = (HeaderMap::from_iter(cookie), told).into_response();
                let nobody = axum::http::HeaderValue::from_static("false");
                told.headers_mut().insert("x-is-logged-in", nobody);
                told
            }
            Err(error) => RestError::from(error).into_response(),
        },
        Err(unknown) => RestError::from(unknown).into_response(),
    }
}

fn shown(user: &User) -> serde_json::Value {
    let account = &user.account;
    json!({
        "userID": account.sys_id,
        "userName": account.user_name,
        "user_id": account.sys_id,
        "user_name": account.user_name,
    })
}

/// Every browser names the site of a page that posts (Fetch §3.2, Fetch Metadata §2.4); a program does not.
fn is_of_another_site(app: &App, headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    let foreign_site = site.is_some_and(|site| site != "same-origin" && site != "none");
    let origin = headers.get(header::ORIGIN);
    let foreign_origin = origin.is_some_and(|origin| origin != app.issuer.as_str());
    foreign_site || foreign_origin
}

fn failed(status: StatusCode, said: &str, message: &str) -> Response {
    let told = json!({"status": said, "message": message});
    answer(status, told.to_string())
}

const WRONG: &str = "User name or password invalid";
const SECOND_FACTOR: &str = "A code of the second factor is required: log in with a browser";
const ENROL: &str = "A second factor has to be set up first: log in with a browser";
const NEW_PASSWORD: &str = "A new password has to be chosen first: log in with a browser";
const ANOTHER_SITE: &str = "Another site cannot log in here";
const GUEST: &str =
    r#"{"userID":"guest","userName":"guest","user_id":"guest","user_name":"guest"}"#;
