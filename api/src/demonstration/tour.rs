//! What a visitor is told: the address, who they can be, and five commands worth trying.

use std::{net::SocketAddr, path::Path};

use domain::{
    actor::Role,
    identity::{OrganisationId, PractitionerId},
};
use event_log::event_log::event_id;
use fixtures::demonstration::{
    AUDITOR, EASTVALE, NORTHMERE, OFFICIALS, child, organisation, person,
};
use uuid::Uuid;

use super::Loaded;

/// Somebody whom a visitor can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Who.
    pub person: PractitionerId,
    /// In which office.
    pub role: Role,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// The name of the file with their token.
    pub word: &'static str,
    /// Who they are.
    pub introduction: &'static str,
}

/// Everybody whom a visitor can be, one for each role and two more.
pub fn visitors() -> [Visitor; 7] {
    let visitor = |number, role, organisation, word, introduction| Visitor {
        person: person(number),
        role,
        organisation,
        word,
        introduction,
    };
    let northmere = organisation(NORTHMERE);
    let department = OrganisationId::DEPARTMENT;
    [
        visitor(USER, Role::Practitioner, northmere, "practitioner", "Sarah Okafor, social worker"),
        visitor(
            HOLDER,
            Role::Practitioner,
            northmere,
            "override-holder",
            "Paul Lindale, police; may override shields",
        ),
        visitor(
            34,
            Role::Practitioner,
            organisation(EASTVALE),
            "lapsed",
            "Fiona Skelby, health visitor; her check has lapsed",
        ),
        visitor(
            10,
            Role::ManagementTeam,
            northmere,
            "management-team",
            "Angela Marbrook, management team of Northmere",
        ),
        visitor(20, Role::Trainer, northmere, "trainer", "Rosalind Quarnby, trainer"),
        visitor(
            OFFICIALS[0].number,
            Role::Official,
            department,
            "official",
            "Judith Alderley, official of the department",
        ),
        visitor(AUDITOR.number, Role::Auditor, department, "auditor", "Meera Calderbank, auditor"),
    ]
}

/// The practitioner who opens and searches.
const USER: u128 = 30;
/// The one who overrides.
const HOLDER: u128 = 31;
/// An ordinary child.
const AMELIA: u128 = 1;
/// A shielded one.
const LEO: u128 = 3;

/// A text as one word of a shell.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The identity of the command of somebody's request with an Idempotency-Key.
fn command(number: u128, key: &str) -> Uuid {
    Uuid::new_v5(&person(number).uuid(), key.as_bytes())
}

/// Everything a visitor is told.
pub fn welcome(
    data: &Path,
    address: SocketAddr,
    loaded: Loaded,
    visitors: &[(Visitor, String)],
    replay: &str,
) -> String {
    let history = match loaded {
        Loaded::Now(events) => format!("{events} events of 2009 have been loaded into"),
        Loaded::Before => "The history of 2009 is already in".to_owned(),
    };
    let tour = Tour { data, address, replay };
    format!(
        "\nContactPoint, a demonstration: nobody in it exists.\n{history} {}\n\
         It is now 22 June 2009 at http://{address} (try http://{address}/docs in a browser).\n\n\
         Sign-in tokens, each also in {}:\n{}\n\
         Five commands worth trying, copied as they are into another terminal:\n\n{}\n",
        data.display(),
        data.join("tokens").display(),
        tokens(visitors),
        tour.commands().join("\n\n"),
    )
}

fn tokens(visitors: &[(Visitor, String)]) -> String {
    let each: Vec<String> = visitors
        .iter()
        .map(|(visitor, token)| {
            format!("  {} ({})\n  {token}\n", visitor.word, visitor.introduction)
        })
        .collect();
    each.concat()
}

/// The commands, for this data folder and this address.
struct Tour<'t> {
    data: &'t Path,
    address: SocketAddr,
    replay: &'t str,
}

