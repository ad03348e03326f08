//! The records, and their shields.

use std::collections::BTreeSet;

use domain::{
    identity::ChildRef,
    personal::Personal,
    reason::Text,
    shield::{Grounds, ReviewOutcome, View},
};
use fixtures::england::{Case, Child, Later, Verdict};

use super::{CASES, Generation, RECORDS, REVIEWS_AFTER, SHIELDS_AFTER};
use crate::chronicle::{Decision, Halt, Line, Record, Request};

impl Generation<'_> {
    /// Some records are entered by the teams of their authorities.
    pub(super) async fn records(&self, unit: u64) -> Result<(), Halt> {
        let everybody = self.england.how_many_children();
        let first = unit.saturating_mul(RECORDS);
        let last = first.saturating_add(RECORDS).min(everybody);
        let children: Vec<Child> = (first..last).map(|number| self.england.child(number)).collect();
        let at = self.during(0, first, everybody);
        let subjects: Vec<uuid::Uuid> = children.iter().map(|one| one.reference.uuid()).collect();
        let mut known = self.line("known children", unit, at);
        known.by(self.team(0, 0)).introduce(&subjects).await?;
        for child in &children {
            let mut line = self.line("child", child.index, at);
            line.by(self.team(child.authority, 0));
            self.record(&mut line, child).await?;
        }
        Ok(())
    }

    async fn record(&self, line: &mut Line<'_>, child: &Child) -> Result<(), Halt> {
        let record = Record {
            reference: child.reference,
            number: child.number.clone(),
            name: child.name.clone(),
            gender: child.gender,
            date_of_birth: child.date_of_birth,
            whereabouts: child.whereabouts.clone(),
            authority: self.england.authority(child.authority).id,
        };
        let matches: BTreeSet<ChildRef> = line
            .near_matches(&child.name, child.date_of_birth)
            .await?
            .into_iter()
            // Told again, the record itself is among those it resembles.
            .filter(|one| *one != child.reference)
            .collect();
        line.create(&record, &matches).await?;
        if let Some(former) = &child.former_name {
            line.former_name(child.reference, former.clone()).await?;
        }
        for (id, carer) in &child.carers {
            line.carer(child.reference, *id, carer).await?;
        }
        if let Some((school, since)) = &child.school {
            line.school(child.reference, school, *since).await?;
        }
        if let Some((practice, since)) = &child.practice {
            line.practice(child.reference, practice, *since).await?;
        }
        for one in &child.involvements {
            line.involvement(child.reference, one.id, &one.service, one.basis, one.from).await?;
        }
        if let Some(lead) = child.lead.and_then(|place| child.involvements.get(place)) {
            line.lead(child.reference, lead.id).await?;
        }
        if child.common_assessment {
            line.assessed(child.reference).await?;
        }
        Ok(())
    }

    /// The cases among some children.
    fn cases(&self, unit: u64) -> Vec<(u64, Case)> {
        let first = unit.saturating_mul(CASES);
        let last = first.saturating_add(CASES).min(self.england.how_many_children());
        (first..last).filter_map(|number| Some((number, self.england.case(number)?))).collect()
    }

    /// Shields are asked for and decided, before anybody looks.
    pub(super) async fn shields(&self, unit: u64) -> Result<(), Halt> {
        for (number, case) in self.cases(unit) {
            let child = self.england.child(number);
            let at = self.during(SHIELDS_AFTER, number, self.england.how_many_children());
            let mut line = self.line("shield", number, at);
            line.by(self.team(child.authority, 1));
            self.shield(&mut line, child.reference, child.authority, &case).await?;
        }
        Ok(())
    }

    async fn shield(
        &self,
        line: &mut Line<'_>,
        child: ChildRef,
        authority: u64,
        case: &Case,
    ) -> Result<(), Halt> {
        let other = case.other_ground.map(Text::try_from).transpose()?.map(Personal::Known);
        let grounds = Grounds::new(case.grounds.clone(), other)
            .map_err(|_| Halt::Otherwise("a shield's grounds"))?;
        let asked = Request {
            id: case.request,
            requester: case.requester,
            grounds: grounds.clone(),
            circumstances: Text::try_from(case.circumstances)?,
        };
        line.request(child, &asked).await?;
        if let Some(why) = case.urgent {
            line.shield_at_once(child, &grounds, &Text::try_from(why)?).await?;
        }
        let (level, rationale, grounds) = match case.verdict {
            Verdict::Undecided => return Ok(()),
            Verdict::Applied { level, rationale } => (level, rationale, Some(grounds)),
            Verdict::Refused { level, reasons } => (level, reasons, None),
        };
        line.views(child, views(case)?).await?;
        let decision = Decision { level, rationale: Text::try_from(rationale)?, grounds };
        line.by(self.team(authority, 0)).determine(child, &decision).await
    }

    /// Shields are reviewed; some are lifted.
    pub(super) async fn reviews(&self, unit: u64) -> Result<(), Halt> {
        for (number, case) in self.cases(unit) {
            let (outcome, reasons) = match case.later {
                Later::Nothing => continue,
                Later::Kept(reasons) => (ReviewOutcome::Keep, reasons),
                Later::Lifted(reasons) => (ReviewOutcome::Lift, reasons),
            };
            let child = self.england.child(number);
            let at = self.during(REVIEWS_AFTER, number, self.england.how_many_children());
            let mut line = self.line("review", number, at);
            line.by(self.team(child.authority, 1)).views(child.reference, views(&case)?).await?;
            let reasons = Text::try_from(reasons)?;
            line.by(self.team(child.authority, 0));
            line.review(child.reference, outcome, &reasons).await?;
            if outcome == ReviewOutcome::Lift {
                line.lift(child.reference, &reasons).await?;
            }
        }
        Ok(())
    }
}

fn views(case: &Case) -> Result<[View; 3], Halt> {
    let [child, carers, practitioners] = case.views;
    Ok([view(child)?, view(carers)?, view(practitioners)?])
}

fn view(words: Option<&str>) -> Result<View, Halt> {
    Ok(match words {
        Some(words) => View::Expressed(Personal::Known(Text::try_from(words)?)),
        None => View::NoneExpressed,
    })
}
