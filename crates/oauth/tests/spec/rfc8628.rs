//! RFC 8628: devices without a browser.

use serde_json::Value;
use snowglobe_oauth::{
    Context, Form, Scope, TokenError, UnixMillis, UserNo,
    account::AccountFault,
    device::{self, Allowed, Asked, DeviceRequest, NewDevice, UserCode, UserCodeFault},
    error::{DeviceFault, GrantFault, GrantTypeFault, UnauthorizedFault},
    grants::device_code::{DeviceState, StoredDevice},
    login::Proof,
    token::TokenId,
};

use crate::instance::{Answer, Instance, OTHER, PHONE, WEB};

/// A device that asked, and what it knows.
struct Device {
    id: TokenId,
    code: String,
    answer: Value,
    asked: Asked,
}

impl Instance {
    /// Posts a device authorization request, and keeps what it leads to.
    fn device(&mut self, body: &str) -> Result<Device, TokenError> {
        let form = Form::parse(body.as_bytes())?;
        let request = DeviceRequest::parse(&form, None, &self.policy)?;
        let client = self.authenticate(&request.presented)?;
        let (policy, properties) = (self.policy.clone(), self.properties);
        let context = Context {
            policy: &policy,
            properties: &properties,
            now: self.now,
        };
        request.permitted(&client, &context)?;
        let scope = self.numbered(Scope::granted(request.scope, &client, &policy)?);
        let grounds = device::Grounds {
            scope: &scope,
            ids: &self.ids,
            keys: &self.keys,
            random: [3; 8],
        };
        let new = device::begin(&client, &grounds, &context);
        self.devices.insert(new.token.claims.id, waiting());
        Ok(Device::of(&new))
    }

    fn poll(&mut self, device: &Device) -> Result<Answer, TokenError> {
        self.poll_as(device, PHONE)
    }

    fn poll_as(&mut self, device: &Device, client: &str) -> Result<Answer, TokenError> {
        self.poll_with(&device.code, client)
    }

    fn poll_with(&mut self, code: &str, client: &str) -> Result<Answer, TokenError> {
        self.post(&format!("grant_type={GRANT}&device_code={code}&{client}"))
    }

    fn answered(&mut self, device: &Device, state: DeviceState) {
        self.devices.get_mut(&device.id).unwrap().state = state;
    }

    fn allowed(&mut self, device: &Device) {
        let allowed = Allowed {
            user: UserNo(1),
            at: self.now,
            authenticated_at: self.now.seconds(),
            proof: Proof::Password,
        };
        self.answered(device, DeviceState::Allowed(allowed));
    }

    fn asked(&self, asked: &Asked) -> Result<(), UserCodeFault> {
        let context = Context {
            policy: &self.policy,
            properties: &self.properties,
            now: self.now,
        };
        let client = self.client_no(asked.client).map(|client| &**client);
        asked.check(client, &context)
    }
}

impl Device {
    fn of(new: &NewDevice) -> Self {
        let claims = new.token.claims;
        Self {
            id: claims.id,
            code: new.device_code.expose().to_owned(),
            answer: serde_json::from_str(&new.json("https://snow.example/oauth2/device")).unwrap(),
            asked: Asked {
                id: claims.id,
                client: claims.client,
                scope: claims.scope,
                expires: claims.expires,
                answered: false,
            },
        }
    }
}

