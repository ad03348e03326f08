//! Days on which people look, are refused, go behind shields, and are investigated.

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::{
    access::{Event as Accessed, Purpose, ReasonCode, ShieldState},
    actor::{Actor, Role},
    event::Event,
    identity::{InvestigationId, OpeningId, OverrideId},
    investigation::Finding,
    personal::Personal,
    policy::Values,
    practitioner::{SuspensionCause, crb_check_lapses_on},
    reason::Text,
};
use fixtures::england::{Errand, StaffMember};

use super::{ERRANDS, Generation, LOOKS_AFTER, at};
use crate::chronicle::{Halt, Line, Search};

/// The working day begins at nine.
const NINE: i64 = 9 * 3_600;

impl Generation<'_> {
    fn midnight(&self, day: u64) -> DateTime<Utc> {
        let days = Days::new(LOOKS_AFTER.saturating_add(day));
        at(self.england.day().checked_add_days(days).unwrap_or(self.england.day()))
    }

    /// Who goes on an errand that day, in the order of the day. Every second person does.
    pub(super) fn errands(&self, day: u64) -> Vec<(u64, u64)> {
        let mut errands: Vec<(u64, u64)> = (0..self.england.how_many_practitioners())
            .filter_map(|number| {
                let key = day.wrapping_mul(1 << 32).wrapping_add(number);
                let mut dice = self.england.dice(key);
                dice.happens(5_000).then(|| (dice.below(8 * 3_600), number))
            })
            .collect();
        errands.sort_unstable();
        errands
    }

    /// Before anybody looks: the clock finds lapsed checks, and the audit finds something odd.
    pub(super) async fn morning(&self, day: u64) -> Result<(), Halt> {
        let midnight = self.midnight(day);
        let values = Values::default();
        for number in 0..self.england.how_many_practitioners() {
            let key = (1 << 62_u64) | day.wrapping_mul(1 << 32).wrapping_add(number);
            let suspected = self.england.dice(key).below(20_000) == 0;
            let member = self.england.practitioner(number);
            let lapses = crb_check_lapses_on(member.crb_issued_on, &values);
            let mut line = self.line(&format!("morning {day}"), number, midnight);
            if lapses == midnight.date_naive() {
                line.record_lapse(member.id).await?;
            }
            if suspected {
                self.suspicion(line.later(NINE - 3_600), &member, number).await?;
            }
        }
        Ok(())
    }

    async fn suspicion(
        &self,
        line: &mut Line<'_>,
        member: &StaffMember,
        number: u64,
    ) -> Result<(), Halt> {
        line.by(self.team(member.authority, 0));
        let words = "The audit found a look at somebody with the same surname.";
        let cause = SuspensionCause::AuditFinding;
        let suspended = line.suspend(member.id, cause, Text::try_from(words)?).await;
        let investigation = match suspended {
            Ok(investigation) => investigation,
            // Suspended on an earlier morning.
            Err(Halt::Refused { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let investigator = self.england.team_member(member.authority, 1).id;
        line.assign(investigation, None, member.id, investigator).await?;
        if number.is_multiple_of(3) {
            return Ok(());
        }
        line.by(self.team(member.authority, 1));
        let report =
            Text::try_from("Tried the system out on a relative; no misuse of what was seen.")?;
        line.conclude(investigation, member.id, Finding::WrongProcedure, &report).await
    }

    /// Some of the day's errands.
    pub(super) async fn looks(
        &self,
        day: u64,
        unit: u64,
        errands: &[(u64, u64)],
    ) -> Result<(), Halt> {
        let first = usize::try_from(unit.saturating_mul(ERRANDS)).unwrap_or(usize::MAX);
        let some = usize::try_from(ERRANDS).unwrap_or(0);
        for (second, number) in errands.iter().skip(first).take(some) {
            let seconds = i64::try_from(*second).unwrap_or(0).saturating_add(NINE);
            let midnight = self.midnight(day);
            let at = midnight.checked_add_signed(TimeDelta::seconds(seconds)).unwrap_or(midnight);
            let mut line = self.line(&format!("look {day}"), *number, at);
            self.look(&mut line, *number, day).await?;
        }
        Ok(())
    }

    async fn look(&self, line: &mut Line<'_>, number: u64, day: u64) -> Result<(), Halt> {
        let errand = self.england.errand(number, day, 0);
        let member = self.england.practitioner(number);
        line.by(Actor::person(member.id, Role::Practitioner, member.organisation));
        let why = purpose(errand.code, errand.words)?;
        let listed = match line.search(&errand.terms, &why).await? {
            Search::Listed(rows) => rows.contains(&errand.reference),
            Search::TooMany | Search::Refused => false,
        };
        if !listed || !errand.opens {
            return Ok(());
        }
        let opening = OpeningId::new(line.handle("opening"));
        let Some(opened) = line.open(errand.reference, opening, &why).await? else {
            return Ok(());
        };
        let shielded = matches!(
            opened.event,
            Event::Access(Accessed::RecordOpened {
                shield: ShieldState::Provisional | ShieldState::Applied,
                ..
            })
        );
        if shielded && errand.seconds.is_multiple_of(3) {
            self.go_behind(line, &errand, &member, opening).await?;
        }
        line.later(i64::try_from(errand.seconds).unwrap_or(60));
        line.close(errand.reference, opening).await
    }

    /// Goes behind the shield, if they hold the right; is refused, if they do not.
    async fn go_behind(
        &self,
        line: &mut Line<'_>,
        errand: &Errand,
        member: &StaffMember,
        opening: OpeningId,
    ) -> Result<(), Halt> {
        let child = errand.reference;
        let why = purpose("child-protection", errand.override_words)?;
        let procedure = OverrideId::new(line.handle("override"));
        if !line.attempt_override(child, opening, procedure, &why).await? {
            return Ok(());
        }
        if errand.seconds.is_multiple_of(2) {
            return line.withdraw_override(child, procedure).await;
        }
        let investigation = InvestigationId::new(line.handle("investigation"));
        line.confirm_override(child, procedure, investigation).await?;
        let user = line.actor();
        line.by(self.team(member.authority, 0));
        let investigator = self.team(member.authority, 1);
        let by = investigator.id.ok_or(Halt::Otherwise("an investigator"))?;
        line.assign(investigation, Some(child), member.id, by).await?;
        if errand.second.is_multiple_of(4) {
            let report = Text::try_from(errand.report)?;
            line.by(investigator);
            line.conclude(investigation, member.id, Finding::Proper, &report).await?;
        }
        line.by(user);
        Ok(())
    }
}

fn purpose(code: &str, words: &str) -> Result<Purpose, Halt> {
    let code = ReasonCode::try_from(code.to_owned())?;
    Ok(Purpose { code, text: Personal::Known(Text::try_from(words)?) })
}
