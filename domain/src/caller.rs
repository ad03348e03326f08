//! Rule U19: what a caller may do is judged on their own streams at that instant.
//!
//! Source: HL4249 ("only to those authorised users and administrators who have been subject to vetting
//! and have completed mandatory training"); HL4246 (the conditions).
//! Reading: the office named by a sign-in token is where the judging begins, never where it ends.
//! Practitioners, management teams and trainers must meet every condition of their kind of account;
//! officials and auditors hold office by appointment. The system acts at set-up and by the clock only.
//! Nobody acts on their own standing, except to sign.

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::{DateTime, Utc};

use crate::{
    actor::{Actor, Role},
    identity::{OrganisationId, PractitionerId},
    organisation::{Capability, Organisation},
    policy::{Policy, PolicyVersion},
    practitioner::{AccountRole, Condition, Office, Practitioner, assess},
};

static NOBODY: LazyLock<Practitioner> = LazyLock::new(Practitioner::default);
static NOWHERE: LazyLock<Organisation> = LazyLock::new(Organisation::default);

/// Who asks, in which office, with what their own streams say of them.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The person; nil for the system.
    pub id: PractitionerId,
    /// The office they act in.
    pub role: Role,
    /// Their own stream, folded.
    pub standing: &'a Practitioner,
    /// Their organisation's stream, folded.
    pub organisation: &'a Organisation,
    /// The organisation they act for.
    pub organisation_id: OrganisationId,
}

impl Caller<'static> {
    /// The system: at the set-up of a directory, and by the clock.
    pub fn system() -> Self {
        Self {
            id: PractitionerId::new(uuid::Uuid::nil()),
            role: Role::System,
            standing: &NOBODY,
            organisation: &NOWHERE,
            organisation_id: OrganisationId::DEPARTMENT,
        }
    }
}

impl Caller<'_> {
    /// The caller as recorded with an event.
    pub const fn actor(&self) -> Actor {
        match self.role {
            Role::System => Actor::SYSTEM,
            Role::Practitioner
            | Role::ManagementTeam
            | Role::Trainer
            | Role::Official
            | Role::Auditor => Actor::person(self.id, self.role, self.organisation_id),
        }
    }
}

/// What a decision asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs<'n> {
    /// An authorised practitioner, of an organisation enabled for this part.
    Practitioner(Capability),
    /// An authorised practitioner or member of a management team, of an organisation so enabled.
    User(Capability),
    /// A member of any management team.
    ManagementTeam,
    /// A member of the management team of this organisation.
    ManagementTeamOf(OrganisationId),
    /// A member of the management team of this organisation, which must be enabled for this part.
    ManagementTeamUsing(OrganisationId, Capability),
    /// A trainer, of any organisation.
    Trainer,
    /// An official of the department.
    Official,
    /// A member of the department's audit team.
    Auditor,
    /// The system.
    System,
    /// One of these.
    AnyOf(&'n [Self]),
}

/// Why the caller may not do this.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotEntitled {
    /// It is for other offices.
    #[error("acting as {acted_as:?}, which is not one of {needed:?}")]
    OtherOffice {
        /// The office they acted in.
        acted_as: Role,
        /// The offices that may do it.
        needed: BTreeSet<Role>,
    },
    /// It is for the management team of another organisation.
    #[error("only the management team of organisation {needed} may do this")]
    OtherOrganisation {
        /// Whose team may do it.
        needed: OrganisationId,
    },
    /// They do not hold the office of the department in which they acted.
    #[error("not appointed to the office {office:?}")]
    NotAppointed {
        /// The office.
        office: Office,
    },
    /// Conditions of an authorised user that do not hold: every one.
    #[error("conditions of an authorised user not met: {conditions:?}")]
    Unmet {
        /// All of them.
        conditions: BTreeSet<Condition>,
        /// The policy under which they were judged.
        policy: PolicyVersion,
    },
    /// It is about their own standing.
    #[error("nobody decides about their own standing")]
    OwnStanding,
}

impl NotEntitled {
    /// Every condition that does not hold, if that is why.
    pub fn unmet(&self) -> BTreeSet<Condition> {
        match self {
            Self::Unmet { conditions, .. } => conditions.clone(),
            Self::OtherOffice { .. }
            | Self::OtherOrganisation { .. }
            | Self::NotAppointed { .. }
            | Self::OwnStanding => BTreeSet::new(),
        }
    }
}

