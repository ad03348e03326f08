//! Inclusion and consistency: made from stored hashes, and checked without trusting anybody.
//!
//! Source: RFC 6962 sections 2.1.1 and 2.1.2; the checks are those of RFC 9162 sections 2.1.3.2 and
//! 2.1.4.2. Degenerate cases (ours): size 0 proves nothing but an empty prefix; a surplus or missing hash
//! is refused.

use super::{
    hash::{EMPTY_ROOT, Hash, node},
    tree::{Hashes, below, root_of},
};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    /// The leaf lies outside the tree, or the older tree is larger than the newer.
    #[error("the proof speaks of something outside the tree")]
    OutsideTree,
    /// Too few or too many hashes.
    #[error("the proof has the wrong number of hashes")]
    WrongLength,
    /// The hashes do not lead to the root.
    #[error("the proof does not lead to the root")]
    WrongRoot,
}

/// The hashes that prove that leaf `index` is in the tree of `size` leaves: its sibling first.
///
/// # Errors
/// What `hashes` answers when one is missing.
pub fn prove_inclusion<H: Hashes>(
    hashes: &mut H,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, H::Error> {
    let (mut from, mut to) = (0_u64, size);
    let mut siblings = Vec::new();
    while to.saturating_sub(from) > 1 {
        let split = from.saturating_add(below(to.saturating_sub(from)));
        if index < split {
            siblings.push(root_of(hashes, split, to)?);
            to = split;
        } else {
            siblings.push(root_of(hashes, from, split)?);
            from = split;
        }
    }
    siblings.reverse();
    Ok(siblings)
}

/// The hashes that prove that the tree of `old` leaves is a prefix of the tree of `new` leaves.
///
/// # Errors
/// What `hashes` answers when one is missing.
pub fn prove_consistency<H: Hashes>(
    hashes: &mut H,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, H::Error> {
    if old == 0 || old >= new {
        return Ok(Vec::new());
    }
    let (mut from, mut to, mut known) = (0_u64, new, true);
    let mut siblings = Vec::new();
    while to != old {
        let split = from.saturating_add(below(to.saturating_sub(from)));
        if old <= split {
            siblings.push(root_of(hashes, split, to)?);
            to = split;
        } else {
            siblings.push(root_of(hashes, from, split)?);
            from = split;
            known = false;
        }
    }
    if !known {
        siblings.push(root_of(hashes, from, to)?);
    }
    siblings.reverse();
    Ok(siblings)
}

/// Checks that `leaf` is entry `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// When it does not follow from the proof.
pub fn check_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), Unproven> {
    if index >= size {
        return Err(Unproven::OutsideTree);
    }
    let (mut place, mut last, mut reached) = (index, size.saturating_sub(1), *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(Unproven::WrongLength);
        }
        if place & 1 == 1 || place == last {
            reached = node(sibling, &reached);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            reached = node(&reached, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    match (last, reached == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(Unproven::WrongRoot),
        _ => Err(Unproven::WrongLength),
    }
}

/// Checks that the tree of `old` leaves with `old_root` is a prefix of that of `new` leaves with `new_root`.
///
/// # Errors
/// When it does not follow from the proof.
pub fn check_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), Unproven> {
    if old > new {
        return Err(Unproven::OutsideTree);
    }
    if old == 0 || old == new {
        let fits = (old != 0 || *old_root == EMPTY_ROOT) && (old != new || old_root == new_root);
        return match (proof.is_empty(), fits) {
            (false, _) => Err(Unproven::WrongLength),
            (true, false) => Err(Unproven::WrongRoot),
            (true, true) => Ok(()),
        };
    }
    let padded = old.is_power_of_two().then_some(*old_root);
    let mut hashes = padded.iter().chain(proof);
    let first = hashes.next().ok_or(Unproven::WrongLength)?;
    if proof.is_empty() {
        return Err(Unproven::WrongLength);
    }
    let (mut place, mut last) = (old.saturating_sub(1), new.saturating_sub(1));
    while place & 1 == 1 {
        place >>= 1;
        last >>= 1;
    }
    let (mut older, mut newer) = (*first, *first);
    for sibling in hashes {
        if last == 0 {
            return Err(Unproven::WrongLength);
        }
        if place & 1 == 1 || place == last {
            older = node(sibling, &older);
            newer = node(sibling, &newer);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            newer = node(&newer, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    match (last, older == *old_root && newer == *new_root) {
        (0, true) => Ok(()),
        (0, false) => Err(Unproven::WrongRoot),
        _ => Err(Unproven::WrongLength),
    }
}
