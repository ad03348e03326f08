//! Public keys in the form that OpenSSL reads.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::transparency::note::{Kind, VerifierKey};

/// What stands before a raw Ed25519 key in a `SubjectPublicKeyInfo` (RFC 8410).
const ED25519: &[u8] = &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What stands before a raw ML-DSA-44 key (RFC 9881).
const ML_DSA_44: &[u8] = &[
    0x30, 0x82, 0x05, 0x32, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03,
    0x11, 0x03, 0x82, 0x05, 0x21, 0x00,
];

/// The name of the files of a key of this kind.
pub(super) const fn file_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Ed25519 => "ed25519",
        Kind::CosignatureEd25519 => "cosignature-ed25519",
        Kind::CosignatureMlDsa44 => "ml-dsa-44",
    }
}

pub(super) fn pem(key: &VerifierKey) -> String {
    let prefix = match key.kind() {
        Kind::Ed25519 | Kind::CosignatureEd25519 => ED25519,
        Kind::CosignatureMlDsa44 => ML_DSA_44,
    };
    let text = STANDARD.encode([prefix, key.public()].concat());
    let mut pem = String::from("-----BEGIN PUBLIC KEY-----\n");
    for (place, char) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(64) {
            pem.push('\n');
        }
        pem.push(char);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    pem
}
