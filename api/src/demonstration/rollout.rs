//! Shielding is signed off, search is switched on, practitioners come; and the public is told.

use domain::{
    identity::{OrganisationId, PublicityId},
    organisation::{Capability, Channel, OrganisationKind},
    reason::Text,
};
use fixtures::demonstration::{
    BODIES, EASTVALE, LANTERN, MIDWOLD, NORTHMERE, SOUTHCOMBE, WESTHAVEN, member, organisation,
    thing,
};

use super::{cast, day, instant, line};
use crate::{
    chronicle::{Halt, Publicity},
    directory::Directory,
};

/// Each body, a member of its team, and how many requests it looked at.
const SIGNED_OFF: [(u128, u128, u32); 6] = [
    (NORTHMERE, 10, 2),
    (EASTVALE, 12, 1),
    (SOUTHCOMBE, 13, 0),
    (WESTHAVEN, 14, 1),
    (MIDWOLD, 15, 0),
    (LANTERN, 16, 0),
];

/// Practitioners, with the member of a team who keeps their account.
const COMING: [(u128, u128); 7] =
    [(30, 10), (31, 10), (32, 10), (33, 12), (34, 12), (35, 12), (36, 16)];

pub(super) async fn tell(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "search is switched on", "2009-03-12 09:00");
    for (body, signs, considered) in SIGNED_OFF {
        line.by(cast::actor(signs)?);
        line.sign_shielding_off(organisation(body), considered).await?;
    }
    line.at(instant("2009-03-16 09:00")).by(cast::official(0));
    let authorities: Vec<OrganisationId> = BODIES
        .iter()
        .filter(|body| body.kind == OrganisationKind::LocalAuthority)
        .map(|body| organisation(body.number))
        .collect();
    for body in BODIES {
        line.enable(organisation(body.number), Capability::Search, &authorities).await?;
    }
    line.at(instant("2009-03-23 09:00"));
    for (number, keeper) in COMING {
        line.enlist(&cast::person(number)?, cast::actor(keeper)?, cast::actor(20)?).await?;
        line.later(3_600);
    }
    line.at(instant("2009-04-01 10:00"));
    for (number, keeper) in COMING {
        if let Some(why) = member(number).and_then(|member| member.override_need) {
            line.by(cast::actor(keeper)?);
            line.grant_override(&cast::person(number)?, Text::try_from(why)?).await?;
        }
    }
    Ok(())
}

/// June: somebody attends training, and has not completed it: no condition is met by that.
pub(super) async fn tell_learner(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "a learner", "2009-06-15 09:00");
    line.by(cast::actor(14)?);
    let learner = cast::person(37)?;
    line.nominate(&learner).await?;
    line.vet(&learner).await?;
    line.by(cast::actor(20)?).attend_training(learner.id).await
}

/// March: the public is informed, with figures where somebody collected them.
pub(super) async fn tell_public(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the public is informed", "2009-03-02 09:00");
    let leaflets = Publicity {
        channel: Channel::LeafletAtOutlet,
        area: "Northmere",
        from: day("2009-02-23"),
        to: Some(day("2009-04-30")),
        quantity: Some(12_000),
        cost_pence: Some(184_050),
    };
    line.by(cast::actor(10)?);
    line.inform_public(organisation(NORTHMERE), PublicityId::new(thing(0x11)), &leaflets).await?;
    let mailing = Publicity {
        channel: Channel::DirectMailing,
        area: "Eastvale, northern wards",
        from: day("2009-03-02"),
        to: None,
        quantity: None,
        cost_pence: None,
    };
    line.by(cast::actor(12)?);
    line.inform_public(organisation(EASTVALE), PublicityId::new(thing(0x12)), &mailing).await?;
    line.by(cast::official(1));
    let department = OrganisationId::DEPARTMENT;
    for (number, channel) in [(0x13, Channel::NationalPublication), (0x14, Channel::Website)] {
        let national =
            Publicity { channel, area: "England", from: day("2009-01-26"), ..mailing.clone() };
        line.inform_public(department, PublicityId::new(thing(number)), &national).await?;
    }
    Ok(())
}
