//! A witness or the server that signs: its keys, and where it is reached.

use std::{fs, io, path::PathBuf, str::FromStr};

use event_log::transparency::{
    Policy,
    note::{BadKey, VerifierKey},
    policy::{NotAPolicy, Party},
};

/// A witness to send checkpoints to, or the server that signs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The address before `/add-checkpoint`, or before `/tlog/checkpoint`.
    pub url: String,
    /// The keys of which it signs with one or more.
    pub keys: Vec<VerifierKey>,
}

/// What `--witness` or `--signed-by` was given names nobody.
#[derive(Debug, thiserror::Error)]
pub enum NotAnAddressee {
    /// The address has no key after it, or one that is none.
    #[error(
        "it is named by its address, a plus, and its key: http://witness.example/+name+id+key ({0})"
    )]
    Key(#[from] BadKey),
    /// The address cannot be reached from here.
    #[error("{0:?}: only http:// addresses can be called from here")]
    Scheme(String),
    /// The policy file cannot be read.
    #[error("the policy {path} could not be read")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// It is no policy.
    #[error("{path}: {cause}")]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: NotAPolicy,
    },
    /// The policy has nobody of that kind with an address.
    #[error("the policy {0} names none with its address")]
    NoneInPolicy(PathBuf),
}

/// What the operator names: one witness, or those of a tlog-policy file that have an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named(pub Vec<Addressee>);

/// What the operator names: the server that signs, or the one log of a tlog-policy file that has an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedSigner(pub Addressee);

impl FromStr for Named {
    type Err = NotAnAddressee;

    fn from_str(text: &str) -> Result<Self, NotAnAddressee> {
        named(text, |policy| policy.witnesses().cloned().collect()).map(Self)
    }
}

impl FromStr for NamedSigner {
    type Err = NotAnAddressee;

    fn from_str(text: &str) -> Result<Self, NotAnAddressee> {
        let mut named = named(text, |policy| policy.logs().to_vec())?.into_iter();
        let nobody = || NotAnAddressee::NoneInPolicy(PathBuf::from(text));
        let one = named.next().ok_or_else(nobody)?;
        if named.next().is_some() { Err(nobody()) } else { Ok(Self(one)) }
    }
}

fn named(
    text: &str,
    parties: impl FnOnce(&Policy) -> Vec<Party>,
) -> Result<Vec<Addressee>, NotAnAddressee> {
    if text.contains("://") {
        let (url, key) = text.split_once('+').ok_or(BadKey::Text)?;
        return Ok(vec![Addressee::new(url, key.parse()?)?]);
    }
    let path = PathBuf::from(text);
    let file =
        fs::read(&path).map_err(|cause| NotAnAddressee::File { path: path.clone(), cause })?;
    let policy = Policy::parse(&file)
        .map_err(|cause| NotAnAddressee::Policy { path: path.clone(), cause })?;
    let mut named: Vec<Addressee> = Vec::new();
    for party in parties(&policy) {
        let Some(url) = &party.url else { continue };
        let one = Addressee::new(url, party.key.clone())?;
        // Whoever has two keys stands twice in a policy, and is asked once.
        match named.iter_mut().find(|known| known.url == one.url) {
            Some(known) => known.keys.extend(one.keys),
            None => named.push(one),
        }
    }
    if named.is_empty() { Err(NotAnAddressee::NoneInPolicy(path)) } else { Ok(named) }
}

impl Addressee {
    fn new(url: &str, key: VerifierKey) -> Result<Self, NotAnAddressee> {
        if url.starts_with("http://") {
            Ok(Self { url: url.trim_end_matches('/').to_owned(), keys: vec![key] })
        } else {
            Err(NotAnAddressee::Scheme(url.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use event_log::transparency::note::Kind;

    use super::*;

    fn key(name: &str, kind: Kind) -> VerifierKey {
        let bytes = if kind == Kind::CosignatureMlDsa44 { 1_312 } else { 32 };
        VerifierKey::new(name, kind, &vec![name.as_bytes()[0]; bytes]).unwrap()
    }

    #[test]
    fn an_address_with_a_key_is_one_witness() {
        let key = key("witness.example", Kind::CosignatureEd25519);
        let named: Named = format!("http://127.0.0.1:4/w/+{key}").parse().unwrap();
        assert_eq!(
            named.0,
            [Addressee { url: "http://127.0.0.1:4/w".to_owned(), keys: vec![key] }]
        );
    }

    #[test]
    fn a_policy_is_its_witnesses_each_asked_once() {
        let one = key("one", Kind::CosignatureEd25519);
        let also = key("one", Kind::CosignatureMlDsa44);
        let silent = key("two", Kind::CosignatureEd25519);
        let file = tempfile::NamedTempFile::new().unwrap();
        let policy = format!(
            "witness a {one} http://w.example\nwitness b {also} http://w.example/\n\
             witness c {silent}\ngroup g any a b c\nquorum g\n"
        );
        fs::write(file.path(), policy).unwrap();
        let named: Named = file.path().to_str().unwrap().parse().unwrap();
        let both = Addressee { url: "http://w.example".to_owned(), keys: vec![one, also] };
        assert_eq!(named.0, [both]);
    }

    #[test]
    fn the_signer_is_the_one_log_of_a_policy_with_all_its_keys() {
        let one = key("log.example", Kind::Ed25519);
        let also = key("log.example", Kind::CosignatureMlDsa44);
        let file = tempfile::NamedTempFile::new().unwrap();
        let policy =
            format!("log {one} http://a.example\nlog {also} http://a.example\nquorum none\n");
        fs::write(file.path(), &policy).unwrap();
        let path = file.path().to_str().unwrap();
        let both = Addressee { url: "http://a.example".to_owned(), keys: vec![one, also] };
        assert_eq!(path.parse::<NamedSigner>().unwrap().0, both);
        fs::write(file.path(), policy.replacen("http://a", "http://b", 1)).unwrap();
        assert!(path.parse::<NamedSigner>().is_err(), "two are not one");
    }

    #[test]
    fn what_names_nobody_is_refused() {
        for text in
            ["http://w.example", "http://w.example+nokey", "https://w.example+a+b+c", "/no/such"]
        {
            assert!(text.parse::<Named>().is_err(), "{text}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "quorum none\n").unwrap();
        assert!(file.path().to_str().unwrap().parse::<NamedSigner>().is_err());
        let none: Result<Named, _> = file.path().to_str().unwrap().parse();
        assert!(matches!(none, Err(NotAnAddressee::NoneInPolicy(_))));
    }
}
