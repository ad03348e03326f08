use std::collections::BTreeSet;

use domain::{
    access::{self, Basis, Field, Fields, Purpose, ReasonCode, ShieldState},
    activity::{self, SearchOutcome, Terms},
    actor::Actor,
    child::{self, Address, ChildNumber, DataSource, DateOfBirth, Gender, Name, Whereabouts},
    identity::{EventId, InvolvementId, OpeningId, OverrideId},
    organisation,
    personal::Personal,
    policy::{self, PolicyVersion, Source, UnusualLooks, Values},
    practitioner::{self, AccountRole, IdentityEvidence, SuspensionCause},
    stream::Stream,
    unusual::Rule,
};
use fixtures::{
    people::text,
    scenario::{at, id, on},
};
use projections::{
    dated::{KnownBy, Moment},
    read_models::{
        UnusualAccess,
        seen::Window,
        unusual::{self, Flag, Of, standing_in},
    },
};

use super::{Told, authority, child, person, practitioner, team};

fn why() -> Purpose {
    let code = ReasonCode::try_from("child-protection".to_owned()).unwrap();
    Purpose { code, text: text("Called by the school") }
}

pub(crate) fn opened(number: u128, shield: ShieldState) -> access::Event {
    access::Event::RecordOpened {
        opening: OpeningId::new(id(number)),
        purpose: why(),
        basis: Basis::Practitioner,
        shield,
        shown: [Field::Name].into(),
        withheld: Fields::NONE,
    }
}

pub(crate) fn searched(terms: Terms) -> activity::Event {
    activity::Event::SearchPerformed {
        purpose: why(),
        fields: terms.fields(),
        terms: Personal::Known(terms),
        outcome: SearchOutcome::Shown(Vec::new()),
    }
}

pub(crate) fn born(surname: &str, day: &str) -> Terms {
    Terms { surname: Some(surname.to_owned()), date_of_birth: Some(on(day)), ..Terms::default() }
}

fn living_at(surname: &str, postcode: &str) -> Terms {
    Terms {
        surname: Some(surname.to_owned()),
        postcode: Some(postcode.to_owned()),
        ..Terms::default()
    }
}

fn home() -> Address {
    Address::new(&["1 High Street"], "LS1 4AB").unwrap()
}

impl Told {
    /// A local authority.
    pub(crate) async fn council(&mut self, number: u128) {
        let kind = organisation::OrganisationKind::LocalAuthority;
        let name = "Example Council (synthetic)".to_owned();
        let event = organisation::Event::Registered { kind, name };
        let stream = Stream::Organisation(authority(number));
        self.that("2009-01-02T09:00:00Z", Actor::SYSTEM, stream, event).await;
    }

    /// A user of an authority, with an account.
    pub(crate) async fn user(&mut self, number: u128, of: u128, surname: &str) {
        let stream = Stream::Practitioner(person(number));
        let nominated = practitioner::Event::Nominated {
            organisation: authority(of),
            role: AccountRole::Practitioner,
            name: text("Robin"),
            surname: text(surname),
            manager: person(9),
            need: text("Works with children"),
        };
        let authorised = practitioner::Event::AccountAuthorised {
            role: AccountRole::Practitioner,
            conditions: BTreeSet::new(),
            policy: PolicyVersion(1),
        };
        self.that("2009-06-01T09:00:00Z", team(9, of), stream, nominated).await;
        self.that("2009-06-01T09:00:00Z", team(9, of), stream, authorised).await;
    }

    /// A record of an authority.
    pub(crate) async fn record(&mut self, number: u128, of: u128, surname: &str) {
        let stream = Stream::Child(child(number));
        let created = child::Event::RecordCreated {
            number: Personal::Known(ChildNumber::from_serial(u64::try_from(number).unwrap())),
            name: Personal::Known(Name::new("Zoe", surname).unwrap()),
            gender: Personal::Known(Gender::Female),
            date_of_birth: Personal::Known(
                DateOfBirth::new(on("2003-05-01"), on("2009-06-22")).unwrap(),
            ),
            whereabouts: Personal::Known(Whereabouts::Current(home())),
            source: DataSource::NationalFeed,
        };
        let allocated = child::Event::ResponsibilityAllocated { authority: authority(of) };
        self.that("2009-06-01T09:00:00Z", Actor::SYSTEM, stream, created).await;
        self.that("2009-06-01T09:00:00Z", Actor::SYSTEM, stream, allocated).await;
    }

