//! Who may call what: the office is in the signature of each handler, as a type.
//!
//! The office comes from the token. Whether the person really holds it at this instant, with every
//! condition met, is decided in `domain` from their own streams.

use actix_web::{HttpRequest, http::header, web::Data};
use domain::{
    actor::{Actor, Role},
    identity::{OrganisationId, PractitionerId},
};

use crate::{
    identity::{Refused, TrustedKeys},
    problem::{Problem, kind},
};

/// Somebody who has signed in, in whatever office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub id: PractitionerId,
    /// In which office.
    pub role: Role,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// For whom they look, if mediated.
    pub on_behalf_of: Option<PractitionerId>,
    /// Until when their token holds, in seconds since 1970.
    pub until: u64,
}

impl Person {
    /// Identifies the caller by the bearer token.
    ///
    /// # Errors
    /// 401 when there is no token, or none that identifies anybody well enough.
    pub fn identify(request: &HttpRequest) -> Result<Self, Problem> {
        let token = request
            .headers()
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(Problem::new(&kind::NOT_SIGNED_IN))?;
        let keys = request.app_data::<Data<TrustedKeys>>().ok_or(Problem::new(&kind::INTERNAL))?;
        let claims = keys.check(token).map_err(|refused| {
            Problem::new(match refused {
                Refused::Invalid => &kind::NOT_SIGNED_IN,
                Refused::Expired => &kind::TOKEN_EXPIRED,
                Refused::NoSecondFactor => &kind::SECOND_FACTOR_NEEDED,
            })
        })?;
        if claims.role == Role::System {
            return Err(Problem::new(&kind::NOT_SIGNED_IN));
        }
        Ok(Self {
            id: claims.sub,
            role: claims.role,
            organisation: claims.org,
            on_behalf_of: claims.on_behalf_of,
            until: claims.exp,
        })
    }

    /// Who acts, as it is recorded.
    pub const fn actor(&self) -> Actor {
        Actor {
            id: Some(self.id),
            role: self.role,
            organisation: Some(self.organisation),
            on_behalf_of: self.on_behalf_of,
        }
    }
}

/// A kind of caller: what a handler asks for in its signature.
pub trait CallerKind: Sized {
    /// The offices that are meant; empty when any is.
    const ROLES: &'static [Role];

    /// Takes somebody who acts in one of them.
    fn new(person: Person) -> Self;

    /// Admits the person if they act in one of the offices.
    ///
    /// # Errors
    /// 403: a fact about the caller only.
    fn admit(person: Person) -> Result<Self, Problem> {
        if Self::ROLES.is_empty() || Self::ROLES.contains(&person.role) {
            Ok(Self::new(person))
        } else {
            Err(Problem::new(&kind::ROLE_NOT_SUFFICIENT).with("roles", Self::ROLES))
        }
    }
}

impl CallerKind for Person {
    const ROLES: &'static [Role] = &[];
    fn new(person: Person) -> Self {
        person
    }
}

macro_rules! callers {
    ($($(#[$doc:meta])* $name:ident $roles:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub struct $name(Person);

            impl CallerKind for $name {
                const ROLES: &'static [Role] = &$roles;
                fn new(person: Person) -> Self {
                    Self(person)
                }
            }

            impl std::ops::Deref for $name {
                type Target = Person;
                fn deref(&self) -> &Person {
                    &self.0
                }
            }
        )*
    };
}

callers! {
    /// A member of a management team.
    ManagementTeam [Role::ManagementTeam];
    /// A trainer.
    Trainer [Role::Trainer];
    /// An auditor.
    Auditor [Role::Auditor];
    /// An official of the department.
    Official [Role::Official];
    /// Who runs accounts: a management team, or the department.
    UserManager [Role::ManagementTeam, Role::Official];
    /// Who keeps the records of training: a trainer, or a management team.
    TrainingRecorder [Role::Trainer, Role::ManagementTeam];
    /// Who may ask the trail: auditors, officials, management teams.
    Investigator [Role::Auditor, Role::Official, Role::ManagementTeam];
}