fn waiting() -> StoredDevice {
    StoredDevice {
        interval: device::INTERVAL,
        polled_at: None,
        state: DeviceState::Pending,
    }
}

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn fault(result: Result<Answer, TokenError>) -> DeviceFault {
    match result.unwrap_err() {
        TokenError::InvalidGrant(GrantFault::Device(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rfc8628_3_2_the_answer_has_all_that_the_device_shows_and_needs() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    let user_code = device.answer["user_code"].as_str().unwrap();
    assert!(UserCode::parse(user_code).is_ok());
    assert_eq!(device.code.len(), 86);
    assert_eq!(
        device.answer,
        serde_json::json!({
            "device_code": device.code,
            "user_code": user_code,
            "verification_uri": "https://snow.example/oauth2/device",
            "verification_uri_complete": format!("https://snow.example/oauth2/device?user_code={user_code}"),
            "expires_in": 600,
            "interval": 5,
        })
    );
}

#[test]
fn rfc8628_3_1_a_client_that_has_a_secret_proves_itself() {
    let mut instance = Instance::strict();
    instance.device(WEB).unwrap();
    for client in [
        "",
        "client_id=web",
        "client_id=nobody",
        "client_id=web&client_secret=x",
    ] {
        let refused = instance.device(client).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), "invalid_client", "{client}");
    }
}

#[test]
fn rfc8628_3_1_a_scope_that_the_client_may_not_have_is_refused_at_once() {
    let mut instance = Instance::strict();
    let refused = instance.device("client_id=phone&scope=everything");
    assert_eq!(refused.map(|_| ()).unwrap_err().code(), "invalid_scope");
    let device = instance.device("client_id=phone&scope=openid").unwrap();
    instance.allowed(&device);
    assert_eq!(instance.poll(&device).unwrap().scope, "openid");
}

#[test]
fn rfc8628_3_5_a_device_waits_until_its_person_says_yes() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    for _ in 0..3 {
        assert_eq!(
            instance.poll(&device).unwrap_err(),
            TokenError::AuthorizationPending
        );
        instance.later(5);
    }
    instance.allowed(&device);
    let answer = instance.poll(&device).unwrap();
    let bearer = instance.call(&answer.access_token).unwrap();
    assert_eq!((bearer.user.0, bearer.client.0), (1, 3));
    let again = format!(
        "grant_type=refresh_token&refresh_token={}&{PHONE}",
        answer.refresh()
    );
    instance.post(&again).unwrap();
}

#[test]
fn rfc8628_3_5_a_no_is_told_as_long_as_the_code_lives() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.answered(&device, DeviceState::Denied);
    for _ in 0..2 {
        assert_eq!(
            instance.poll(&device).unwrap_err(),
            TokenError::AccessDenied
        );
    }
}

#[test]
fn rfc8628_3_5_a_code_ends_whatever_its_person_said() {
    let mut instance = Instance::strict();
    for said in [false, true] {
        let device = instance.device(PHONE).unwrap();
        if said {
            instance.allowed(&device);
        }
        instance.later(600);
        assert_eq!(
            instance.poll(&device).unwrap_err(),
            TokenError::ExpiredToken
        );
        assert!(instance.changes.is_empty());
    }
}

#[test]
fn rfc8628_3_5_who_polls_too_often_waits_five_seconds_longer_from_then_on() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    let mut poll_after = |seconds| {
        instance.later(seconds);
        instance.poll(&device).unwrap_err()
    };
    assert_eq!(poll_after(0), TokenError::AuthorizationPending);
    assert_eq!(poll_after(4), TokenError::SlowDown);
    assert_eq!(poll_after(9), TokenError::SlowDown, "now ten are asked for");
    assert_eq!(poll_after(15), TokenError::AuthorizationPending);
    assert_eq!(poll_after(14), TokenError::SlowDown, "and that stays");
    assert_eq!(poll_after(20), TokenError::AuthorizationPending);
    for _ in 0..30 {
        assert_eq!(poll_after(1), TokenError::SlowDown);
    }
    assert_eq!(
        poll_after(60),
        TokenError::AuthorizationPending,
        "there is a most"
    );
}

#[test]
fn rfc8628_3_5_whoever_was_let_in_is_not_made_to_wait() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.poll(&device).unwrap_err();
    instance.allowed(&device);
    instance.poll(&device).unwrap();
}

#[test]
fn security_cve_2026_55672_a_device_code_is_bound_to_its_client() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.allowed(&device);
    for client in [WEB, OTHER] {
        assert_eq!(
            fault(instance.poll_as(&device, client)),
            DeviceFault::OtherClient
        );
        assert!(
            instance.changes.is_empty(),
            "it changes nothing for the right one"
        );
    }
    instance.poll(&device).unwrap();
}

#[test]
fn security_a_device_code_counts_once_and_its_second_use_ends_what_the_first_gave() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.allowed(&device);
    let answer = instance.poll(&device).unwrap();
    assert_eq!(
        fault(instance.poll_as(&device, WEB)),
        DeviceFault::OtherClient
    );
    instance.call(&answer.access_token).unwrap();
    assert_eq!(fault(instance.poll(&device)), DeviceFault::Used);
    instance.call(&answer.access_token).unwrap_err();
    let again = format!(
        "grant_type=refresh_token&refresh_token={}&{PHONE}",
        answer.refresh()
    );
    instance.post(&again).unwrap_err();
}

