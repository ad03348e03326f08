//! What must hold of a folder whatever was done to the process that wrote it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use domain::stream::Stream;
use event_log::{
    EventLog,
    backend::Stored,
    checkpoints::size_of_file,
    export::{Part, export_tiles},
    folder_check::check_folder,
    keyring::State,
    transparency::{Policy, Signed},
    transparency_log::{Publish, TransparencyLog},
    verify::verify,
};
use fixtures::scenario::id;

use crate::{
    others,
    victim::{FEW, Operation, chain},
    world::{self, NOW, TOGETHER, Template, calm, child, keys, organisation, registered},
};

/// What an undisturbed process does with the same folder.
pub(crate) struct Expected<'a> {
    pub(crate) template: &'a Template,
    pub(crate) operation: Operation,
    /// What is in the log then: byte for byte, for a section is sealed in one way only.
    pub(crate) stored: Vec<Stored>,
}

/// What is not as it should be.
pub(crate) type Broken = String;

macro_rules! hold {
    ($condition:expr, $($says:tt)+) => {
        if !$condition { return Err(format!($($says)+)) }
    };
}

/// Opens the folder as the next process would, and checks everything. `said` is what the process said
/// before it ended; with `others`, tools of other authors are asked about an export.
pub(crate) async fn check(
    dir: &Path,
    expected: &Expected<'_>,
    said: &[String],
    others: bool,
) -> Result<(), Broken> {
    let open = || EventLog::open_with(dir, &calm()).map_err(|error| chain(&error));
    let log = open()?;
    if expected.operation == Operation::Create {
        created(&log, dir, said).await?;
    } else {
        entries(&log, expected, said).await?;
    }
    let published = checkpoints(&log, dir, expected, said).await?;
    if expected.operation == Operation::Erase {
        erasure(&log, dir, said).await?;
    }
    if expected.operation == Operation::Pack {
        packing(&published, dir, said).await?;
    }
    let length = log.length();
    for number in 0..2 {
        let written =
            world::write(&log, organisation(), vec![registered(80 + number)], 180 + number);
        let position = written.await.map_err(|error| format!("a second append: {error}"))?;
        hold!(position == length + u64::try_from(number).unwrap(), "appended at {position}");
    }
    clean(&log).await?;
    if others || expected.operation == Operation::Export {
        export(&log, dir, others).await?;
    }
    drop((log, published));
    // And once more, from what the checks themselves have written.
    let log = open()?;
    hold!(log.length() == length + 2, "{} events after {length} and two", log.length());
    clean(&log).await
}

async fn clean(log: &EventLog) -> Result<(), Broken> {
    let report = verify(log, |_| ()).await.map_err(|error| chain(&error))?;
    match report.findings.first() {
        None => Ok(()),
        Some(finding) => Err(format!("verify: {finding}")),
    }
}

/// A log that was being made: what is acknowledged is there and can be read with the keys that are there.
async fn created(log: &EventLog, dir: &Path, said: &[String]) -> Result<(), Broken> {
    world::complete_keys(dir).map_err(|error| chain(&error))?;
    let length = usize::try_from(log.length()).unwrap();
    for position in acknowledged(said) {
        hold!(position + TOGETHER <= length, "position {position} was acknowledged and is lost");
    }
    hold!(!said.iter().any(|line| line == "keys") || length >= 2, "announced keys are lost");
    let stored = log.read_stored(0, usize::MAX).await.map_err(|error| chain(&error))?;
    heads(log, &stored).await?;
    for stored in &stored {
        let key = log.event_key(stored.position).await.map_err(|error| chain(&error))?;
        hold!(key.is_some() || stored.sealed.is_none(), "a key is lost");
    }
    let subjects = [id(1), id(2)];
    let known = log.create_subjects(&subjects, |subject| world::command(subject.as_u128()));
    known.await.map_err(|error| format!("the subjects cannot be made known: {}", chain(&error)))
}

/// Nothing acknowledged is lost, nothing is there by halves, nothing is other than it was written.
async fn entries(log: &EventLog, expected: &Expected<'_>, said: &[String]) -> Result<(), Broken> {
    let stored = log.read_stored(0, usize::MAX).await.map_err(|error| chain(&error))?;
    let before = expected.template.stored.len();
    hold!(stored.len() >= before, "{} events are left of {before}", stored.len());
    hold!(
        stored.len() <= expected.stored.len(),
        "{} events are more than were written",
        stored.len()
    );
    for (is, should) in stored.iter().zip(&expected.stored) {
        let mut should = should.clone();
        if expected.operation == Operation::Erase
            && should.stream == child(1)
            && is.sealed.is_none()
        {
            should.sealed = None;
        } else if let Some(original) =
            expected.template.stored.get(usize::try_from(should.position).unwrap())
        {
            // Erased in the undisturbed run, and not here.
            should.sealed.clone_from(&original.sealed);
        }
        hold!(*is == should, "position {} is not what was written there", should.position);
    }
    if matches!(expected.operation, Operation::Append | Operation::AppendRestless) {
        hold!((stored.len() - before).is_multiple_of(TOGETHER), "half of an append is there");
    }
    for position in acknowledged(said) {
        let all = position + if expected.operation == Operation::Erase { 1 } else { TOGETHER };
        hold!(all <= stored.len(), "position {position} was acknowledged and is lost");
    }
    heads(log, &stored).await
}

