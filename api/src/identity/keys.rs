//! The public keys of the issuers that are trusted, and the check of a token against them.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    errors::ErrorKind,
    get_current_timestamp,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};

use super::{Claims, SecondFactor, verified::Verified};

/// The trusted keys.
pub struct TrustedKeys {
    keys: Vec<Trusted>,
    audience: Option<String>,
    verified: Verified,
}

struct Trusted {
    id: Option<String>,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// Why a file of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// It cannot be read.
    #[error("could not read the keys in {path}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// It is no JSON Web Key Set.
    #[error("{path} is not a JSON Web Key Set")]
    Parse {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: serde_json::Error,
    },
    /// None of its keys is of a kind that is accepted.
    #[error("{path} has no key for EdDSA (Ed25519), ES256 or RS256")]
    NoUsableKey {
        /// Which file.
        path: PathBuf,
    },
}

/// Why a token does not identify anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not a token, not signed by a trusted key, or not for this service.
    #[error("the token is not one that this service accepts")]
    Invalid,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Signed in without a second factor.
    #[error("the sign-in was not made with a second factor")]
    NoSecondFactor,
}

impl TrustedKeys {
    /// Trusts nobody yet; tokens must name `audience` if one is given.
    pub fn none(audience: Option<String>) -> Self {
        Self { keys: Vec::new(), audience, verified: Verified::new() }
    }

    /// Trusts the keys of a file, too.
    ///
    /// # Errors
    /// When the file cannot be read, or has no usable key.
    pub fn trust_file(&mut self, path: &Path) -> Result<(), KeysError> {
        let bytes = std::fs::read(path)
            .map_err(|cause| KeysError::Read { path: path.to_owned(), cause })?;
        let set = serde_json::from_slice(&bytes)
            .map_err(|cause| KeysError::Parse { path: path.to_owned(), cause })?;
        if self.trust(&set) == 0 {
            return Err(KeysError::NoUsableKey { path: path.to_owned() });
        }
        Ok(())
    }

    /// Trusts those keys of a set that are of an accepted kind; says how many they are.
    pub fn trust(&mut self, set: &JwkSet) -> usize {
        let usable: Vec<Trusted> = set.keys.iter().filter_map(usable).collect();
        let number = usable.len();
        self.keys.extend(usable);
        number
    }

    /// Checks signature, time, audience and second factor. Time is the machine's: tokens live in
    /// the present even when a history of 2009 is served. A token that was good before is not checked
    /// again within its time.
    ///
    /// # Errors
    /// When the token identifies nobody, or not well enough.
    pub fn check(&self, token: &str) -> Result<Arc<Claims>, Refused> {
        let now = get_current_timestamp();
        if let Some(claims) = self.verified.get(token, now) {
            return Ok(claims);
        }
        let claims = Arc::new(self.check_anew(token)?);
        self.verified.put(token, Arc::clone(&claims), now);
        Ok(claims)
    }

    fn check_anew(&self, token: &str) -> Result<Claims, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Invalid)?;
        let candidates = self.keys.iter().filter(|trusted| {
            trusted.algorithm == header.alg
                && (header.kid.is_none() || trusted.id.is_none() || header.kid == trusted.id)
        });
        let mut refused = Refused::Invalid;
        for trusted in candidates {
            match jsonwebtoken::decode::<Claims>(token, &trusted.key, &self.validation(trusted)) {
                Ok(data) if data.claims.second_factor() == SecondFactor::Given => {
                    return Ok(data.claims);
                }
                Ok(_) => refused = Refused::NoSecondFactor,
                Err(error) if matches!(error.kind(), ErrorKind::ExpiredSignature) => {
                    refused = Refused::Expired;
                }
                Err(_) => {}
            }
        }
        Err(refused)
    }

    fn validation(&self, trusted: &Trusted) -> Validation {
        let mut validation = Validation::new(trusted.algorithm);
        validation.leeway = 30;
        validation.validate_nbf = true;
        match &self.audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                validation.set_required_spec_claims(&["exp", "aud"]);
            }
            None => validation.validate_aud = false,
        }
        validation
    }
}

impl std::fmt::Debug for TrustedKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrustedKeys").field("keys", &self.keys.len()).finish_non_exhaustive()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum is open: what is not known is not trusted"
)]
fn usable(jwk: &Jwk) -> Option<Trusted> {
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) => {
            matches!(pair.curve, EllipticCurve::Ed25519).then_some(Algorithm::EdDSA)
        }
        AlgorithmParameters::EllipticCurve(curve) => {
            matches!(curve.curve, EllipticCurve::P256).then_some(Algorithm::ES256)
        }
        AlgorithmParameters::RSA(_) => Some(Algorithm::RS256),
        // The library may learn others.
        _ => None,
    }?;
    let key = DecodingKey::from_jwk(jwk).ok()?;
    Some(Trusted { id: jwk.common.key_id.clone(), algorithm, key })
}