#[test]
fn rfc8628_3_4_what_is_no_device_code_gives_nothing() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.allowed(&device);
    let tokens = instance.poll(&device).unwrap();
    for other in [tokens.access_token.as_str(), tokens.refresh()] {
        assert_eq!(
            fault(instance.poll_with(other, PHONE)),
            DeviceFault::NotADeviceCode
        );
    }
    for at in 0..device.code.len() {
        let cut = &device.code[..at];
        if at > 0 {
            assert!(matches!(
                fault(instance.poll_with(cut, PHONE)),
                DeviceFault::Token(_)
            ));
        }
    }
    let forgotten = instance.device(PHONE).unwrap();
    instance.devices.clear();
    assert_eq!(fault(instance.poll(&forgotten)), DeviceFault::Unknown);
    let nothing = instance.post(&format!("grant_type={GRANT}&{PHONE}"));
    assert_eq!(nothing.unwrap_err().code(), "invalid_request");
    instance.call(&forgotten.code).unwrap_err();
}

/// Takes the person away in one way.
type Block = fn(&mut Instance);

#[test]
fn security_whoever_is_blocked_after_saying_yes_gives_nothing() {
    let blocks: [(Block, AccountFault); 4] = [
        (
            |it| it.account("abel").active = false,
            AccountFault::Inactive,
        ),
        (
            |it| it.account("abel").locked_out = true,
            AccountFault::LockedOut,
        ),
        (
            |it| it.account("abel").tokens_valid_from = UnixMillis(it.now.0 + 1),
            AccountFault::TokensEnded,
        ),
        (|it| it.accounts.clear(), AccountFault::Unknown),
    ];
    for (block, expected) in blocks {
        let mut instance = Instance::strict();
        let device = instance.device(PHONE).unwrap();
        instance.allowed(&device);
        block(&mut instance);
        assert_eq!(fault(instance.poll(&device)), DeviceFault::Owner(expected));
    }
}

#[test]
fn a_new_password_on_the_way_to_the_page_does_not_count_against_the_device() {
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.later(60);
    instance.account("abel").tokens_valid_from = instance.now;
    instance.allowed(&device);
    instance.poll(&device).unwrap();
}

#[test]
fn devices_ask_where_the_dialect_the_property_and_the_record_let_them() {
    let refused = |instance: &mut Instance| instance.device(PHONE).map(|_| ()).unwrap_err();
    let off = TokenError::UnsupportedGrantType(GrantTypeFault::SwitchedOff);
    assert_eq!(refused(&mut Instance::servicenow()), off);
    let mut instance = Instance::strict();
    let device = instance.device(PHONE).unwrap();
    instance.allowed(&device);
    instance.properties.devices_allowed = false;
    assert_eq!(refused(&mut instance), off);
    assert_eq!(instance.poll(&device).unwrap_err(), off);
    instance.properties.devices_allowed = true;
    instance.client("phone").inbound_grant_type =
        snowglobe_oauth::client::InboundGrantType::AuthorizationCode;
    assert_eq!(
        refused(&mut instance),
        TokenError::UnauthorizedClient(UnauthorizedFault::GrantNotRegistered)
    );
}

#[test]
fn rfc8628_3_3_a_person_is_asked_about_a_device_that_waits_and_no_other() {
    let mut instance = Instance::strict();
    let Device { asked, .. } = instance.device(PHONE).unwrap();
    assert_eq!(instance.asked(&asked), Ok(()));
    let answered = Asked {
        answered: true,
        ..asked
    };
    assert_eq!(instance.asked(&answered), Err(UserCodeFault::Answered));
    instance.client("phone").active = false;
    assert_eq!(instance.asked(&asked), Err(UserCodeFault::Client));
    instance.client("phone").active = true;
    instance.properties.devices_allowed = false;
    assert_eq!(instance.asked(&asked), Err(UserCodeFault::Client));
    instance.properties.devices_allowed = true;
    instance.clients.clear();
    assert_eq!(instance.asked(&asked), Err(UserCodeFault::Client));
    instance.later(600);
    assert_eq!(instance.asked(&asked), Err(UserCodeFault::Expired));
}
