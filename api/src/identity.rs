//! Who is calling: bearer tokens, the keys they are checked with, and the development issuer.

mod claims;
mod issuer;
mod keys;
mod verified;

pub use claims::{Claims, SecondFactor};
pub use issuer::{IssuerError, TokenRequest, issue, open_or_create, published_keys};
pub use keys::{KeysError, Refused, TrustedKeys};
