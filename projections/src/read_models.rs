//! The read models there are. A new one is a file here, a line in [`all`], and its tests.

pub mod authorised_users;
pub mod investigations;
pub mod openings;
pub mod organisations;
pub mod parliament;
pub mod search;
pub mod seen;
pub mod shields;
pub mod unusual;

pub use self::{
    authorised_users::AuthorisedUsers, investigations::Investigations, openings::Openings,
    organisations::Organisations, search::Search, seen::Seen, shields::Shields,
    unusual::UnusualAccess,
};
use crate::known::Known;

/// Every read model, in its present version.
pub fn all() -> Known {
    Known::none()
        .and::<AuthorisedUsers>()
        .and::<Investigations>()
        .and::<Openings>()
        .and::<Organisations>()
        .and::<Seen>()
        .and::<Shields>()
        .and_marked::<Search>()
        .and_marked::<UnusualAccess>()
}
