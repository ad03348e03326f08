//! After any sequence of commands of several users on several children: nothing is disclosed without
//! every condition, nothing hidden to a viewer without a basis, one investigation follows each confirmed
//! override, and every screen can be shown again word for word.
//!
//! What may be shown is not asked of `visible` here: a model of its own keeps who is suspended and what
//! is shielded, and the screens are read as text for words that only a hidden field holds.
#![expect(clippy::panic, reason = "a list where a screen is due fails the property")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a step that does not apply is left out")]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use domain::{
    access::{
        Answer, Basis, Decided, Event, Form,
        brokering::{broker, decline, request, view},
        close_record,
        copy::take,
        open_record,
        override_shield::{attempt, confirm, end, withdraw},
    },
    activity::{self, Terms, search},
    actor::Role,
    child,
    identity::{BrokeringId, CopyId, InvestigationId, InvolvementId, OpeningId, OverrideId},
    practitioner,
    shield::Ground,
};
use fixtures::{
    people::text,
    scenario::{id, on},
};
use proptest::prelude::*;

use super::a_record::{apply, lifted, name, protection, provisionally};
use super::world::{
    BIRTHDAY, CHILDREN, Shown, USERS, World, carer_name, child_ref, hidden, postcode, sensitive,
    surname,
};

/// What a generated sequence is made of. Numbers are taken modulo what there is to choose from.
#[derive(Clone, Debug)]
enum Step {
    Shield { kid: usize, ground: Ground, provisional: bool },
    Lift { kid: usize },
    Rename { kid: usize },
    Quarantine { kid: usize },
    Release { kid: usize },
    Suspend { user: usize },
    Reinstate { user: usize },
    Trust { user: usize },
    Distrust { user: usize },
    Wait { days: u16 },
    Search { user: usize, kid: usize, by: By },
    Open { user: usize, kid: usize },
    Close { opening: usize, user: Option<usize> },
    Attempt { opening: usize, user: Option<usize> },
    Confirm { run: usize, user: Option<usize> },
    Withdraw { run: usize },
    End { run: usize },
    Copy { opening: usize, user: Option<usize> },
    Ask { opening: usize, user: Option<usize> },
    Broker { asked: usize, user: usize },
    Answer { asked: usize, declined: bool },
}

/// By what a search asks.
#[derive(Clone, Copy, Debug)]
enum By {
    Name,
    FormerName,
    Postcode,
    Birthday,
}

fn step() -> impl Strategy<Value = Step> {
    use Step as S;
    let (kid, user) = (0..CHILDREN, 0..USERS.len());
    let some = 0..64_usize;
    let ground = prop::sample::select(vec![Ground::ChildAtRisk, Ground::PlacementAtRisk]);
    let by = prop::sample::select(vec![By::Name, By::FormerName, By::Postcode, By::Birthday]);
    let others = prop_oneof![4 => Just(None), 1 => user.clone().prop_map(Some)];
    let other = prop_oneof![4 => Just(None), 1 => user.clone().prop_map(Some)];
    prop_oneof![
        3 => (kid.clone(), ground, any::<bool>())
            .prop_map(|(kid, ground, provisional)| S::Shield { kid, ground, provisional }),
        1 => kid.clone().prop_map(|kid| S::Lift { kid }),
        2 => kid.clone().prop_map(|kid| S::Rename { kid }),
        1 => kid.clone().prop_map(|kid| S::Quarantine { kid }),
        2 => kid.clone().prop_map(|kid| S::Release { kid }),
        1 => user.clone().prop_map(|user| S::Suspend { user }),
        2 => user.clone().prop_map(|user| S::Reinstate { user }),
        3 => user.clone().prop_map(|user| S::Trust { user }),
        1 => user.clone().prop_map(|user| S::Distrust { user }),
        1 => (1..400_u16).prop_map(|days| S::Wait { days }),
        5 => (user.clone(), kid.clone(), by)
            .prop_map(|(user, kid, by)| S::Search { user, kid, by }),
        8 => (user, kid).prop_map(|(user, kid)| S::Open { user, kid }),
        2 => (some.clone(), other.clone())
            .prop_map(|(opening, user)| S::Close { opening, user }),
        6 => (some.clone(), other.clone())
            .prop_map(|(opening, user)| S::Attempt { opening, user }),
        6 => (some.clone(), other).prop_map(|(run, user)| S::Confirm { run, user }),
        1 => some.clone().prop_map(|run| S::Withdraw { run }),
        1 => some.clone().prop_map(|run| S::End { run }),
        4 => (some.clone(), others.clone())
            .prop_map(|(opening, user)| S::Copy { opening, user }),
        3 => (some.clone(), others).prop_map(|(opening, user)| S::Ask { opening, user }),
        5 => (some.clone(), 0..USERS.len())
            .prop_map(|(asked, user)| S::Broker { asked, user }),
        1 => (some, any::<bool>())
            .prop_map(|(asked, declined)| S::Answer { asked, declined }),
    ]
}