    pub(crate) async fn looks(
        &mut self,
        (who, of): (u128, u128),
        at: &str,
        number: u128,
        shield: ShieldState,
    ) -> EventId {
        self.opening += 1;
        let (stream, event) = (Stream::Access(child(number)), opened(self.opening, shield));
        self.that(at, practitioner(who, of), stream, event).await.stamp.id
    }

    pub(crate) async fn searches(
        &mut self,
        (who, of): (u128, u128),
        at: &str,
        terms: Terms,
    ) -> EventId {
        let stream = Stream::Activity(person(who));
        self.that(at, practitioner(who, of), stream, searched(terms)).await.stamp.id
    }

    pub(crate) async fn involves(&mut self, instant: &str, number: u128, of: u128) {
        let event = child::Event::InvolvementRecorded {
            involvement: InvolvementId::new(id(40_000 + number * 1_000 + of)),
            organisation: authority(of),
            service: Personal::Erased,
            from: on("2009-06-01"),
        };
        self.that(instant, practitioner(99, of), Stream::Child(child(number)), event).await;
    }

    pub(crate) async fn found(&self, of: Of) -> Vec<Flag> {
        let reader = self.ask::<UnusualAccess>().await;
        let window = Window { from: at("2009-01-01T00:00:00Z"), to: at("2011-01-01T00:00:00Z") };
        standing_in(&reader, of, window, 10_000).await.unwrap().value
    }
}

/// Authorities 20 and 30; user 5 of 20, called Ashdown, and user 6 of 30; children 1 to 40 called Carr,
/// of authority 20 and with an involvement of its own.
async fn town() -> Told {
    let mut told = Told::nothing().await;
    told.council(20).await;
    told.council(30).await;
    told.user(5, 20, "Ashdown").await;
    told.user(6, 30, "Example").await;
    for number in 1..=12 {
        told.record(number, 20, "Carr").await;
    }
    told
}

const U: ShieldState = ShieldState::Unshielded;

fn rules(flags: &[Flag]) -> Vec<Rule> {
    flags.iter().map(|flag| flag.finding.rule).collect()
}

