//! Proof Key for Code Exchange (RFC 7636): whoever exchanges a code must know the secret behind the challenge
//! that came with the request for it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::client::CodeChallengeMethod;

/// A sound code challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge {
    method: CodeChallengeMethod,
    text: Box<str>,
}

/// What is wrong with the challenge of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChallengeFault {
    /// A public client, or one whose record asks for PKCE, sends none.
    #[error("a code_challenge is required")]
    Missing,
    /// It is none that the method could have made.
    #[error("the code_challenge is malformed")]
    Malformed,
    /// The method is unknown, or `plain` where only S256 is taken.
    #[error("the code_challenge_method must be S256")]
    Method,
    /// A method without a challenge.
    #[error("there is a code_challenge_method and no code_challenge")]
    MethodAlone,
}

/// A verifier that does not fit its challenge, in the words of ServiceNow's answer (`inbound-oauth.md` §9.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChallengeMismatch {
    /// What the verifier that came would have been the secret of.
    pub expected: Box<str>,
    /// The challenge that was stored with the code.
    pub actual: Box<str>,
}

/// The verifier has a length or a character that RFC 7636 §4.1 does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifierMalformed;

impl ChallengeFault {
    /// Returns the fault's name in logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "code_challenge_missing",
            Self::Malformed => "code_challenge_malformed",
            Self::Method => "code_challenge_method_refused",
            Self::MethodAlone => "code_challenge_method_alone",
        }
    }
}

impl CodeChallenge {
    /// Takes a challenge.
    ///
    /// # Errors
    /// [`ChallengeFault::Malformed`] when the method makes no such text.
    pub fn new(method: CodeChallengeMethod, text: &str) -> Result<Self, ChallengeFault> {
        let sound = match method {
            // RFC 7636 §4.2: 32 bytes in base64url without padding.
            CodeChallengeMethod::S256 => URL_SAFE_NO_PAD
                .decode(text)
                .is_ok_and(|digest| digest.len() == 32),
            CodeChallengeMethod::Plain => is_verifier(text),
        };
        let text = text.into();
        sound
            .then_some(Self { method, text })
            .ok_or(ChallengeFault::Malformed)
    }

    /// Returns how it was made.
    #[must_use]
    pub fn method(&self) -> CodeChallengeMethod {
        self.method
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Checks a verifier (RFC 7636 §4.6), in constant time.
    ///
    /// # Errors
    /// [`ChallengeMismatch`] when it is another one.
    pub fn verify(&self, verifier: &CodeVerifier<'_>) -> Result<(), ChallengeMismatch> {
        let derived = match self.method {
            CodeChallengeMethod::S256 => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.0)),
            CodeChallengeMethod::Plain => verifier.0.to_owned(),
        };
        if derived.as_bytes().ct_eq(self.text.as_bytes()).into() {
            return Ok(());
        }
        Err(ChallengeMismatch {
            expected: derived.into(),
            actual: self.text.clone(),
        })
    }
}

/// A sound code verifier, as a request presents it. It is never printed.
#[derive(Clone, Copy)]
pub struct CodeVerifier<'r>(&'r str);

impl<'r> CodeVerifier<'r> {
    /// Takes a verifier.
    ///
    /// # Errors
    /// [`VerifierMalformed`] when RFC 7636 §4.1 does not know such a text.
    pub fn parse(text: &'r str) -> Result<Self, VerifierMalformed> {
        is_verifier(text)
            .then_some(Self(text))
            .ok_or(VerifierMalformed)
    }
}

impl std::fmt::Debug for CodeVerifier<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

/// `code-verifier = 43*128unreserved` (RFC 7636 §4.1).
fn is_verifier(text: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn challenge(method: CodeChallengeMethod, text: &str) -> CodeChallenge {
        CodeChallenge::new(method, text).unwrap()
    }

    #[test]
    fn rfc7636_appendix_b() {
        let s256 = challenge(CodeChallengeMethod::S256, CHALLENGE);
        let verifier = CodeVerifier::parse(VERIFIER).unwrap();
        assert_eq!(s256.verify(&verifier), Ok(()));
        let other = "x".repeat(43);
        let mismatch = s256
            .verify(&CodeVerifier::parse(&other).unwrap())
            .unwrap_err();
        assert_eq!(&*mismatch.actual, CHALLENGE);
        assert_eq!(
            &*mismatch.expected,
            "zAscLGbzu5_RoIHGJrob72L2-WRBpDvhUmhSN3asJqE"
        );
    }

    #[test]
    fn the_challenge_is_not_its_own_verifier() {
        let s256 = challenge(CodeChallengeMethod::S256, CHALLENGE);
        assert!(
            s256.verify(&CodeVerifier::parse(CHALLENGE).unwrap())
                .is_err()
        );
        let plain = challenge(CodeChallengeMethod::Plain, VERIFIER);
        assert_eq!(
            plain.verify(&CodeVerifier::parse(VERIFIER).unwrap()),
            Ok(())
        );
    }

    #[test]
    fn rfc7636_4_1_other_texts_are_no_verifiers() {
        for text in [
            "x".repeat(42),
            "x".repeat(129),
            format!("{}+", "x".repeat(43)),
            format!("{}é", "x".repeat(43)),
            String::new(),
        ] {
            assert!(CodeVerifier::parse(&text).is_err(), "{text}");
            assert!(CodeChallenge::new(CodeChallengeMethod::Plain, &text).is_err());
        }
    }

    #[test]
    fn rfc7636_4_2_other_texts_are_no_s256_challenges() {
        for text in [
            &CHALLENGE[..42],
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            "",
        ] {
            assert!(
                CodeChallenge::new(CodeChallengeMethod::S256, text).is_err(),
                "{text}"
            );
        }
    }
}
