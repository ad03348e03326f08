//! The management teams are trained and tested; one of their members fails.

use domain::{organisation::Cohort, practitioner::record_test::Outcome};
use fixtures::demonstration::{EASTVALE, LANTERN, NORTHMERE, SOUTHCOMBE, WESTHAVEN};
use fixtures::demonstration::{organisation, person};

use super::{cast, line, opening::FIRST};
use crate::{chronicle::Halt, directory::Directory};

/// The member of Southcombe's team who fails the test.
const FAILS: u128 = 17;

pub(super) async fn tell(directory: &Directory) -> Result<(), Halt> {
    let mut line = line(directory, "the teams are trained", "2009-01-26 13:00");
    // Somebody must train the first trainer: an official does, as no trainer is there.
    line.enlist(&cast::person(10)?, cast::official(0), cast::official(1)).await?;
    line.at(super::instant("2009-01-27 09:00"));
    line.enlist(&cast::person(20)?, cast::actor(10)?, cast::official(1)).await?;
    let trainer = cast::actor(20)?;
    for (number, day) in [
        (11, "2009-01-28 09:00"),
        (12, "2009-01-28 10:00"),
        (16, "2009-01-29 09:00"),
        (14, "2009-01-29 10:00"),
        (15, "2009-01-30 09:00"),
        (13, "2009-01-30 10:00"),
    ] {
        line.at(super::instant(day));
        line.enlist(&cast::person(number)?, cast::official(0), trainer).await?;
    }
    let failing = cast::person(FAILS)?;
    line.at(super::instant("2009-02-02 09:00")).by(cast::official(0));
    line.nominate(&failing).await?;
    line.vet(&failing).await?;
    line.by(trainer).attend_training(failing.id).await?;
    line.complete_training(failing.id).await?;
    line.test(failing.id, Outcome::Failed).await?;
    line.at(super::instant("2009-02-05 16:00")).by(trainer);
    let northmere = [person(10), person(11)];
    line.complete_phase(organisation(NORTHMERE), FIRST, &northmere).await?;
    line.complete_phase(organisation(EASTVALE), FIRST, &[person(12)]).await?;
    line.complete_phase(organisation(LANTERN), FIRST, &[person(16)]).await?;
    line.complete_phase(organisation(WESTHAVEN), FIRST, &[person(14)]).await?;
    line.fail_phase(organisation(SOUTHCOMBE), FIRST).await?;
    line.at(super::instant("2009-02-05 17:00")).by(cast::official(1));
    line.enrol(organisation(SOUTHCOMBE), FIRST, Cohort(3)).await
}
