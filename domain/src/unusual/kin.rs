//! Rule L1: a look at somebody with the user's own surname or address is worth a second one.
//!
//! Source: the cases of wrong procedure found by the central audit were staff who searched for members
//! of their own family to test the system (Commons, 12 October 2009, S8).
//! Reading: a surname that is written like the user's, in use or borne before where that is visible,
//! opened or asked for; or the address that the evidence of the user's identity showed. Of a shielded
//! child, the surname in use alone is compared. Namesakes are found, too: it is for people to judge.
//! The rule compares whatever stands for the values: keyed digests do, and nothing else is kept.

use super::{Act, Finding, Rule};

/// What is compared: values, or what stands for them.
#[derive(Debug)]
pub struct Compared<'a, M> {
    /// Surnames.
    pub surnames: &'a [M],
    /// An address.
    pub address: Option<&'a M>,
}

/// Finds a look at somebody who may be kin.
pub fn find<M: PartialEq>(
    look: &Act,
    user: &Compared<'_, M>,
    seen: &Compared<'_, M>,
) -> Option<Finding> {
    let same_name = user.surnames.iter().any(|own| seen.surnames.contains(own));
    let same_address = user.address.is_some() && user.address == seen.address;
    (same_name || same_address).then(|| Finding::new(Rule::Kin, vec![look.event], &[]))
}
