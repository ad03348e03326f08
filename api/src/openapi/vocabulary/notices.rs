//! Words about fair-processing notices.

use serde::Serialize;
use utoipa::ToSchema;

/// Which layer of a school's notice.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeLayer {
    /// One page for everybody.
    OnePage,
    /// The full text, on a website or on paper.
    FullText,
}

/// On which occasion a school issued its notice.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeOccasion {
    /// When the child starts school.
    StartsSchool,
    /// To the pupil directly, at 13.
    ThirteenthYear,
    /// Any other.
    Other,
}
