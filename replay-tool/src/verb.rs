//! One module for each verb of the tool.

pub(crate) mod at;
mod behind;
pub(crate) mod compare;
pub(crate) mod erasure;
mod event;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod log;
pub(crate) mod prove;
pub(crate) mod screen;
pub(crate) mod seen_by;
pub(crate) mod shielding;
mod sightings;
pub(crate) mod trail;
pub(crate) mod verify;
pub(crate) mod witness;