fn one(flags: Vec<Flag>, rule: Rule) -> Flag {
    let mut flags: Vec<Flag> = flags.into_iter().filter(|flag| flag.finding.rule == rule).collect();
    assert_eq!(flags.len(), 1, "{rule:?}: {flags:?}");
    flags.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn an_ordinary_day_shows_nothing() {
    let mut told = town().await;
    for number in 1..=8 {
        let minute = number * 3;
        let search = format!("2009-06-22T10:{minute:02}:00Z");
        told.searches((5, 20), &search, born("Carr", "2003-05-01")).await;
        told.looks((5, 20), &format!("2009-06-22T10:{minute:02}:30Z"), number, U).await;
    }
    assert_eq!(told.found(Of::Anybody).await, []);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn kin_are_found_by_surname_and_by_address_opened_or_asked_for() {
    let mut told = town().await;
    told.record(20, 20, "ASHDOWN").await;
    let opened = told.looks((5, 20), "2009-06-22T10:00:00Z", 20, U).await;
    let asked =
        told.searches((5, 20), "2009-06-22T10:01:00Z", born("ash-down", "2000-01-01")).await;
    told.looks((5, 20), "2009-06-22T10:02:00Z", 1, U).await;
    let flags = told.found(Of::Rule(Rule::Kin)).await;
    let events: Vec<EventId> = flags.iter().map(|flag| flag.event).collect();
    assert_eq!(events, [opened, asked]);
    let flag = &flags[0];
    assert_eq!((flag.child, flag.by), (Some(child(20)), practitioner(5, 20)));
    assert_eq!((flag.finding.rests_on.clone(), flag.finding.used.len()), (vec![opened], 0));

    let evidence = IdentityEvidence::BirthCertificateAndAddress;
    let lives = practitioner::Event::IdentityVerified { evidence, home: Some(home().into()) };
    let stream = Stream::Practitioner(person(5));
    told.that("2009-06-22T11:00:00Z", team(9, 20), stream, lives).await;
    let opened = told.looks((5, 20), "2009-06-22T11:01:00Z", 1, U).await;
    let flags = told.found(Of::Rule(Rule::Kin)).await;
    assert_eq!(flags.last().map(|flag| flag.event), Some(opened), "the same address");
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_look_without_involvement_stands_unless_it_is_explained_in_time() {
    let mut told = town().await;
    let first = told.looks((6, 30), "2009-06-22T10:00:00Z", 1, U).await;
    told.looks((6, 30), "2009-06-22T10:01:00Z", 2, U).await;
    told.involves("2009-07-22T10:00:59Z", 2, 30).await;
    told.looks((6, 30), "2009-07-23T10:00:00Z", 2, U).await;
    let flag = one(told.found(Of::Anybody).await, Rule::Stranger);
    assert_eq!((flag.event, flag.child), (first, Some(child(1))));
    assert_eq!(flag.stands_from, at("2009-07-22T10:00:00Z"));
    assert_eq!(flag.finding.used[0].value, 30);
    // What was explained since stood in the way before: as of then, it is there.
    let reader = told.ask::<UnusualAccess>().await;
    let window = Window { from: at("2009-07-01T00:00:00Z"), to: at("2009-08-01T00:00:00Z") };
    let found = reader.find(vec![Of::Child(child(2)).range(window, 10)]).await.unwrap().value;
    let then = KnownBy::Time(at("2009-07-22T10:00:58Z"));
    for (known_by, explained) in [(KnownBy::Now, true), (then, false)] {
        let flags = unusual::told(&reader, &found, known_by).await.unwrap();
        let [Some(flag)] = flags.as_slice() else { panic!("{known_by:?}: {flags:?}") };
        assert_eq!(flag.explained.is_some(), explained, "{known_by:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn each_of_several_looks_at_one_child_is_listed_once() {
    let mut told = town().await;
    let mut looks = Vec::new();
    for hour in ["10", "11", "12"] {
        looks.push(told.looks((6, 30), &format!("2009-06-22T{hour}:00:00Z"), 1, U).await);
    }
    for of in [
        Of::Anybody,
        Of::Rule(Rule::Stranger),
        Of::Practitioner(person(6)),
        Of::Authority(authority(30)),
        Of::Child(child(1)),
    ] {
        let events: Vec<EventId> = told.found(of).await.iter().map(|flag| flag.event).collect();
        assert_eq!(events, looks, "{of:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn more_records_of_another_authority_than_usual_are_found_of_its_own_people_not() {
    let mut told = town().await;
    for number in 1..=6 {
        told.looks((5, 20), &format!("2009-06-22T09:{:02}:00Z", number * 9), number, U).await;
        told.looks((6, 30), &format!("2009-06-22T10:{:02}:00Z", number * 9), number, U).await;
    }
    let flag = one(told.found(Of::Rule(Rule::Elsewhere)).await, Rule::Elsewhere);
    assert_eq!((flag.by.id, flag.finding.rests_on.len()), (Some(person(6)), 6));
    assert_eq!(told.found(Of::Practitioner(person(5))).await, []);
    assert_eq!(rules(&told.found(Of::Authority(authority(30))).await).len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn the_measure_of_the_day_is_the_one_in_force_and_is_named() {
    let mut told = town().await;
    told.looks((5, 20), "2009-06-22T21:30:00Z", 1, U).await;
    let looser = UnusualLooks { hours_to: 24, ..UnusualLooks::default() };
    let values = Values { unusual_looks: Some(looser), ..Values::default() };
    let adopted = policy::Event::VersionAdopted {
        version: PolicyVersion(1),
        effective_from: on("2009-06-23"),
        values: Box::new(values),
        sources: [("unusual_looks".to_owned(), Source::Ours("a night team".to_owned()))].into(),
    };
    told.that("2009-06-22T22:00:00Z", Actor::SYSTEM, Stream::Policy, adopted).await;
    told.looks((5, 20), "2009-06-22T22:30:00Z", 1, U).await;
    told.looks((5, 20), "2009-06-23T21:30:00Z", 1, U).await;
    told.looks((5, 20), "2009-06-24T04:30:00Z", 1, U).await;
    let flags = told.found(Of::Rule(Rule::Hours)).await;
    let said: Vec<_> = flags
        .iter()
        .map(|flag| (flag.raised.at, flag.policy.0, flag.finding.used[1].value))
        .collect();
    let expected = [
        (at("2009-06-22T21:30:00Z"), 0, 22),
        (at("2009-06-22T22:30:00Z"), 0, 22),
        (at("2009-06-24T04:30:00Z"), 1, 24),
    ];
    assert_eq!(said, expected);
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_burst_a_row_of_searches_and_many_overrides_are_found() {
    let mut told = town().await;
    for number in 1..=11 {
        told.looks((5, 20), &format!("2009-06-22T10:00:{number:02}Z"), number, U).await;
    }
    let flag = one(told.found(Of::Anybody).await, Rule::Burst);
    assert_eq!(flag.finding.rests_on.len(), 11);
    for day in 1..=5 {
        let (at, day) = (format!("2009-06-22T11:0{day}:00Z"), format!("2003-05-0{day}"));
        told.searches((5, 20), &at, born("Quill", &day)).await;
    }
    let flag = one(told.found(Of::Anybody).await, Rule::Sequence);
    assert_eq!(flag.finding.rests_on.len(), 5);
    for number in 1..=4 {
        let confirmed = access::Event::ShieldOverrideConfirmed {
            procedure: OverrideId::new(id(7_000 + number)),
            shield: ShieldState::Applied,
            shown: [Field::Whereabouts].into(),
            withheld: Fields::NONE,
        };
        let at = format!("2009-06-2{number}T12:00:00Z");
        told.that(&at, practitioner(5, 20), Stream::Access(child(number)), confirmed).await;
    }
    let flag = one(told.found(Of::Anybody).await, Rule::Overrides);
    assert_eq!((flag.finding.rests_on.len(), flag.child), (4, Some(child(4))));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn a_dormant_account_and_one_that_lapsed_since_are_found() {
    let mut told = town().await;
    let last = told.looks((5, 20), "2009-09-20T10:00:00Z", 1, U).await;
    let flag = one(told.found(Of::Rule(Rule::Dormant)).await, Rule::Dormant);
    assert_eq!((flag.event, flag.finding.rests_on), (last, vec![last]));
    let suspended = practitioner::Event::AccountSuspended {
        cause: SuspensionCause::Suspected,
        particulars: text("Suspected"),
    };
    let stream = Stream::Practitioner(person(5));
    let ended = told.that("2009-09-22T10:00:00Z", team(9, 20), stream, suspended).await;
    let flag = one(told.found(Of::Practitioner(person(5))).await, Rule::Lapse);
    assert_eq!(flag.finding.rests_on, [last, ended.stamp.id]);
    assert_eq!(flag.raised, Moment::of(&ended.stamp));
}

#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn searches_near_a_shielded_child_are_found() {
    let mut told = town().await;
    told.searches((5, 20), "2009-06-22T10:00:00Z", born("Carr", "2003-05-01")).await;
    let sight = told.looks((5, 20), "2009-06-22T10:01:00Z", 1, ShieldState::Applied).await;
    let near = told.searches((5, 20), "2009-06-22T10:02:00Z", living_at("Carr", "LS1 4AB")).await;
    told.searches((5, 20), "2009-06-22T10:03:00Z", living_at("Other", "LS1 4AB")).await;
    assert_eq!(told.found(Of::Anybody).await, [], "one may be a habit");
    let again = told.searches((5, 20), "2009-06-22T10:04:00Z", living_at("Carr", "LS9 1AA")).await;
    let flag = one(told.found(Of::Anybody).await, Rule::NearShield);
    assert_eq!(flag.finding.rests_on, [sight, near, again]);
}

/// Chance that can be had again from its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Of twelve users on twenty days, most looks are ordinary, and ten people each do one of the ten things.
/// Everything planted is found, and hardly anything else.
#[tokio::test(flavor = "multi_thread")]
pub(crate) async fn what_was_planted_among_ordinary_looks_is_found_and_hardly_anything_else() {
    let mut told = Told::nothing().await;
    for of in [20, 30] {
        told.council(of).await;
    }
    let names = ["Archer", "Baker", "Cooper", "Draper", "Fisher", "Glover", "Hooper", "Mason"];
    for (number, letter) in (0..12_u128).zip('a'..) {
        told.user(100 + number, 20, &format!("Person{letter}")).await;
    }
    for number in 1..=40_u128 {
        told.record(number, if number <= 30 { 20 } else { 30 }, names[number as usize % 8]).await;
    }
    told.record(41, 20, "Persona").await;
    let mut dice = Dice(2_009);
    for day in 1..=20_u128 {
        for user in 0..12_u128 {
            let who = (100 + user, 20);
            // One of them is away for the whole time, and comes back once.
            if user == 7 {
                continue;
            }
            for look in 0..3 + u128::from(dice.below(3)) {
                let number = 1 + u128::from(dice.below(30));
                let clock =
                    format!("2009-06-{:02}T{:02}:{:02}", 2 + day, 8 + look * 2, dice.below(50));
                let name = names[number as usize % 8];
                told.searches(who, &format!("{clock}:00Z"), born(name, "2003-05-01")).await;
                told.looks(who, &format!("{clock}:40Z"), number, U).await;
            }
        }
    }
    let planted = planted(&mut told).await;
    let found: BTreeSet<(Rule, u128)> = told
        .found(Of::Anybody)
        .await
        .iter()
        .map(|flag| (flag.finding.rule, who(flag.by)))
        .collect();
    let hits = planted.intersection(&found).count();
    let missed: Vec<_> = planted.difference(&found).collect();
    let besides: Vec<_> = found.difference(&planted).collect();
    assert_eq!((hits, missed), (10, vec![]), "recall");
    assert!(besides.is_empty(), "precision: found besides: {besides:?}");
}

fn who(by: Actor) -> u128 {
    by.id.map(|id| id.uuid().as_u128()).unwrap_or_default() & 0xff
}

async fn planted(told: &mut Told) -> BTreeSet<(Rule, u128)> {
    told.looks((100, 20), "2009-06-24T10:00:00Z", 41, U).await;
    told.looks((101, 20), "2009-06-24T10:00:00Z", 31, U).await;
    for number in 0..6 {
        let at = format!("2009-06-24T{:02}:00:00Z", 10 + number);
        told.involves("2009-06-24T09:00:00Z", 32 + number, 20).await;
        told.looks((102, 20), &at, 32 + number, U).await;
    }
    told.looks((103, 20), "2009-06-24T02:00:00Z", 1, U).await;
    for number in 1..=11 {
        told.looks((104, 20), &format!("2009-06-24T10:0{}:00Z", number % 10), number, U).await;
    }
    for day in 1..=7 {
        let (at, day) = (format!("2009-06-24T10:0{day}:00Z"), format!("2003-05-0{day}"));
        told.searches((105, 20), &at, born("Quill", &day)).await;
    }
    for number in 1..=4 {
        let confirmed = access::Event::ShieldOverrideConfirmed {
            procedure: OverrideId::new(id(7_000 + number)),
            shield: ShieldState::Applied,
            shown: [Field::Whereabouts].into(),
            withheld: Fields::NONE,
        };
        let at = format!("2009-06-24T1{number}:00:00Z");
        told.that(&at, practitioner(106, 20), Stream::Access(child(number)), confirmed).await;
    }
    told.looks((107, 20), "2009-09-24T10:00:00Z", 1, U).await;
    let closed = practitioner::Event::AccountClosed { reason: text("Left") };
    let stream = Stream::Practitioner(person(108));
    told.that("2009-06-24T10:00:00Z", team(9, 20), stream, closed).await;
    told.searches((109, 20), "2009-06-24T10:00:00Z", born("Archer", "2003-05-01")).await;
    told.looks((109, 20), "2009-06-24T10:01:00Z", 8, ShieldState::Applied).await;
    for minute in 2..=4 {
        let at = format!("2009-06-24T10:0{minute}:00Z");
        told.searches((109, 20), &at, living_at("Archer", "LS1 4AB")).await;
    }
    let who = |number: u128| person(number).uuid().as_u128() & 0xff;
    (0..).zip(Rule::ALL).map(|(number, rule)| (rule, who(100 + number))).collect()
}