/// The ends of the streams are those that the log itself tells.
async fn heads(log: &EventLog, stored: &[Stored]) -> Result<(), Broken> {
    for stream in stored.iter().map(|stored| stored.stream).collect::<BTreeSet<_>>() {
        let of: Vec<_> = stored.iter().filter(|stored| stored.stream == stream).cloned().collect();
        let head = log.backend().head(stream).await.map_err(|error| chain(&error))?;
        let last = of.last().map(|last| (last.position, last.revision));
        hold!(head.map(|head| (head.position, head.revision)) == last, "{stream} ends elsewhere");
        let read =
            log.backend().read_stream(stream, 0, None).await.map_err(|error| chain(&error))?;
        hold!(read == of, "{stream} reads as something else");
    }
    Ok(())
}

fn acknowledged(said: &[String]) -> Vec<usize> {
    said.iter().filter_map(|line| line.strip_prefix("ack ")?.parse().ok()).collect()
}

/// Every checkpoint that anybody has is one of this log, and it goes on signing.
async fn checkpoints(
    log: &EventLog,
    dir: &Path,
    expected: &Expected<'_>,
    said: &[String],
) -> Result<TransparencyLog, Broken> {
    let tree = TransparencyLog::open(log, dir, keys(dir)).map_err(|error| chain(&error))?;
    let verifiers = tree.verifiers();
    let mut handed_out = expected.template.handed_out.clone();
    for line in said.iter().filter_map(|line| line.strip_prefix("published ")) {
        let text = hex::decode(line).map_err(|error| error.to_string())?;
        handed_out.push(Signed::parse(&text).map_err(|error| error.to_string())?);
    }
    // Where nothing was said to have failed, the first that was handed out is the first that was kept.
    if !said.iter().any(|line| line.starts_with("answer")) {
        let mut sizes = BTreeSet::new();
        for first in handed_out.iter().filter(|signed| sizes.insert(signed.checkpoint().size)) {
            let size = first.checkpoint().size;
            let kept = tree.checkpoints().of_size(size).map_err(|error| chain(&error))?;
            let same = kept.is_some_and(|kept| kept.to_string() == first.to_string());
            hold!(same, "the first checkpoint of the size {size} was replaced");
        }
    }
    tree.step(NOW + 10, Publish::WhenGrown).await.map_err(|error| chain(&error))?;
    tree.check(|_| ()).await.map_err(|error| chain(&error))?;
    let step = tree.step(NOW + 11, Publish::Always).await.map_err(|error| chain(&error))?;
    let now = step.published.ok_or("a heartbeat was not published")?;
    let last = keys(dir).last_signed().read().map_err(|error| chain(&error))?;
    hold!(last == *now.checkpoint(), "what was last signed is not what was published");
    hold!(now.checkpoint().size == log.length(), "the checkpoint does not cover the log");
    for size in tree.checkpoints().sizes().map_err(|error| chain(&error))? {
        handed_out.extend(tree.checkpoints().of_size(size).map_err(|error| chain(&error))?);
    }
    for signed in &handed_out {
        let size = signed.checkpoint().size;
        let by = signed.signed_by(&verifiers).map_err(|error| error.to_string())?;
        hold!(by.len() == verifiers.len(), "the checkpoint of size {size} lacks a signature");
        let root = tree.tree().root_at(size).map_err(|error| chain(&error))?;
        hold!(root == signed.checkpoint().root, "the checkpoint of size {size} is of another log");
        let kept = tree.checkpoints().of_size(size).map_err(|error| chain(&error))?;
        hold!(kept.is_some(), "the checkpoint of size {size} was handed out and is not kept");
    }
    Ok(tree)
}

/// What was interrupted is completed, by which no checkpoint is lost and none altered.
async fn packing(tree: &TransparencyLog, dir: &Path, said: &[String]) -> Result<(), Broken> {
    let folder = dir.join("checkpoints");
    let packs = || names(&folder.join("packed"));
    let done = said.iter().any(|line| line == "packed 6");
    hold!(!done || packs()? == ["4-8.tar", "10-14.tar"], "said to be packed: {:?}", packs()?);
    let before = kept(tree)?;
    tree.pack_checkpoints(FEW).await.map_err(|error| chain(&error))?;
    hold!(kept(tree)? == before, "packing has altered what is kept");
    let left = names(&folder)?.iter().filter(|name| size_of_file(name).is_some()).count();
    hold!(left <= FEW.loose + FEW.together, "{left} are left in files of their own");
    hold!(
        packs()?.iter().all(|name| name.strip_suffix(".tar").is_some()),
        "in packed/: {:?}",
        packs()?
    );
    Ok(())
}

