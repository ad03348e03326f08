//! What the nodes say of themselves over HTTP, to an operations login.

use std::collections::HashMap;

use eventstore_client::ClientSettings;
use serde::{Deserialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::{Expected, Refusal};
use crate::kurrent::Inner;

/// What the checks ask for; a firewall between us and the nodes must let it through.
pub const HTTP_NEEDS: [&str; 4] =
    ["/gossip", "/info/options", "/auto-scavenge/status", "/admin/scavenge/current"];

/// How far the clocks may be apart.
const CLOCKS_SECONDS: i64 = 30;

/// Settings, and the value that they must have. Names are compared without their punctuation: it
/// changed between versions.
const SETTINGS: [(&str, &str); 12] = [
    ("unsafedisableflushtodisk", "false"),
    ("unsafeignoreharddelete", "false"),
    ("memdb", "false"),
    ("insecure", "false"),
    ("disabletls", "false"),
    ("allowanonymousendpointaccess", "false"),
    ("allowanonymousstreamaccess", "false"),
    ("skipdbverify", "false"),
    ("enableunixsocket", "false"),
    ("autoscavengeenabled", "false"),
    ("archiveenabled", "false"),
    ("runprojections", "none"),
];

/// A login in `$ops`.
#[derive(Clone, PartialEq, Eq)]
pub struct Operator {
    login: String,
    password: Zeroizing<String>,
}

impl Operator {
    /// From `login:password`; none if it is not that.
    pub fn parse(text: &str) -> Option<Self> {
        let (login, password) = text.trim().split_once(':')?;
        Some(Self { login: login.to_owned(), password: Zeroizing::new(password.to_owned()) })
    }
}

impl std::fmt::Debug for Operator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Operator({})", self.login)
    }
}

#[derive(Deserialize)]
struct Gossip {
    members: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    state: String,
    is_alive: bool,
    http_end_point_ip: String,
    http_end_point_port: u16,
}

#[derive(Deserialize)]
struct Setting {
    name: String,
    #[serde(default)]
    value: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct AutoScavenge {
    #[serde(default)]
    state: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scavenge {
    #[serde(default)]
    scavenge_id: Option<String>,
}

/// Who asks, and how.
struct Asking<'a> {
    http: reqwest::Client,
    settings: &'a ClientSettings,
    operator: &'a Operator,
}

pub(super) async fn check(log: &Inner, expected: &Expected) -> Result<(), Refusal> {
    let Some(operator) = &expected.operator else { return Ok(()) };
    let settings = log.server.settings();
    let asking = Asking { http: http(settings)?, settings, operator };
    let members = asking.members().await?;
    let alive: Vec<_> = members.iter().filter(|member| member.is_alive).collect();
    let leaders = alive.iter().filter(|member| member.state == "Leader").count();
    if u32::try_from(alive.len()).ok() != Some(expected.nodes) || leaders != 1 {
        let (alive, expected) = (alive.len(), expected.nodes);
        return Err(Refusal::Members { alive, leaders, expected });
    }
    for member in alive {
        asking.node(&member.http_end_point_ip, member.http_end_point_port).await?;
    }
    Ok(())
}

fn http(settings: &ClientSettings) -> Result<reqwest::Client, Refusal> {
    let unanswered = |cause: String| Refusal::Unanswered { url: "the cluster".to_owned(), cause };
    let mut http = reqwest::Client::builder().no_proxy();
    if let Some(file) = settings.tls_ca_file() {
        let pem = std::fs::read(file).map_err(|cause| unanswered(cause.to_string()))?;
        let root = reqwest::Certificate::from_pem(&pem);
        http = http.add_root_certificate(root.map_err(|cause| unanswered(cause.to_string()))?);
    }
    http.build().map_err(|cause| unanswered(cause.to_string()))
}

impl Asking<'_> {
    /// The members, as the first node that answers knows them.
    async fn members(&self) -> Result<Vec<Member>, Refusal> {
        let mut refusal = None;
        for host in self.settings.hosts() {
            let port = u16::try_from(host.port).unwrap_or(2113);
            match self.get::<Gossip>(&host.host, port, "/gossip").await {
                Ok(gossip) => return Ok(gossip.members),
                Err(refused) => refusal = Some(refused),
            }
        }
        Err(refusal.unwrap_or(Refusal::Members { alive: 0, leaders: 0, expected: 1 }))
    }

    async fn node(&self, host: &str, port: u16) -> Result<(), Refusal> {
        let settings: Vec<Setting> = self.get(host, port, "/info/options").await?;
        judge(&settings)?;
        let auto: AutoScavenge = self.get(host, port, "/auto-scavenge/status").await?;
        if auto.state.is_some_and(|state| !state.eq_ignore_ascii_case("notconfigured")) {
            return Err(Refusal::AutoScavenge);
        }
        let current: Scavenge = self.get(host, port, "/admin/scavenge/current").await?;
        if current.scavenge_id.is_some() { Err(Refusal::Scavenging) } else { Ok(()) }
    }

    async fn get<T: DeserializeOwned>(
        &self,
        host: &str,
        port: u16,
        path: &str,
    ) -> Result<T, Refusal> {
        let scheme = if self.settings.is_secure_mode_enabled() { "https" } else { "http" };
        let url = format!("{scheme}://{host}:{port}{path}");
        let unanswered = |cause: reqwest::Error| Refusal::Unanswered {
            url: url.clone(),
            cause: cause.without_url().to_string(),
        };
        let (login, password) = (&self.operator.login, self.operator.password.as_str());
        let asked = self.http.get(&url).basic_auth(login, Some(password)).send().await;
        let answer = asked.map_err(unanswered)?;
        if matches!(answer.status().as_u16(), 401 | 403) {
            return Err(Refusal::Operator(url));
        }
        clocks(answer.headers().get("date").and_then(|date| date.to_str().ok()))?;
        // A version without auto-scavenge does not know the question.
        if answer.status().as_u16() == 404 && path.starts_with("/auto-scavenge") {
            let not_there = serde_json::from_str("{}");
            return not_there
                .map_err(|cause| Refusal::Unanswered { url, cause: cause.to_string() });
        }
        let body = answer.error_for_status().map_err(unanswered)?.bytes().await;
        serde_json::from_slice(&body.map_err(unanswered)?)
            .map_err(|cause| Refusal::Unanswered { url, cause: cause.to_string() })
    }
}

/// Compares the settings that put the trail at risk with what they must be. One that a version does
/// not have is off.
fn judge(settings: &[Setting]) -> Result<(), Refusal> {
    let said: HashMap<String, (&str, String)> = settings
        .iter()
        .filter_map(|setting| {
            let value = setting.value.as_ref()?;
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            Some((plain(&setting.name), (setting.name.as_str(), value)))
        })
        .collect();
    for (name, wanted) in SETTINGS {
        if let Some((name, value)) = said.get(name)
            && !value.eq_ignore_ascii_case(wanted)
        {
            let (name, value) = ((*name).to_owned(), value.clone());
            return Err(Refusal::Setting { name, value, wanted });
        }
    }
    Ok(())
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn clocks(date: Option<&str>) -> Result<(), Refusal> {
    let Some(date) = date.and_then(|date| chrono::DateTime::parse_from_rfc2822(date).ok()) else {
        return Ok(());
    };
    let here = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let here = here.ok().and_then(|here| i64::try_from(here.as_secs()).ok()).unwrap_or(0);
    let apart = date.timestamp().saturating_sub(here);
    if apart.abs() > CLOCKS_SECONDS { Err(Refusal::Clock(apart)) } else { Ok(()) }
}
