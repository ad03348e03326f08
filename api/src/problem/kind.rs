//! The kinds of problems: stable names that programs may rely on.

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// The last part of its `type`: `/problems/<name>`.
    pub name: &'static str,
    /// In words; the same for every problem of the kind.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it means, and what the caller can do.
    pub meaning: &'static str,
}

macro_rules! kinds {
    ($($constant:ident $status:literal $name:literal $title:literal $meaning:literal)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Kind =
                Kind { name: $name, title: $title, status: $status, meaning: $meaning };
        )*

        /// Every kind, in the order of their status.
        pub static ALL: &[&Kind] = &[$(&$constant),*];
    };
}

kinds! {
    MALFORMED 400 "malformed" "The request cannot be read"
        "The body is not JSON, or a header or query parameter does not have its form. Mend the request."
    NOT_SIGNED_IN 401 "not-signed-in" "No usable token"
        "There is no bearer token, or it is not one that this service accepts. Sign in."
    TOKEN_EXPIRED 401 "token-expired" "The token has expired"
        "Sign in again."
    SECOND_FACTOR_NEEDED 401 "second-factor-needed" "Signed in without a second factor"
        "The directory is open only to those who sign in with their security token (S5)."
    ROLE_NOT_SUFFICIENT 403 "role-not-sufficient" "Not in this office"
        "The office in which the caller acts does not do this. The member `roles` names those that do."
    NOT_AUTHORISED 403 "not-authorised" "Conditions are not met"
        "Conditions that the caller must meet at this instant do not hold. The member `unmet` names every one; they are facts about the caller only."
    NOT_OWN 403 "not-own" "Not the caller's to do"
        "Only somebody else may do this: another organisation, the responsible authority, the person themselves, or anybody but them."
    NOT_FOUND 404 "not-found" "Nothing to be found here"
        "There is no such thing, or the caller may not learn whether there is. Both give the same answer, byte for byte."
    STATE_CONFLICT 409 "state-conflict" "Things do not stand so"
        "What has happened so far does not allow this. The member `refusal` says which fact stands in the way."
    IN_FLIGHT 409 "in-flight" "The same request is being worked on"
        "A request with this Idempotency-Key has not been answered yet. Try again shortly."
    ALREADY_ANSWERED 409 "already-answered" "Answered before, and cannot be shown again"
        "A request with this Idempotency-Key was answered, and what it rested on has changed since. Ask anew under another key."
    TOO_MUCH_MOVEMENT 409 "too-much-movement" "Others were always faster"
        "What the decision rests on changed each time it was taken. Nothing happened. Try again."
    CHANGED_MEANWHILE 412 "changed-meanwhile" "The record has changed since it was read"
        "If-Match does not name the record's present revision. Read it again, then decide whether to change it."
    TOO_LARGE 413 "too-large" "The body is too long"
        "A request has at most 256 KiB."
    NOT_JSON 415 "not-json" "The body is not declared as JSON"
        "Send Content-Type: application/json."
    VALIDATION_FAILED 422 "validation-failed" "A field breaks a rule"
        "The member `errors` names each field and the rule it breaks."
    KEY_REUSED 422 "key-reused" "The Idempotency-Key belongs to another request"
        "The same key came with another method, address or body. Use a new key."
    PRECONDITION_NEEDED 428 "precondition-needed" "If-Match is needed"
        "A change of a child's record must say which revision it changes: send the ETag as If-Match."
    INTERNAL 500 "internal" "The service is at fault"
        "Something failed inside; nothing was disclosed. The operator has been told."
    NOT_PUBLISHED 503 "not-published" "No checkpoint covers it yet"
        "Checkpoints follow the log within about a second, where the service publishes any. Try again, or send Prefer: wait."
    LOG_CONTRADICTED 503 "log-contradicted" "The log contradicts itself"
        "The log, its tree or what was signed do not fit together. Nothing is recorded or shown until somebody has looked; the operator has been told."
    LOG_UNAVAILABLE 503 "log-unavailable" "Nothing can be recorded at present"
        "The audit log cannot be written or read. Nothing is disclosed that cannot be recorded first. Try again."
    READ_MODELS_BUILDING 503 "read-models-building" "The answer is still being prepared"
        "What answers questions about sets is being built from the log, or has not caught up as far as the caller would wait for. The members say how far it is. Try again; questions about one person or child are answered meanwhile."
    READ_MODELS_UNAVAILABLE 503 "read-models-unavailable" "Questions about sets cannot be answered at present"
        "The store of read models does not answer. Nothing is lost: it is rebuilt from the log. Questions about one person or child are answered meanwhile. Try again."
    READ_MODELS_STOPPED 503 "read-models-stopped" "Questions about sets are out of date, and stay so"
        "Following the log has stopped, for a reason that does not pass by itself. The member `read_models` says which. The operator has to look."
    ERASURE_UNFINISHED 503 "erasure-unfinished" "The erasure has begun and is not finished"
        "A step of it could not be done or recorded. There is no way back; it goes on by itself, and when it is asked for again. Where other servers have yet to destroy the key, the member `waiting_for` names their rings of keys."
    KEYS_BEHIND 503 "keys-behind" "The keys do not follow those of the other servers"
        "What other servers make and destroy is not known here at present, and what they destroyed may still be here. The member `finding` says why. If it does not pass by itself, the operator has to look."
    LOG_CLOSED 503 "log-closed" "The log is closed to writing"
        "A write to disk failed; the service records, and therefore shows, nothing until it has been restarted."
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ALL;

    #[test]
    fn names_are_different_and_can_stand_in_an_address() {
        let names: BTreeSet<_> = ALL.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), ALL.len());
        assert!(names.iter().all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')));
    }
}