/// Every checkpoint that is kept, by its name.
fn kept(tree: &TransparencyLog) -> Result<BTreeMap<String, Vec<u8>>, Broken> {
    let every = tree.checkpoints().every().map_err(|error| chain(&error))?;
    let kept = every.map(|kept| kept.map(|kept| (kept.name, kept.bytes)));
    kept.collect::<Result<_, _>>().map_err(|error| chain(&error))
}

fn names(folder: &Path) -> Result<Vec<String>, Broken> {
    let files = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    let mut names: Vec<String> =
        files.filter_map(|file| file.ok()?.file_name().into_string().ok()).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    Ok(names)
}

/// All of the erasure or nothing, and what is missing can be done now. Nobody else loses a key.
async fn erasure(log: &EventLog, dir: &Path, said: &[String]) -> Result<(), Broken> {
    let ring = log.keyring().ok_or("no keys")?;
    let state = ring.state(id(1)).map_err(|error| chain(&error))?;
    let said_so = |what: &str| said.iter().any(|line| line.starts_with(what));
    hold!(!said_so("destroyed") || state == Some(State::Tombstoned), "destroyed, and {state:?}");
    for subject in [1, 2] {
        let key = ring.key(id(subject)).map_err(|error| chain(&error))?;
        let gone = subject == 1 && state == Some(State::Tombstoned);
        hold!(key.is_none() == gone, "the key of subject {subject} is not as it should be");
    }
    let kept = sealed(log, 2).await?;
    hold!(kept.iter().all(Option::is_some), "a section of another subject is gone");
    let left = sealed(log, 1).await?;
    hold!(left.iter().all(Option::is_some) || left.iter().all(Option::is_none), "half erased");
    hold!(!said_so("erased") || left.iter().all(Option::is_none), "erased, and still there");
    let begun = log.backend().head(Stream::Erasure(id(1))).await.map_err(|error| chain(&error))?;
    hold!(begun.is_some() || state == Some(State::Live), "erased, and never begun");
    if begun.is_none() {
        world::begin_erasure(log, 190).await.map_err(|error| chain(&error))?;
    }
    let epoch = ring.destroy(&[id(1)]).map_err(|error| chain(&error))?;
    log.backend().erase_sealed(child(1)).await.map_err(|error| chain(&error))?;
    hold!(ring.key(id(1)).map_err(|error| chain(&error))?.is_none(), "a destroyed key opens");
    hold!(ring.key(id(2)).map_err(|error| chain(&error))?.is_some(), "another key is gone");
    hold!(sealed(log, 1).await?.iter().all(Option::is_none), "a section of the erased is there");
    let epochs: Vec<String> = std::fs::read_dir(dir.join("keys"))
        .map_err(|error| error.to_string())?
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("epoch-"))
        .collect();
    hold!(epochs == [format!("epoch-{epoch}.key")], "keys of epochs that are over: {epochs:?}");
    let opened = log.read_all(0, usize::MAX).await.map_err(|error| chain(&error))?;
    hold!(!opened.is_empty(), "nothing can be read");
    Ok(())
}

async fn sealed(log: &EventLog, subject: u128) -> Result<Vec<Option<Vec<u8>>>, Broken> {
    let read = log.backend().read_stream(child(subject), 0, None).await;
    Ok(read.map_err(|error| chain(&error))?.into_iter().map(|stored| stored.sealed).collect())
}

/// A folder begun by the process is completed, and is good; with `others`, they agree.
async fn export(log: &EventLog, dir: &Path, others: bool) -> Result<(), Broken> {
    let tree = TransparencyLog::open(log, dir, keys(dir)).map_err(|error| chain(&error))?;
    let out = world::exported(dir);
    let begun = std::fs::read(out.join("checkpoint")).ok();
    let size = begun.and_then(|bytes| Some(Signed::parse(&bytes).ok()?.checkpoint().size));
    if let Some(size) = size {
        // A folder with a checkpoint is complete.
        let report = check_folder(&out, &Policy::of_log(tree.verifiers()), |_| ());
        let report = report.map_err(|error| format!("what was exported: {error}"))?;
        hold!(report.checkpoint.size == size, "an export of another size");
        return ask_others(others, &out);
    }
    std::fs::remove_dir_all(&out).or_else(absent).map_err(|error| error.to_string())?;
    tree.step(NOW + 20, Publish::Always).await.map_err(|error| chain(&error))?;
    export_tiles(&tree, &out, Part::default(), &tree.verifiers(), |_| ())
        .await
        .map_err(|e| chain(&e))?;
    check_folder(&out, &Policy::of_log(tree.verifiers()), |_| ()).map_err(|e| chain(&e))?;
    ask_others(others, &out)
}

fn absent(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn ask_others(others: bool, out: &Path) -> Result<(), Broken> {
    if !others {
        return Ok(());
    }
    let agreed = std::panic::catch_unwind(|| others::agree(out));
    agreed.map(drop).map_err(|_| "tools of other authors do not agree".to_owned())
}
