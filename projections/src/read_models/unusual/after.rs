//! What the papers of a user say after an event, and how much of the past they go on saying.
//!
//! Each rule looks back over a measure of the policy, which `UnusualLooks::usable` bounds; what is older than that, or
//! more than it counts, is let go of at the user's next act. The measures below are the defaults, and their bounds.
//!
//! | rule | what a paper holds for it | how far back |
//! | --- | --- | --- |
//! | L1 | marks of the user's surname and address | the present |
//! | L2 | nothing of the user; of the child its involvements | the present |
//! | L3 | looks at records of other authorities | that day, 6 at most (1,001) |
//! | L4 | nothing | |
//! | L5 | looks | 10 minutes (a day), 11 at most (1,001) |
//! | L6 | searches of a row that goes on | 6 at most (1,002), each within 10 minutes (a day) of the next |
//! | L7 | confirmed overrides | 30 days (366), 4 at most (1,001) |
//! | L8, L9 | the last look | one |
//! | L10 | sights of shielded records, each with the searches near it | 60 minutes (a day), 2 searches (1,001) |
//!
//! Sources: the rules' own, in `domain::unusual`. Reading: a measure that is raised counts from then on what was not
//! let go of under the one before.

use chrono::TimeDelta;
use domain::{
    access::{self, Basis, ShieldState},
    event::Event,
    practitioner,
    unusual::{Act, near_shield::Sight, sequence::Asked},
};

use super::{
    finding::{BORN, SURNAME, Scene, near},
    papers::{Document, Seen, User},
};
use crate::marks::{Mark, Marks};

impl Scene<'_> {
    /// What is known of the user after the event; nothing but what they did, of one who was erased.
    pub(super) fn user_after(&self, user: Option<Box<User>>) -> Option<Document> {
        if user.is_none() && self.noted.marks == Marks::Erased {
            return None;
        }
        let mut user = user.unwrap_or_default();
        match &self.noted.marks {
            Marks::User(marks) => {
                user.surname = marks.surname.or(user.surname);
                user.home = marks.address.or(user.home);
            }
            Marks::Erased => user.forget(),
            Marks::Nothing | Marks::Record(_) | Marks::Terms(_) => {}
        }
        match (&self.noted.recorded.event, self.stamp.stream) {
            (Event::Practitioner(practitioner::Event::AccountAuthorised { .. }), _) => {
                user.authorised = Some(self.stamp.at);
            }
            (Event::Access(access::Event::ShieldOverrideConfirmed { .. }), _) => {
                user.overrides.push(self.act);
            }
            (Event::Access(access::Event::RecordOpened { basis, shield, .. }), _) => {
                self.opened(&mut user, *basis, *shield);
            }
            (Event::Activity(_), _) => self.searched(&mut user),
            _ => {}
        }
        self.forget(&mut user);
        Some(Document::User(user))
    }

    fn opened(&self, user: &mut User, basis: Basis, shield: ShieldState) {
        user.last = Some(self.act);
        user.looks.push(self.act);
        if basis != Basis::ResponsibleTeam && self.is_elsewhere() {
            user.elsewhere.push(self.act);
        }
        if shield != ShieldState::Unshielded
            && let Some(led) = user.searches.last()
        {
            let sight = Sight { opened: self.act, near: Vec::new() };
            let [surname, born] =
                [SURNAME, BORN].map(|term| led.terms.get(term).copied().flatten());
            let surname = surname.filter(|_| !user.sounds);
            user.sights.push(Seen { surname, born, sight });
        }
    }

    fn searched(&self, user: &mut User) {
        user.last = Some(self.act);
        let Some(terms) = self.terms() else { return };
        user.searches.push(self.asked(terms));
        user.sounds = terms.sounds;
        for seen in user.sights.iter_mut().filter(|seen| near(terms, seen)) {
            seen.sight.near.push(self.act);
        }
    }

    /// What is too old for any rule, or more than it counts, goes: so no paper grows with the log.
    fn forget(&self, user: &mut User) {
        let values = &self.values;
        let minutes = |span: u32| TimeDelta::minutes(i64::from(span));
        let recent = |act: &Act, span| self.act.at.signed_duration_since(act.at) < span;
        user.looks.retain(|act| recent(act, minutes(values.burst_minutes)));
        keep_latest(&mut user.looks, values.burst_looks);
        user.elsewhere.retain(|act| act.at.date_naive() == self.act.at.date_naive());
        keep_latest(&mut user.elsewhere, values.elsewhere_a_day);
        let days = TimeDelta::days(i64::from(values.overrides_days));
        user.overrides.retain(|act| recent(act, days));
        keep_latest(&mut user.overrides, values.overrides);
        user.sights.retain(|seen| recent(&seen.sight.opened, minutes(values.near_shield_minutes)));
        for seen in &mut user.sights {
            let measure = usize::try_from(values.near_shield_searches).unwrap_or(usize::MAX);
            seen.sight.near.truncate(measure.saturating_add(1));
        }
        // A row goes on for as long as each search follows the one before it soon enough.
        let row = usize::try_from(values.sequence_searches).unwrap_or(usize::MAX);
        let too_many = user.searches.len().saturating_sub(row.saturating_add(2));
        let span = minutes(values.sequence_minutes);
        let late = |pair: &[Asked<Mark>]| match pair {
            [before, next] => next.act.at.signed_duration_since(before.act.at) >= span,
            _ => false,
        };
        let ended =
            user.searches.windows(2).rposition(late).map_or(0, |last| last.saturating_add(1));
        user.searches.drain(..ended.max(too_many));
    }
}

/// Of acts that a rule counts, the latest, and one more than its measure: how many more there were makes no
/// difference to it.
fn keep_latest(acts: &mut Vec<Act>, measure: u32) {
    let most = usize::try_from(measure).unwrap_or(usize::MAX).saturating_add(1);
    while acts.len() > most {
        let earliest = acts.iter().enumerate().min_by_key(|(_, act)| act.at);
        let Some((earliest, _)) = earliest else { return };
        acts.remove(earliest);
    }
}
