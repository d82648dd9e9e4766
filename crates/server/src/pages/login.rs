//! The login page: `/login.do` (`inbound-oauth.md` §8.1).
//!
//! The form carries a token of its own (`sysparm_ck`), bound to a cookie that the page sets: nobody can log another
//! person's browser in as somebody else (login CSRF).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use snowglobe_oauth::{error::GrantFault, secret::PresentedSecret};
use snowglobe_store::User;

use snowglobe_oauth::goto;

use super::{
    Forms, Shell,
    fault::PageFault,
    form,
    log_in::{self, Pending},
    page,
};
use crate::{
    app::App,
    entropy,
    identity::{
        cookie,
        seal::{self, Purpose},
        session::{self, GOTO, Session},
        sign_in::{self, Proven, Refusal},
    },
    refusal,
};

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    shell: Shell,
    ck: String,
    goto: &'a str,
    user_name: &'a str,
    message: Option<&'static str>,
}

/// What the form asks for, and why it is shown again.
#[derive(Default)]
struct Ask<'a> {
    goto: &'a str,
    user_name: &'a str,
    again: Option<Again>,
}

/// Why the form is shown again.
#[derive(Clone, Copy)]
enum Again {
    /// One text for whatever is wrong: nobody learns whether there is such a user (security.md §2, 51).
    Wrong,
    /// Too many guesses came from this address.
    Throttled,
    /// The form was not this browser's.
    NotThisBrowser,
}

/// `GET /login.do`: the form; also for who is logged in, and wants to be somebody else or must prove it again.
pub(crate) async fn get(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let session = session::current(&app, request.headers()).await?;
    let query = form::parse(request.uri().query().unwrap_or_default().as_bytes())?;
    let ask = Ask {
        goto: form::field(&query, GOTO)?,
        // `login_hint` of OpenID Connect Core §3.1.2.1.
        user_name: form::field(&query, "user_name")?,
        again: None,
    };
    show(&app, request.headers(), session.as_ref(), &ask)
}

/// `POST /login.do`: checks name and password.
pub(crate) async fn post(State(app): State<App>, request: Request) -> Result<Response, PageFault> {
    let (parts, body) = form::read(request).await?;
    let form = form::parse(&body)?;
    let mut ask = Ask {
        goto: form::field(&form, GOTO)?,
        user_name: form::field(&form, "user_name")?,
        again: None,
    };
    if !of_this_browser(&app, &parts, form::field(&form, "sysparm_ck")?) {
        refusal::say("login_csrf_token_wrong");
        ask.again = Some(Again::NotThisBrowser);
        return show(&app, &parts.headers, None, &ask);
    }
    let password = form::field(&form, "user_password")?;
    match admit(&app, ask.user_name, password).await {
        Ok(user) => {
            let goto = goto::allowed(ask.goto).unwrap_or("/");
            let pending = Pending::new(&app, &user, &parts.headers, goto);
            log_in::go_on(&app, &parts.headers, &user, pending).await
        }
        Err(Refusal::Unavailable(why)) => Err(PageFault::Unavailable(why)),
        Err(refused) => {
            refusal::say(refused.code());
            ask.again = Some(match refused {
                Refusal::Throttled => Again::Throttled,
                _ => Again::Wrong,
            });
            show(&app, &parts.headers, None, &ask)
        }
    }
}

/// Checks a name and a password, and that their owner may log in with pages.
pub(super) async fn admit(
    app: &App,
    user_name: &str,
    password: &str,
) -> Result<Arc<User>, Refusal> {
    let Proven { user, .. } =
        sign_in::check(app, user_name, &PresentedSecret::new(password)).await?;
    let may = log_in::may_go_on(&user);
    may.map_err(|fault| Refusal::Wrong(GrantFault::Account(fault)))?;
    Ok(user)
}

fn show(
    app: &App,
    headers: &HeaderMap,
    session: Option<&Session>,
    ask: &Ask<'_>,
) -> Result<Response, PageFault> {
    let known = browser(headers).map(str::to_owned);
    let is_new = known.is_none();
    let browser = match known {
        Some(known) => known,
        None => new_browser()?,
    };
    let template = LoginPage {
        shell: Shell::of(session),
        ck: seal::seal(app, Purpose::Login, browser.as_bytes(), OPEN_FOR)?,
        goto: goto::allowed(ask.goto).unwrap_or_default(),
        user_name: ask.user_name,
        message: ask.again.map(Again::text),
    };
    let status = ask.again.map_or(StatusCode::OK, Again::status);
    let mut response = page(status, &template, Forms::MayLeadOn);
    if is_new && let Some(line) = cookie::set(app, BROWSER, &browser) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    Ok(response)
}

impl Again {
    fn text(self) -> &'static str {
        match self {
            Self::Wrong => {
                "The user name or the password is not right. After several wrong tries an account rests for some minutes."
            }
            Self::Throttled => "There were too many tries. Please wait a minute.",
            Self::NotThisBrowser => {
                "This form was open for too long, or your browser keeps no cookies. Please try again. (A program that logs \
                 in first gets this page, keeps its cookies, and posts the form with all its fields, sysparm_ck included.)"
            }
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Wrong | Self::NotThisBrowser => StatusCode::FORBIDDEN,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
        }
    }
}

/// Returns what tells this browser from others before anybody is logged in.
pub(super) fn browser(headers: &HeaderMap) -> Option<&str> {
    cookie::value(headers, BROWSER).filter(|value| value.len() == 43)
}

fn new_browser() -> Result<String, PageFault> {
    let random: [u8; 32] =
        entropy::random().map_err(|error| PageFault::Unavailable(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(random))
}

fn of_this_browser(app: &App, parts: &Parts, ck: &str) -> bool {
    let Some(browser) = browser(&parts.headers) else {
        return false;
    };
    seal::open(app, Purpose::Login, ck).is_some_and(|bound| bound == browser.as_bytes())
}

/// The cookie that a login form is bound to.
const BROWSER: &str = "sg_browser";
/// How many seconds a login form may stay open.
const OPEN_FOR: u32 = 3_600;
