//! 26 January 2009: the directory opens, for shielding only.

use domain::{
    actor::Actor,
    identity::OrganisationId,
    organisation::{Capability, Cohort, OrganisationKind, Phase},
    practitioner::Office,
    reason::Text,
};
use fixtures::demonstration::{AUDITOR, BODIES, EASTVALE, LANTERN, NORTHMERE, OFFICIALS};
use fixtures::demonstration::{organisation, person};

use super::{cast, line};
use crate::{chronicle::Halt, directory::Directory};

/// The first phase of the training programme.
pub(super) const FIRST: Phase = Phase(1);

pub(super) async fn tell(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the directory opens", "2009-01-26 09:00");
    line.by(Actor::SYSTEM).adopt_policy().await?;
    let department = "Department for Children, Schools and Families";
    line.register(OrganisationId::DEPARTMENT, OrganisationKind::Department, department).await?;
    let [first, second] = OFFICIALS;
    line.appoint(person(first.number), Office::Official, &Text::try_from(first.name)?).await?;
    line.by(cast::official(0));
    line.appoint(person(second.number), Office::Official, &Text::try_from(second.name)?).await?;
    line.appoint(person(AUDITOR.number), Office::Auditor, &Text::try_from(AUDITOR.name)?).await?;
    for body in BODIES {
        let id = organisation(body.number);
        line.register(id, body.kind, body.name).await?;
        line.accredit(id).await?;
        line.enable(id, Capability::Shield, &[]).await?;
    }
    let teams = BODIES.iter().map(|body| organisation(body.number)).collect();
    line.announce_phase(FIRST, &teams).await?;
    for body in BODIES {
        let early = [NORTHMERE, EASTVALE, LANTERN].contains(&body.number);
        let cohort = Cohort(if early { 1 } else { 2 });
        line.enrol(organisation(body.number), FIRST, cohort).await?;
    }
    Ok(())
}
