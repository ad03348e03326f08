//! The development issuer: signs tokens for anybody, so that the directory can be tried out.
//!
//! Its key lies in the data folder only if the server has been started with `--development-issuer`
//! there. Whoever can read that file can be anybody; a directory with real people never has one.

use std::{
    collections::BTreeSet,
    io::Write,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::JwkSet};

use super::{Claims, claims::Audience};

const FILE: &str = "development-issuer.pk8";
const NAME: &str = "contactpoint-development";

/// Why the development issuer cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// There is none in this data folder.
    #[error(
        "there is no development issuer in {path}: only a server started with \
         --development-issuer accepts such tokens, and it makes the key itself"
    )]
    Absent {
        /// The data folder.
        path: PathBuf,
    },
    /// Its key cannot be read or written.
    #[error("could not read or write the key of the development issuer at {path}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// What the file holds is no key.
    #[error("{path} holds no Ed25519 key")]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// A key could not be made, or a token not signed.
    #[error("could not sign")]
    Sign,
}

/// What a token is to say.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    /// The person.
    pub person: PractitionerId,
    /// The office.
    pub role: Role,
    /// The organisation.
    pub organisation: OrganisationId,
    /// For whom they look, if mediated.
    pub on_behalf_of: Option<PractitionerId>,
    /// For which service.
    pub audience: Option<String>,
    /// For how many seconds it holds.
    pub seconds: u64,
    /// Whether it says that a second factor was given.
    pub second_factor: bool,
}

/// Makes the key of the development issuer unless there is one.
///
/// # Errors
/// When the file cannot be written.
pub fn open_or_create(data: &Path) -> Result<(), IssuerError> {
    let path = data.join(FILE);
    let file = |cause| IssuerError::File { path: path.clone(), cause };
    if path.try_exists().map_err(file)? {
        return Ok(());
    }
    let pkcs8 =
        Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| IssuerError::Sign)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(&path).map_err(file)?;
    opened.write_all(pkcs8.as_ref()).and_then(|()| opened.sync_all()).map_err(file)
}

fn key(data: &Path) -> Result<(Vec<u8>, Ed25519KeyPair), IssuerError> {
    let path = data.join(FILE);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => {
            return Err(IssuerError::Absent { path: data.to_owned() });
        }
        Err(cause) => return Err(IssuerError::File { path, cause }),
    };
    let pair = Ed25519KeyPair::from_pkcs8(&bytes).map_err(|_| IssuerError::NoKey { path })?;
    Ok((bytes, pair))
}

/// The public half of its key, as a key set.
///
/// # Errors
/// When there is no development issuer.
pub fn published_keys(data: &Path) -> Result<JwkSet, IssuerError> {
    let (_, pair) = key(data)?;
    let x = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    serde_json::from_value(serde_json::json!({
        "keys": [{"kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA", "use": "sig", "kid": NAME}]
    }))
    .map_err(|_| IssuerError::Sign)
}

/// Signs a token.
///
/// # Errors
/// When there is no development issuer.
pub fn issue(data: &Path, request: &TokenRequest) -> Result<String, IssuerError> {
    let (bytes, _) = key(data)?;
    let claims = Claims {
        sub: request.person,
        role: request.role,
        org: request.organisation,
        exp: jsonwebtoken::get_current_timestamp().saturating_add(request.seconds),
        iss: Some(NAME.to_owned()),
        aud: request.audience.clone().map(Audience::One),
        amr: if request.second_factor {
            BTreeSet::from(["mfa".to_owned(), "hwk".to_owned()])
        } else {
            BTreeSet::from(["pwd".to_owned()])
        },
        acr: None,
        on_behalf_of: request.on_behalf_of,
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(NAME.to_owned());
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_ed_der(&bytes))
        .map_err(|_| IssuerError::Sign)
}