/// What the model knows of a child.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    shield: Option<Ground>,
    quarantined: bool,
    names: usize,
}

#[derive(Clone, Copy, Debug)]
struct Opening {
    user: usize,
    kid: usize,
    open: bool,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    user: usize,
    opening: usize,
    warned: bool,
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    kid: usize,
    viewed: bool,
    waits: bool,
}

struct Model {
    world: World,
    kids: [Known; CHILDREN],
    suspended: [bool; USERS.len()],
    trusted: [bool; USERS.len()],
    openings: Vec<Opening>,
    runs: Vec<Run>,
    asked: Vec<Asked>,
    copies: usize,
    confirmed: usize,
}

fn opening_id(number: usize) -> OpeningId {
    OpeningId::new(id((1 << 80) + u128::try_from(number).unwrap()))
}

fn brokering_id(number: usize) -> BrokeringId {
    BrokeringId::new(id((5 << 80) + u128::try_from(number).unwrap()))
}

fn run_id(number: usize) -> OverrideId {
    OverrideId::new(id((2 << 80) + u128::try_from(number).unwrap()))
}

impl Model {
    fn new() -> Self {
        Self {
            world: World::new(),
            kids: [Known::default(); CHILDREN],
            suspended: [false; USERS.len()],
            trusted: [false; USERS.len()],
            openings: Vec::new(),
            runs: Vec::new(),
            asked: Vec::new(),
            copies: 0,
            confirmed: 0,
        }
    }

