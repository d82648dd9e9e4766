//! What answers at a path: a handler for each method that the path takes.
//!
//! The handlers and their extractors are axum's, its router is not: which route a path fits is known already (requests
//! are counted by it), and axum's would look for it again and make a copy of the route for each request.

use std::{fmt, pin::Pin};

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    handler::Handler,
    http::{HeaderValue, Method, StatusCode, header},
    response::Response,
};

use crate::app::App;

/// An answer under way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

type Answers = Box<dyn Fn(App, Request) -> Answering + Send + Sync>;

/// The handlers of one path.
pub(crate) struct Methods {
    known: Vec<(Method, Answers)>,
    /// What answers to all methods that are not known.
    any: Option<Answers>,
    /// The names of the known methods, as `Allow` has them.
    allowed: String,
}

/// A function that axum calls with what it wants of a request.
pub(crate) trait Answer<T>: Handler<T, App, Future = Answering> {}

impl<T, H: Handler<T, App, Future = Answering>> Answer<T> for H {}

/// Takes every method.
pub(crate) fn any<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods {
        any: Some(answers(handler)),
        ..Methods::none()
    }
}

/// Takes GET, and HEAD with it.
pub(crate) fn get<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods::none().get(handler)
}

/// Takes POST.
pub(crate) fn post<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods::none().post(handler)
}

/// Takes PUT.
pub(crate) fn put<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods::none().put(handler)
}

/// Takes PATCH.
pub(crate) fn patch<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods::none().patch(handler)
}

/// Takes DELETE.
pub(crate) fn delete<T: 'static>(handler: impl Answer<T>) -> Methods {
    Methods::none().delete(handler)
}

impl Methods {
    fn none() -> Self {
        Self {
            known: Vec::new(),
            any: None,
            allowed: String::new(),
        }
    }

    /// Takes GET, too, and HEAD with it.
    pub(crate) fn get<T: 'static>(self, handler: impl Answer<T>) -> Self {
        self.with(Method::GET, handler.clone())
            .with(Method::HEAD, handler)
    }

    /// Takes POST, too.
    pub(crate) fn post<T: 'static>(self, handler: impl Answer<T>) -> Self {
        self.with(Method::POST, handler)
    }

    /// Takes PUT, too.
    pub(crate) fn put<T: 'static>(self, handler: impl Answer<T>) -> Self {
        self.with(Method::PUT, handler)
    }

    /// Takes PATCH, too.
    pub(crate) fn patch<T: 'static>(self, handler: impl Answer<T>) -> Self {
        self.with(Method::PATCH, handler)
    }

    /// Takes DELETE, too.
    pub(crate) fn delete<T: 'static>(self, handler: impl Answer<T>) -> Self {
        self.with(Method::DELETE, handler)
    }

    fn with<T: 'static>(mut self, method: Method, handler: impl Answer<T>) -> Self {
        let joint = if self.known.is_empty() { "" } else { "," };
        self.allowed.extend([joint, method.as_str()]);
        self.known.push((method, answers(handler)));
        self
    }

    /// Returns the methods that the path takes; none of a path that takes all.
    pub(crate) fn known(&self) -> impl Iterator<Item = &Method> {
        self.known.iter().map(|(method, _)| method)
    }

    /// Answers a request; `other` answers where the path does not take its method.
    pub(crate) async fn answer<F: Future<Output = Response>>(
        &self,
        app: App,
        request: Request,
        other: impl FnOnce(Request) -> F,
    ) -> Response {
        let is_head = request.method() == Method::HEAD;
        let mut response = match self.of(request.method()) {
            Some(answers) => answers(app, request).await,
            // RFC 9110 §9.3.7: the answer names the methods, and has nothing else to say.
            None if asks_for_methods(&request) => self.told(Response::new(Body::empty())),
            None => self.told(other(request).await),
        };
        if is_head {
            take_body(&mut response);
        }
        response
    }

    fn of(&self, method: &Method) -> Option<&Answers> {
        let known = self.known.iter().find(|(known, _)| known == method);
        known.map(|(_, answers)| answers).or(self.any.as_ref())
    }

    /// RFC 9110 §15.5.6, §9.3.7: who asks with a method that is not taken, or what is taken, is told the methods.
    fn told(&self, mut response: Response) -> Response {
        if matches!(
            response.status(),
            StatusCode::METHOD_NOT_ALLOWED | StatusCode::OK
        ) && let Ok(allowed) = HeaderValue::from_str(&self.allowed)
        {
            response.headers_mut().insert(header::ALLOW, allowed);
        }
        response
    }
}

fn answers<T: 'static>(handler: impl Answer<T>) -> Answers {
    Box::new(move |app, request| handler.clone().call(request, app))
}

fn asks_for_methods(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.uri().path().starts_with("/api/")
}

/// RFC 9110 §9.3.2: HEAD is told of what GET would have sent, and gets none of it.
fn take_body(response: &mut Response) {
    let length = response.body().size_hint().exact();
    *response.body_mut() = Body::empty();
    if let Some(length) = length {
        let headers = response.headers_mut();
        headers
            .entry(header::CONTENT_LENGTH)
            .or_insert_with(|| length.into());
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.any.is_some() {
            "any"
        } else {
            &self.allowed
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn nothing() -> &'static str {
        "nothing"
    }

    #[test]
    fn a_path_takes_the_methods_that_it_has_handlers_for() {
        let two = get(nothing).patch(nothing);
        assert_eq!(format!("{two:?}"), "GET,HEAD,PATCH");
        assert!(two.of(&Method::HEAD).is_some() && two.of(&Method::POST).is_none());
        assert!(any(nothing).of(&Method::TRACE).is_some());
    }

    #[test]
    fn rfc_9110_9_3_2_head_tells_the_length_of_what_it_does_not_send() {
        let mut response = Response::new(Body::from("nothing"));
        take_body(&mut response);
        assert_eq!(response.headers()[header::CONTENT_LENGTH], "7");
        assert_eq!(response.body().size_hint().exact(), Some(0));
    }

    #[test]
    fn rfc_9110_15_5_6_a_refused_method_is_told_the_others() {
        let mut refused = Response::new(Body::empty());
        *refused.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        let refused = post(nothing).delete(nothing).told(refused);
        assert_eq!(refused.headers()[header::ALLOW], "POST,DELETE");
    }
}