/// Lets the caller pass if they meet the need, and says under which policy that was judged.
pub fn require(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    needs: Needs<'_>,
) -> Result<PolicyVersion, NotEntitled> {
    let office = |office, role| {
        in_office(caller, role)?;
        let held = caller.standing.id() == Some(caller.id)
            && caller.standing.appointment().office_on(at.date_naive()) == Some(office);
        if held {
            Ok(policy.on(at.date_naive()).0)
        } else {
            Err(NotEntitled::NotAppointed { office })
        }
    };
    match needs {
        Needs::Practitioner(capability) => {
            account(caller, policy, at, Role::Practitioner, Some(capability))
        }
        Needs::User(capability) => match caller.role {
            Role::ManagementTeam => {
                account(caller, policy, at, Role::ManagementTeam, Some(capability))
            }
            Role::Practitioner => account(caller, policy, at, Role::Practitioner, Some(capability)),
            Role::Trainer | Role::Official | Role::Auditor | Role::System => {
                Err(other_office(caller, [Role::Practitioner, Role::ManagementTeam]))
            }
        },
        Needs::ManagementTeam => account(caller, policy, at, Role::ManagementTeam, None),
        Needs::ManagementTeamOf(organisation) => {
            of_organisation(caller, organisation)?;
            account(caller, policy, at, Role::ManagementTeam, None)
        }
        Needs::ManagementTeamUsing(organisation, capability) => {
            of_organisation(caller, organisation)?;
            account(caller, policy, at, Role::ManagementTeam, Some(capability))
        }
        Needs::Trainer => account(caller, policy, at, Role::Trainer, None),
        Needs::Official => office(Office::Official, Role::Official),
        Needs::Auditor => office(Office::Auditor, Role::Auditor),
        Needs::System => in_office(caller, Role::System).map(|()| policy.on(at.date_naive()).0),
        Needs::AnyOf(alternatives) => any_of(caller, policy, at, alternatives),
    }
}

/// As [`require`], and the person decided about is somebody else.
pub fn require_about_another(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    needs: Needs<'_>,
    about: Option<PractitionerId>,
) -> Result<PolicyVersion, NotEntitled> {
    let judged = require(caller, policy, at, needs)?;
    if about == Some(caller.id) { Err(NotEntitled::OwnStanding) } else { Ok(judged) }
}

/// The kind of account an office is exercised with; offices of the department have none.
const fn account_role(role: Role) -> Option<AccountRole> {
    match role {
        Role::Practitioner => Some(AccountRole::Practitioner),
        Role::ManagementTeam => Some(AccountRole::ManagementTeam),
        Role::Trainer => Some(AccountRole::Trainer),
        Role::Official | Role::Auditor | Role::System => None,
    }
}

fn account(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    needed: Role,
    capability: Option<Capability>,
) -> Result<PolicyVersion, NotEntitled> {
    in_office(caller, needed)?;
    let Some(role) = account_role(needed) else {
        return Err(other_office(caller, [needed]));
    };
    let judged = assess(caller.standing, caller.organisation, policy, role, capability, at);
    let mut unmet = judged.unmet;
    // The folds must be the caller's own: another person's standing nominates nobody else.
    if caller.standing.id() != Some(caller.id)
        || caller.organisation.id() != Some(caller.organisation_id)
    {
        unmet.insert(Condition::Nominated);
    }
    if unmet.is_empty() {
        Ok(judged.policy)
    } else {
        Err(NotEntitled::Unmet { conditions: unmet, policy: judged.policy })
    }
}

fn in_office(caller: &Caller<'_>, needed: Role) -> Result<(), NotEntitled> {
    if caller.role == needed { Ok(()) } else { Err(other_office(caller, [needed])) }
}

fn other_office(caller: &Caller<'_>, needed: impl IntoIterator<Item = Role>) -> NotEntitled {
    NotEntitled::OtherOffice { acted_as: caller.role, needed: needed.into_iter().collect() }
}

fn of_organisation(caller: &Caller<'_>, needed: OrganisationId) -> Result<(), NotEntitled> {
    in_office(caller, Role::ManagementTeam)?;
    if caller.organisation_id == needed {
        Ok(())
    } else {
        Err(NotEntitled::OtherOrganisation { needed })
    }
}

/// The first alternative that passes; else why the one for the caller's own office did not; else
/// every office that could have.
fn any_of(
    caller: &Caller<'_>,
    policy: &Policy,
    at: DateTime<Utc>,
    alternatives: &[Needs<'_>],
) -> Result<PolicyVersion, NotEntitled> {
    let mut offices = BTreeSet::new();
    let mut own = None;
    for needs in alternatives {
        match require(caller, policy, at, *needs) {
            Ok(judged) => return Ok(judged),
            Err(NotEntitled::OtherOffice { needed, .. }) => offices.extend(needed),
            Err(refusal) => own = own.or(Some(refusal)),
        }
    }
    Err(own.unwrap_or(NotEntitled::OtherOffice { acted_as: caller.role, needed: offices }))
}