impl Tour<'_> {
    fn file(&self, name: &str) -> String {
        quoted(&self.data.join(name).to_string_lossy())
    }

    /// A request with curl: who asks, under which key, what.
    fn post(&self, who: &str, key: &str, address: &str, body: &str) -> String {
        let token = self.file(&format!("tokens/{who}"));
        let key =
            if key.is_empty() { String::new() } else { format!(" -H 'Idempotency-Key: {key}'") };
        format!(
            "curl -sS http://{}{address} -H \"Authorization: Bearer $(cat {token})\"{key} \\\n     \
             -H 'Content-Type: application/json' -d '{body}'",
            self.address
        )
    }

    fn commands(&self) -> [String; 5] {
        [self.opening(), self.searches(), self.overriding(), self.trail(), self.screen()]
    }

    fn opening(&self) -> String {
        let open = self.post(
            "practitioner",
            "visit-1",
            &format!("/children/{}/openings", child(AMELIA)),
            r#"{"reason":{"code":"assessment","text":"Starting a common assessment."}}"#,
        );
        let kept = self.file("opening.json");
        format!(
            "# 1. Open a record. The answer is recorded first, then shown.\n{open} | tee {kept}; echo"
        )
    }

    fn searches(&self) -> String {
        let search = |terms: &str| {
            let body = format!(
                r#"{{"terms":{terms},"reason":{{"code":"assessment","text":"Core group on Thursday."}}}}"#
            );
            self.post("practitioner", "", "/children/search", &body)
        };
        let address = search(r#"{"surname":"Hazelcombe","postcode":"ZZ1 7QX"}"#);
        let name = search(r#"{"surname":"Hazelcombe","date_of_birth":"2000-11-05"}"#);
        format!(
            "# 2. A shielded child is not found by the address, though it is right; only by what is visible.\n\
             {address}; echo\n{name}; echo"
        )
    }

    fn overriding(&self) -> String {
        let (opened, attempted) = ("visit-3-open", "visit-3-attempt");
        let records = format!("/children/{}", child(LEO));
        let opening = Uuid::new_v5(&command(HOLDER, opened), b"opening");
        let procedure = Uuid::new_v5(&command(HOLDER, attempted), b"override");
        let investigation = Uuid::new_v5(&command(HOLDER, "visit-3-confirm"), b"investigation");
        let reason = r#""reason":{"code":"child-protection","text":"Reported missing tonight."}"#;
        let who = "override-holder";
        let open = self.post(who, opened, &format!("{records}/openings"), &format!("{{{reason}}}"));
        let attempt = format!(r#"{{"opening":"{opening}",{reason}}}"#);
        let attempt = self.post(who, attempted, &format!("{records}/overrides"), &attempt);
        let confirm = format!("{records}/overrides/{procedure}/confirm");
        let confirm = self.post(who, "visit-3-confirm", &confirm, "{}");
        let assign = format!(
            r#"{{"child":"{}","subject":"{}","investigator":"{}"}}"#,
            child(LEO),
            person(HOLDER),
            person(11)
        );
        let assign = self.post(
            "management-team",
            "visit-3-assign",
            &format!("/investigations/{investigation}/assignments"),
            &assign,
        );
        format!(
            "# 3. Go behind the shield: opened, warned, confirmed; the investigation that this opens is assigned.\n\
             {open}; echo\n{attempt}; echo\n{confirm}; echo\n{assign}; echo"
        )
    }

    fn trail(&self) -> String {
        let data = quoted(&self.data.to_string_lossy());
        format!(
            "# 4. Who has seen the shielded child?\n{} --data {data} trail {}",
            self.replay,
            child(LEO)
        )
    }

    fn screen(&self) -> String {
        let data = quoted(&self.data.to_string_lossy());
        let event = event_id(command(USER, "visit-1"), 0);
        let token = self.file("tokens/auditor");
        let (kept, rebuilt) = (self.file("opening.json"), self.file("screen.json"));
        format!(
            "# 5. What exactly was on the screen in 1? Rebuilt from the log; equal byte for byte.\n\
             {} --data {data} --unseal-via http://{} --token \"$(cat {token})\" \\\n     \
             --reason 'A complaint by the mother' screen {event} | tee {rebuilt}; echo\n\
             cmp {kept} {rebuilt} && echo 'the same, byte for byte'",
            self.replay, self.address
        )
    }
}