    /// Every check of theirs was issued on 1 September 2008.
    fn authorised(&self, user: usize) -> bool {
        let lapses: NaiveDate = on("2011-09-01");
        !self.suspended[user] && self.world.now.date_naive() < lapses
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Search { user, kid, by } => self.search(user, kid, by),
            Step::Open { user, kid } => self.open(user, kid),
            Step::Close { opening, user } => self.close(opening, user),
            Step::Attempt { opening, user } => self.attempt(opening, user),
            Step::Confirm { run, user } => self.confirm(run, user),
            Step::Withdraw { run } => self.withdraw(run),
            Step::End { run } => self.end(run),
            Step::Copy { opening, user } => self.copy(opening, user),
            Step::Ask { opening, user } => self.ask(opening, user),
            Step::Broker { asked, user } => self.broker(asked, user),
            Step::Answer { asked, declined } => self.answer(asked, declined),
            _ => self.befall(step),
        }
    }

    /// What happens without anybody looking.
    fn befall(&mut self, step: &Step) {
        match *step {
            Step::Shield { kid, ground, provisional } if self.kids[kid].shield.is_none() => {
                self.kids[kid].shield = Some(ground);
                let event = if provisional { provisionally(ground) } else { apply(ground) };
                self.world.shields(kid, event);
            }
            Step::Lift { kid } if self.kids[kid].shield.is_some() => {
                self.kids[kid].shield = None;
                self.world.shields(kid, lifted());
            }
            Step::Rename { kid } => {
                self.kids[kid].names += 1;
                let event = child::Event::DetailSuperseded {
                    detail: child::Detail::Name(name("Given", &surname(kid, self.kids[kid].names))),
                    valid_from: self.world.now.date_naive(),
                    source: child::DataSource::ManagementTeam,
                };
                self.world.happens_to(kid, event);
            }
            Step::Quarantine { kid } if !self.kids[kid].quarantined => {
                self.kids[kid].quarantined = true;
                let event = child::Event::RecordQuarantined { matches: BTreeSet::new() };
                self.world.happens_to(kid, event);
            }
            Step::Release { kid } if self.kids[kid].quarantined => {
                self.kids[kid].quarantined = false;
                let event = child::Event::QuarantineResolved {
                    outcome: child::QuarantineOutcome::AnotherChild,
                    reason: text("Compared with the papers"),
                };
                self.world.happens_to(kid, event);
            }
            Step::Suspend { user } if !self.suspended[user] => {
                self.suspended[user] = true;
                let event = practitioner::Event::AccountSuspended {
                    cause: practitioner::SuspensionCause::Suspected,
                    particulars: text("Something was seen"),
                };
                self.world.concerns(user, event);
            }
            Step::Reinstate { user } if self.suspended[user] => {
                self.suspended[user] = false;
                let event = practitioner::Event::AccountReinstated {
                    investigation: None,
                    reason: text("Nothing was found"),
                };
                self.world.concerns(user, event);
            }
            Step::Trust { user } => {
                self.trusted[user] = true;
                let event = practitioner::Event::ShieldOverrideRightGranted {
                    justification: text("On duty"),
                };
                self.world.concerns(user, event);
            }
            Step::Distrust { user } => {
                self.trusted[user] = false;
                let event =
                    practitioner::Event::ShieldOverrideRightWithdrawn { reason: text("Off duty") };
                self.world.concerns(user, event);
            }
            Step::Wait { days } => self.world.wait(days),
            _ => {}
        }
    }

    fn search(&mut self, user: usize, kid: usize, by: By) {
        let version = match by {
            By::FormerName => 0,
            By::Name | By::Postcode | By::Birthday => self.kids[kid].names,
        };
        let mut terms = Terms { date_of_birth: Some(on(BIRTHDAY)), ..Terms::default() };
        match by {
            By::Name | By::FormerName => terms.surname = Some(surname(kid, version)),
            By::Postcode => terms.postcode = Some(postcode(kid)),
            By::Birthday => terms.gender = Some(child::Gender::Female),
        }
        let states: Vec<_> = (0..CHILDREN).map(|kid| self.world.states(kid)).collect();
        let candidates: Vec<_> = states
            .iter()
            .enumerate()
            .map(|(kid, (record, shield, _))| search::Candidate {
                child: child_ref(kid),
                record,
                shield,
            })
            .collect();
        let decided = self.world.ask(user, |caller, at| {
            let command = search::Search { at, purpose: protection(), terms };
            search::decide(&candidates, &self.world.policy, caller, &command)
        });
        assert_eq!(decided.answer == Answer::Granted, self.authorised(user));
        if let [activity::Event::SearchPerformed { outcome, .. }] = decided.events.as_slice() {
            let activity::SearchOutcome::Shown(rows) = outcome else { panic!("over the cap") };
            let found: Vec<_> = rows.iter().map(|row| row.child).collect();
            let mut expected: Vec<_> =
                (0..CHILDREN).filter(|other| self.should_find(*other, kid, by)).collect();
            expected.sort_by_key(|kid| surname(*kid, self.kids[*kid].names));
            let expected: Vec<_> = expected.into_iter().map(child_ref).collect();
            assert_eq!(found, expected);
        }
        let granted = decided.answer == Answer::Granted;
        self.world.search(user, decided);
        if granted {
            self.no_hidden_word_in_the_last_list();
        }
    }

    /// Whether a search for one child, asked in this way, should find this one.
    fn should_find(&self, this: usize, asked_for: usize, by: By) -> bool {
        let Known { shield, quarantined, names } = self.kids[this];
        let sought = match by {
            By::Birthday => true,
            By::Name => this == asked_for,
            By::FormerName => this == asked_for && (names == 0 || shield.is_none()),
            By::Postcode => this == asked_for && shield.is_none(),
        };
        sought && !quarantined
    }

    fn no_hidden_word_in_the_last_list(&self) {
        let Some(Shown::List { json, .. }) = self.world.shown.last() else { panic!("no list") };
        for kid in 0..CHILDREN {
            assert_none_of(json, hidden(kid).into_iter().chain(self.former(kid)));
            assert_none_of(json, [sensitive(kid), carer_name(kid)]);
        }
    }

    fn former(&self, kid: usize) -> Vec<String> {
        (0..self.kids[kid].names).map(|version| surname(kid, version)).collect()
    }

    fn open(&mut self, user: usize, kid: usize) {
        let (record, shield, _) = self.world.states(kid);
        let opening = opening_id(self.openings.len());
        let decided = self.world.ask(user, |caller, at| {
            let command = open_record::OpenRecord { at, opening, purpose: protection() };
            open_record::decide(&record, &shield, &self.world.policy, caller, &command)
        });
        let (_, role, organisation) = USERS[user];
        let own = role == Role::Practitioner || organisation == super::a_record::AUTHORITY;
        let expected = self.authorised(user) && !self.kids[kid].quarantined && own;
        assert_eq!(decided.answer == Answer::Granted, expected);
        if expected {
            self.openings.push(Opening { user, kid, open: true });
        }
        let basis =
            if role == Role::ManagementTeam { Basis::ResponsibleTeam } else { Basis::Practitioner };
        self.look(user, kid, decided, basis);
    }

    /// Records and shows what was decided, and reads what was shown as text.
    fn look(&mut self, user: usize, kid: usize, decided: Decided<Event>, basis: Basis) {
        let before = self.world.shown.len();
        let disclosing = decided.events.iter().any(|event| {
            matches!(
                event,
                Event::RecordOpened { .. }
                    | Event::ShieldOverrideConfirmed { .. }
                    | Event::DisclosureCopied { .. }
                    | Event::BrokerViewedHiddenDetails { .. }
            )
        });
        assert!(!disclosing || decided.answer == Answer::Granted);
        self.world.look(user, kid, decided.events);
        assert_eq!(self.world.shown.len() - before, usize::from(disclosing));
        if !disclosing {
            return;
        }
        let Some(Shown::Screen { json, .. }) = self.world.shown.last() else { panic!("a list") };
        let shield = self.kids[kid].shield;
        assert!(json.contains(&surname(kid, self.kids[kid].names)));
        match (basis, shield) {
            (Basis::Practitioner, Some(ground)) => {
                assert_none_of(json, hidden(kid).into_iter().chain(self.former(kid)));
                assert_none_of(json, [sensitive(kid)]);
                let names_carers = ground != Ground::PlacementAtRisk;
                assert_eq!(json.contains(&carer_name(kid)), names_carers, "{json}");
            }
            (Basis::Practitioner, None) | (Basis::Override, _) => {
                assert_all_of(json, hidden(kid).into_iter().chain(self.former(kid)));
                assert_none_of(json, [sensitive(kid)]);
            }
            (Basis::ResponsibleTeam, _) => {
                assert_all_of(json, hidden(kid).into_iter().chain([sensitive(kid)]));
            }
        }
    }

    fn chosen<T: Copy>(all: &[T], number: usize) -> Option<(usize, T)> {
        // The newest are chosen most, since the oldest are mostly over.
        let place = all.len().checked_sub(1)?.saturating_sub(number % 8);
        Some((place, all[place]))
    }

    fn close(&mut self, number: usize, by: Option<usize>) {
        let Some((number, opening)) = Self::chosen(&self.openings, number) else { return };
        let user = by.unwrap_or(opening.user);
        let (.., access) = self.world.states(opening.kid);
        let decided = self.world.ask(user, |caller, at| {
            let command = close_record::CloseRecord { at, opening: opening_id(number) };
            close_record::decide(&access, caller, &command)
        });
        assert_eq!(decided.is_ok(), user == opening.user && opening.open);
        if let Ok(events) = decided {
            self.openings[number].open = false;
            for run in self.runs.iter_mut().filter(|run| run.opening == number) {
                run.warned = false;
            }
            self.world.look(user, opening.kid, events);
        }
    }

    fn may_override(&self, user: usize, kid: usize) -> bool {
        self.authorised(user)
            && self.trusted[user]
            && USERS[user].1 == Role::Practitioner
            && !self.kids[kid].quarantined
    }

    fn attempt(&mut self, number: usize, by: Option<usize>) {
        let Some((number, opening)) = Self::chosen(&self.openings, number) else { return };
        let user = by.unwrap_or(opening.user);
        let (record, shield, access) = self.world.states(opening.kid);
        let run = run_id(self.runs.len());
        let decided = self.world.ask(user, |caller, at| {
            let command = attempt::AttemptOverride {
                at,
                procedure: run,
                opening: opening_id(number),
                purpose: protection(),
            };
            attempt::decide(&access, &record, &shield, &self.world.policy, caller, &command)
        });
        let Ok(decided) = decided else { return };
        assert_eq!(decided.answer == Answer::Granted, self.may_override(user, opening.kid));
        if decided.answer == Answer::Granted {
            assert!(opening.open && opening.user == user);
            assert!(self.kids[opening.kid].shield.is_some());
            self.runs.push(Run { user, opening: number, warned: true });
        }
        self.look(user, opening.kid, decided, Basis::Override);
    }

    fn confirm(&mut self, number: usize, by: Option<usize>) {
        let Some((number, run)) = Self::chosen(&self.runs, number) else { return };
        let user = by.unwrap_or(run.user);
        let kid = self.openings[run.opening].kid;
        let (record, shield, access) = self.world.states(kid);
        let investigation =
            InvestigationId::new(id((3 << 80) + u128::try_from(self.confirmed).unwrap()));
        let decided = self.world.ask(user, |caller, at| {
            let command = confirm::ConfirmOverride { at, procedure: run_id(number), investigation };
            confirm::decide(&access, &record, &shield, &self.world.policy, caller, &command)
        });
        let granted = decided.as_ref().is_ok_and(|decided| decided.answer == Answer::Granted);
        let expected = run.warned
            && user == run.user
            && self.may_override(user, kid)
            && self.kids[kid].shield.is_some();
        assert_eq!(granted, expected);
        let Ok(decided) = decided else { return };
        if granted {
            self.runs[number].warned = false;
            self.confirmed += 1;
        }
        self.look(user, kid, decided, Basis::Override);
    }

    fn withdraw(&mut self, number: usize) {
        let Some((number, run)) = Self::chosen(&self.runs, number) else { return };
        let kid = self.openings[run.opening].kid;
        let (.., access) = self.world.states(kid);
        let decided = self.world.ask(run.user, |caller, at| {
            let command = withdraw::WithdrawOverride { at, procedure: run_id(number) };
            withdraw::decide(&access, caller, &command)
        });
        assert_eq!(decided.is_ok(), run.warned);
        if let Ok(events) = decided {
            self.runs[number].warned = false;
            self.world.look(run.user, kid, events);
        }
    }

    fn end(&mut self, number: usize) {
        let Some((number, run)) = Self::chosen(&self.runs, number) else { return };
        let kid = self.openings[run.opening].kid;
        let (.., access) = self.world.states(kid);
        let decided = self.world.ask(run.user, |caller, at| {
            let command = end::EndOverride { at, procedure: run_id(number) };
            end::decide(&access, caller, &command)
        });
        if let Ok(events) = decided {
            self.world.look(run.user, kid, events);
        }
    }

    fn copy(&mut self, number: usize, by: Option<usize>) {
        let Some((number, opening)) = Self::chosen(&self.openings, number) else { return };
        let user = by.unwrap_or(opening.user);
        let (record, shield, access) = self.world.states(opening.kid);
        let copy = CopyId::new(id((4 << 80) + u128::try_from(self.copies).unwrap()));
        let decided = self.world.ask(user, |caller, at| {
            let (opening, form) = (opening_id(number), Form::Print);
            let (holder, purpose) = (text("A drawer"), protection());
            let command = take::TakeCopy { at, copy, opening, form, holder, purpose };
            take::decide(&access, &record, &shield, &self.world.policy, caller, &command)
        });
        let (_, role, organisation) = USERS[user];
        let team = role == Role::ManagementTeam;
        let may = self.authorised(user)
            && !self.kids[opening.kid].quarantined
            && (!team || organisation == super::a_record::AUTHORITY);
        let granted = decided.as_ref().is_ok_and(|decided| decided.answer == Answer::Granted);
        assert_eq!(granted, may && opening.open && user == opening.user);
        let Ok(decided) = decided else { return };
        self.copies += usize::from(granted);
        let basis = if team { Basis::ResponsibleTeam } else { Basis::Practitioner };
        self.look(user, opening.kid, decided, basis);
    }

    fn ask(&mut self, number: usize, by: Option<usize>) {
        let Some((number, opening)) = Self::chosen(&self.openings, number) else { return };
        let user = by.unwrap_or(opening.user);
        let (record, _, access) = self.world.states(opening.kid);
        let brokering = brokering_id(self.asked.len());
        let decided = self.world.ask(user, |caller, at| {
            let command = request::RequestContact {
                at,
                brokering,
                opening: opening_id(number),
                purpose: protection(),
                concern: text("Bruises"),
                reach: text("By telephone"),
            };
            request::decide(&access, &record, &self.world.policy, caller, &command)
        });
        let granted = decided.as_ref().is_ok_and(|decided| decided.answer == Answer::Granted);
        let may = self.authorised(user)
            && USERS[user].1 == Role::Practitioner
            && !self.kids[opening.kid].quarantined;
        assert_eq!(granted, may && opening.open && user == opening.user);
        let Ok(decided) = decided else { return };
        if granted {
            self.asked.push(Asked { kid: opening.kid, viewed: false, waits: true });
        }
        self.look(user, opening.kid, decided, Basis::Practitioner);
    }

    fn broker(&mut self, number: usize, user: usize) {
        let Some((number, asked)) = Self::chosen(&self.asked, number) else { return };
        let (record, shield, access) = self.world.states(asked.kid);
        let decided = self.world.ask(user, |caller, at| {
            let command = view::ViewToBroker { at, brokering: brokering_id(number) };
            view::decide(&access, &record, &shield, &self.world.policy, caller, &command)
        });
        let (_, role, organisation) = USERS[user];
        let may = self.authorised(user)
            && role == Role::ManagementTeam
            && organisation == super::a_record::AUTHORITY
            && !self.kids[asked.kid].quarantined;
        let granted = decided.as_ref().is_ok_and(|decided| decided.answer == Answer::Granted);
        assert_eq!(granted, may && asked.waits);
        let Ok(decided) = decided else { return };
        self.asked[number].viewed |= granted;
        self.look(user, asked.kid, decided, Basis::ResponsibleTeam);
    }

    /// The responsible team answers.
    fn answer(&mut self, number: usize, declined: bool) {
        let Some((number, asked)) = Self::chosen(&self.asked, number) else { return };
        let (record, _, access) = self.world.states(asked.kid);
        let (team, brokering) = (3, brokering_id(number));
        let events = self.world.ask(team, |caller, at| {
            let policy = &self.world.policy;
            if declined {
                let reason = text("No concern");
                let command = decline::DeclineBrokering { at, brokering, reason };
                decline::decide(&access, &record, policy, caller, &command).ok()
            } else {
                let (with, outcome) = (InvolvementId::new(id(12)), text("They spoke"));
                let command = broker::BrokerContact { at, brokering, with, outcome };
                broker::decide(&access, &record, policy, caller, &command).ok()
            }
        });
        let may = self.authorised(team) && asked.waits && (declined || asked.viewed);
        assert_eq!(events.is_some(), may);
        if let Some(events) = events {
            self.asked[number].waits = false;
            self.world.look(team, asked.kid, events);
        }
    }

    /// Each confirmation is followed by its one investigation, and there is no other.
    fn each_override_has_one_investigation(&self) {
        let mut followed = 0;
        let mut investigations = BTreeSet::new();
        for kid in &self.world.kids {
            let events: Vec<&Event> = kid.access.events.iter().map(|one| &one.event).collect();
            for (place, event) in events.iter().enumerate() {
                if let Event::ShieldOverrideConfirmed { procedure: confirmed, .. } = event {
                    let next = events.get(place + 1);
                    assert!(matches!(
                        next,
                        Some(Event::InvestigationOpened { procedure, .. }) if procedure == confirmed
                    ));
                    followed += 1;
                }
                if let Event::InvestigationOpened { investigation, .. } = event {
                    assert!(investigations.insert(*investigation));
                }
            }
        }
        assert_eq!((followed, investigations.len()), (self.confirmed, self.confirmed));
    }

    fn every_screen_can_be_shown_again(&self) {
        for shown in &self.world.shown {
            let (Shown::Screen { json, .. } | Shown::List { json, .. }) = shown;
            assert_eq!(&self.world.rebuilt(shown), json);
        }
    }
}

fn assert_none_of(json: &str, words: impl IntoIterator<Item = String>) {
    for word in words {
        assert!(!json.contains(&word), "{word} is hidden, and was shown: {json}");
    }
}

fn assert_all_of(json: &str, words: impl IntoIterator<Item = String>) {
    for word in words {
        assert!(json.contains(&word), "{word} is not hidden, and was not shown: {json}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_hidden_is_shown_and_what_was_shown_can_be_shown_again(
        steps in prop::collection::vec(step(), 1..80)
    ) {
        let mut model = Model::new();
        for step in &steps {
            model.take(step);
        }
        model.each_override_has_one_investigation();
        model.every_screen_can_be_shown_again();
    }
}
