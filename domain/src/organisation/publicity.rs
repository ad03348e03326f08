//! Rule P2: "how many households, at what cost?" is answered *not collected*, never nought, unless
//! somebody recorded a figure; and then whose figure it is.
//!
//! Rule P3: whether the direct mailing is nationwide is answered by naming who recorded one.
//!
//! Source: HL4248 ("local direct mailing in some areas"; "The department does not collect information
//! about local direct mailing on ContactPoint; and therefore we cannot estimate the cost").
//! Reading: a sum stands beside the number of activities without a figure, so that nobody takes a part
//! for the whole. A mailing is nationwide when every authority there is has recorded one.

use std::collections::{BTreeMap, BTreeSet};

use super::{Activity, Channel, Organisation, OrganisationKind};
use crate::identity::OrganisationId;

/// A figure asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Nobody recorded one. This is not nought.
    NotCollected {
        /// How many activities there are without one.
        activities_without: usize,
    },
    /// Somebody did.
    Collected {
        /// All recorded figures together.
        sum: u64,
        /// Whose figure: the sum of each organisation that recorded one.
        by: BTreeMap<OrganisationId, u64>,
        /// How many activities have none, so that the sum is a part.
        activities_without: usize,
    },
}

/// What is known of the reach and cost of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Households or copies.
    pub quantity: Figure,
    /// Cost in pence.
    pub cost_pence: Figure,
}

/// Answers for a channel, from the streams of the department and the authorities.
pub fn how_many_at_what_cost(
    channel: Channel,
    organisations: &[(OrganisationId, &Organisation)],
) -> Reach {
    Reach {
        quantity: figure(organisations, |one| through(one, channel).map(|it| it.quantity)),
        cost_pence: figure(organisations, |one| through(one, channel).map(|it| it.cost_pence)),
    }
}

/// How many fair-processing notices the schools issued (rule P4): *not collected*, never nought, unless
/// somebody recorded a figure. A notice without one counts among the activities without.
pub fn how_many_notices(organisations: &[(OrganisationId, &Organisation)]) -> Figure {
    figure(organisations, |one| one.notices().values().map(|it| it.quantity))
}

fn through(organisation: &Organisation, channel: Channel) -> impl Iterator<Item = &Activity> {
    organisation.activities().values().filter(move |it| it.channel == channel)
}

fn figure<'s, I: Iterator<Item = Option<u64>>>(
    organisations: &[(OrganisationId, &'s Organisation)],
    of: impl Fn(&'s Organisation) -> I,
) -> Figure {
    let mut by: BTreeMap<OrganisationId, u64> = BTreeMap::new();
    let mut activities_without = 0_usize;
    for (id, organisation) in organisations {
        for figure in of(organisation) {
            match figure {
                None => activities_without = activities_without.saturating_add(1),
                Some(figure) => {
                    let sum = by.entry(*id).or_default();
                    *sum = sum.saturating_add(figure);
                }
            }
        }
    }
    if by.is_empty() {
        Figure::NotCollected { activities_without }
    } else {
        let sum = by.values().fold(0_u64, |sum, figure| sum.saturating_add(*figure));
        Figure::Collected { sum, by, activities_without }
    }
}

/// How far the direct mailing extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mailing {
    /// Nobody recorded one.
    NoneRecorded,
    /// Some authorities recorded one, or only the department did.
    InSomeAreas {
        /// Who recorded one.
        by: BTreeSet<OrganisationId>,
        /// The authorities that recorded none.
        not_by: BTreeSet<OrganisationId>,
    },
    /// Every authority recorded one.
    Nationwide {
        /// All who did.
        by: BTreeSet<OrganisationId>,
    },
}

/// Answers from the streams of the department and of all the authorities.
pub fn is_direct_mailing_nationwide(organisations: &[(OrganisationId, &Organisation)]) -> Mailing {
    let mails = |organisation: &Organisation| {
        organisation.activities().values().any(|it| it.channel == Channel::DirectMailing)
    };
    let is_authority = |organisation: &Organisation| {
        organisation.registration().is_some_and(|it| it.kind == OrganisationKind::LocalAuthority)
    };
    let by: BTreeSet<OrganisationId> =
        organisations.iter().filter(|(_, it)| mails(it)).map(|(id, _)| *id).collect();
    let not_by: BTreeSet<OrganisationId> = organisations
        .iter()
        .filter(|(_, it)| is_authority(it) && !mails(it))
        .map(|(id, _)| *id)
        .collect();
    let authorities = organisations.iter().filter(|(_, it)| is_authority(it)).count();
    if by.is_empty() {
        Mailing::NoneRecorded
    } else if not_by.is_empty() && authorities > 0 {
        Mailing::Nationwide { by }
    } else {
        Mailing::InSomeAreas { by, not_by }
    }
}
