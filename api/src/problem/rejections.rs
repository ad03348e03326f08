//! What each rejection is told as: one exhaustive match for every decision of the rule-book, so that a
//! new reason cannot be forgotten here.

mod erasures;
mod looking;
mod organisations;
mod records;
mod users;

use std::{collections::BTreeSet, fmt::Display};

use domain::{
    caller::NotEntitled,
    child::Barred,
    policy::PolicyVersion,
    practitioner::{Condition, NoOpenAccount},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Problem, kind};

/// What a reason for refusing is told as.
enum Told {
    /// Something about the caller.
    Caller(Problem),
    /// A field of the request breaks a rule, which the rejection states.
    Field(&'static str),
    /// Fields of the request break these rules.
    Fields(Vec<(String, String)>),
    /// A fact, by its code.
    State(&'static str),
    /// A fact, by its code, and everything that is missing.
    Missing(&'static str, Vec<Value>),
    /// Conditions of an authorised user that somebody else does not meet.
    Unmet(BTreeSet<Condition>, PolicyVersion),
    /// Nothing: whether there is such a thing is not for the caller.
    NotFound,
}

impl Told {
    fn lacking(lacking: &NotEntitled) -> Self {
        Self::Caller(match lacking {
            NotEntitled::OtherOffice { acted_as: _, needed } => {
                Problem::new(&kind::ROLE_NOT_SUFFICIENT).with("roles", needed)
            }
            NotEntitled::OtherOrganisation { needed: _ } => Problem::new(&kind::NOT_OWN)
                .saying("Only the management team of another organisation may do this."),
            NotEntitled::NotAppointed { office } => Problem::new(&kind::NOT_AUTHORISED)
                .saying("You do not hold the office in which you act.")
                .with("office", office),
            NotEntitled::Unmet { conditions, policy } => Problem::new(&kind::NOT_AUTHORISED)
                .saying("Conditions of an authorised user do not hold.")
                .with("unmet", conditions)
                .with("policy", policy),
            NotEntitled::OwnStanding => {
                Problem::new(&kind::NOT_OWN).saying("Nobody decides about their own standing.")
            }
        })
    }

    fn barred(barred: &Barred) -> Self {
        match barred {
            Barred::NotEntitled(lacking) => Self::lacking(lacking),
            Barred::NoSuchRecord => Self::NotFound,
            Barred::NotResponsible => Self::Caller(
                Problem::new(&kind::NOT_OWN)
                    .saying("Only the authority that is responsible for the record may do this."),
            ),
        }
    }

    fn into_problem(self, rejection: &impl Display) -> Problem {
        let said = rejection.to_string();
        match self {
            Self::Caller(problem) => problem,
            Self::Field(field) => Problem::at_field(field, said),
            Self::Fields(errors) => {
                let errors: Vec<Value> = errors
                    .into_iter()
                    .map(|(field, rule)| json!({"field": field, "rule": rule}))
                    .collect();
                Problem::new(&kind::VALIDATION_FAILED).saying(said).with("errors", errors)
            }
            Self::State(code) => {
                Problem::new(&kind::STATE_CONFLICT).saying(said).with("refusal", code)
            }
            Self::Missing(code, missing) => Problem::new(&kind::STATE_CONFLICT)
                .saying(said)
                .with("refusal", code)
                .with("unmet", missing),
            Self::Unmet(conditions, policy) => Problem::new(&kind::STATE_CONFLICT)
                .saying("Conditions of an authorised user do not hold for this person.")
                .with("refusal", "unmet")
                .with("unmet", conditions)
                .with("policy", policy),
            Self::NotFound => Problem::not_found(),
        }
    }
}

impl From<NotEntitled> for Problem {
    /// Somebody asks what they may not, and nothing decides it.
    fn from(lacking: NotEntitled) -> Self {
        Told::lacking(&lacking).into_problem(&lacking)
    }
}

fn tell(
    told: Told,
    rejection: &impl Display,
    decision: &'static str,
    rule: &'static str,
) -> Problem {
    let problem = told.into_problem(rejection);
    // Nothing may distinguish one 404 from another.
    if problem.kind() == &kind::NOT_FOUND { problem } else { problem.decided_by(decision, &[rule]) }
}

const fn no_account(none: NoOpenAccount) -> &'static str {
    match none {
        NoOpenAccount::NotNominated => "not-nominated",
        NoOpenAccount::Closed => "closed",
    }
}

/// Each in its stored form.
fn named<T: Serialize>(missing: &BTreeSet<T>) -> Vec<Value> {
    missing.iter().filter_map(|one| serde_json::to_value(one).ok()).collect()
}

/// Each in a sentence.
fn spelled<T: Display>(missing: &BTreeSet<T>) -> Vec<Value> {
    missing.iter().map(|one| Value::String(one.to_string())).collect()
}

macro_rules! refusals {
    ($rejection:ty, $decision:literal, $rule:literal, |$refused:ident| $told:expr) => {
        impl From<$rejection> for crate::problem::Problem {
            fn from(rejection: $rejection) -> Self {
                let $refused = &rejection;
                let told = $told;
                crate::problem::rejections::tell(told, &rejection, $decision, $rule)
            }
        }
    };
}
use refusals;
