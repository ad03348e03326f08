//! Going behind a shield: attempted, warned, confirmed or withdrawn, ended; every time anew (S27).

pub mod attempt;
pub mod confirm;
pub mod end;
pub mod withdraw;

use super::{Access, Procedure};
use crate::{caller::Caller, identity::OverrideId};

/// A run of the caller's own. Somebody else's reads like one that never was.
fn own<'a>(access: &'a Access, caller: &Caller<'_>, id: OverrideId) -> Option<&'a Procedure> {
    access.procedure(id).filter(|procedure| procedure.user == Some(caller.id))
}
