//! What can happen when somebody searches.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Terms;
use crate::{
    access::{Fields, Purpose, Refusal},
    identity::ChildRef,
    personal::Personal,
};

/// One row of a result list, as shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SearchRow {
    /// Whose.
    pub child: ChildRef,
    /// The fields shown in the row.
    pub shown: Fields,
}

/// How a search came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SearchOutcome {
    /// These rows were shown, in this order. Perhaps none.
    Shown(Vec<SearchRow>),
    /// More matched than the policy allows to be shown, so none was.
    TooMany,
}

/// An event of an `activity-{practitioner}` stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A search was made, and this is what it showed.
    #[serde(rename = "activity.search-performed/1")]
    SearchPerformed {
        /// Why.
        purpose: Purpose,
        /// What was asked for.
        terms: Personal<Terms>,
        /// The fields asked about.
        fields: Fields,
        /// What was shown.
        outcome: SearchOutcome,
    },
    /// A search was refused; nothing was shown.
    #[serde(rename = "activity.search-refused/1")]
    SearchRefused {
        /// Why they wanted to search.
        purpose: Purpose,
        /// What was asked for.
        terms: Personal<Terms>,
        /// Why they could not: everything that stood in the way.
        refusals: BTreeSet<Refusal>,
    },
}
