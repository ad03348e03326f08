//! Who may do what: users, groups, and access lists in the metadata of streams.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use tonic::{Status, metadata::MetadataMap};

use crate::{errors, log::Log};

/// The users of the double, and what they may do by default.
#[derive(Clone, Debug)]
pub struct Access {
    /// By login: the password, and the groups.
    users: HashMap<String, (String, Vec<String>)>,
    /// Whether somebody without a login may do what every user may.
    pub anonymous: bool,
    /// Whether nobody is asked who they are, and everybody may do everything: a server with
    /// `Insecure`. The Python client sends no login without TLS.
    pub insecure: bool,
}

/// What somebody wants to do with a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Read,
    Write,
    Delete,
    ReadMetadata,
    WriteMetadata,
}

impl Right {
    const fn member(self) -> &'static str {
        match self {
            Self::Read => "$r",
            Self::Write => "$w",
            Self::Delete => "$d",
            Self::ReadMetadata => "$mr",
            Self::WriteMetadata => "$mw",
        }
    }
}

const ADMINS: &str = "$admins";
const EVERYBODY: &str = "$all";

impl Default for Access {
    /// As it should be: nobody has a default password, nobody gets in without one.
    fn default() -> Self {
        let mut access = Self { users: HashMap::new(), anonymous: false, insecure: false };
        access.user("admin", "changed-1", &[ADMINS]);
        access.user("ops", "changed-2", &["$ops"]);
        access.user("contactpoint", "double", &["audit-writer", "audit-reader"]);
        access.user("auditor", "reads", &["audit-reader"]);
        access
    }
}

impl Access {
    /// Adds a user, or gives one another password and other groups.
    pub fn user(&mut self, login: &str, password: &str, groups: &[&str]) {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        self.users.insert(login.to_owned(), (password.to_owned(), groups));
    }

    /// The names that somebody answers to; none of them for who comes without a login.
    pub(crate) fn names(&self, authorization: Option<&str>) -> Result<Vec<String>, Status> {
        if self.insecure {
            return Ok(vec![ADMINS.to_owned()]);
        }
        let refused = || Status::unauthenticated("Unauthenticated");
        let Some(header) = authorization else {
            return if self.anonymous { Ok(vec![EVERYBODY.to_owned()]) } else { Err(refused()) };
        };
        let login = header.strip_prefix("Basic ").ok_or_else(refused)?;
        let login = STANDARD.decode(login).map_err(|_| refused())?;
        let login = String::from_utf8(login).map_err(|_| refused())?;
        let (login, given) = login.split_once(':').ok_or_else(refused)?;
        let (password, groups) = self.users.get(login).ok_or_else(refused)?;
        if password != given {
            return Err(refused());
        }
        let own = [login.to_owned(), EVERYBODY.to_owned()];
        Ok(groups.iter().cloned().chain(own).collect())
    }

    pub(crate) fn is_operator(&self, authorization: Option<&str>) -> bool {
        let names = self.names(authorization).unwrap_or_default();
        names.iter().any(|name| name == ADMINS || name == "$ops")
    }

    /// Whether somebody may do something with a stream.
    pub(crate) fn check(
        &self,
        log: &Log,
        who: &MetadataMap,
        stream: &str,
        right: Right,
    ) -> Result<(), Status> {
        let header = who.get("authorization").and_then(|header| header.to_str().ok());
        let names = self.names(header)?;
        let allowed = |list: &[String]| list.iter().any(|entry| names.contains(entry));
        if allowed(&[ADMINS.to_owned()]) {
            return Ok(());
        }
        // Metadata is asked for as a stream of its own.
        let (stream, right) = match (stream.strip_prefix("$$"), right) {
            (Some(of), Right::Read) if of != "$all" || stream.len() > 2 => {
                (of, Right::ReadMetadata)
            }
            (Some(of), Right::Write) => (of, Right::WriteMetadata),
            (Some(_) | None, right) => (stream, right),
        };
        if allowed(&list(log, stream, right)) { Ok(()) } else { Err(errors::access_denied()) }
    }
}

/// Who has a right on a stream: by its own list, else by the defaults that were set, else by the
/// defaults of the server, which let every user do everything with every stream that is not its own.
fn list(log: &Log, stream: &str, right: Right) -> Vec<String> {
    let member = right.member();
    let own = log.last_json(&format!("$${stream}"));
    if let Some(list) = own.as_ref().and_then(|own| own.get("$acl")?.get(member)) {
        return entries(list);
    }
    let system = stream.starts_with('$');
    let of = if system { "$systemStreamAcl" } else { "$userStreamAcl" };
    let settings = log.last_json("$settings");
    if let Some(list) = settings.as_ref().and_then(|set| set.get(of)?.get(member)) {
        return entries(list);
    }
    vec![if system { ADMINS } else { EVERYBODY }.to_owned()]
}

fn entries(list: &Value) -> Vec<String> {
    match list {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    }
}
