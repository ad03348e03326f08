//! What kind of tampering it looks like, where entries and tree part.

use std::fmt;

use crate::transparency::Hash;

/// How many entries around the first difference are looked at.
pub(super) const WINDOW: u64 = 512;

/// What kind of tampering it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// The entry was overwritten: what follows it stands where it stood.
    Altered,
    /// Entries that stood here are missing, and the later ones have moved up.
    Removed {
        /// How many.
        count: u64,
    },
    /// Entries stand here that were not there, and the later ones have moved down.
    Inserted {
        /// How many.
        count: u64,
    },
    /// What stands here stood further on, and the other way round.
    Reordered,
    /// The entry is as it was signed; the hash in the stored tree was altered.
    TreeAltered,
    /// Nothing that was signed says whether the entry or the tree was altered.
    Unsigned,
    /// Nothing of what follows is as it was: another history.
    Rewritten,
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered => f.write_str("the entry was altered after it was signed"),
            Self::Removed { count } => {
                write!(f, "{count} signed entries were removed from here, and later ones moved up")
            }
            Self::Inserted { count } => {
                write!(f, "{count} entries were inserted here after the log was signed")
            }
            Self::Reordered => f.write_str("entries were reordered after they were signed"),
            Self::TreeAltered => {
                f.write_str("the stored tree was altered; the entry is as it was signed")
            }
            Self::Unsigned => f.write_str(
                "the entry is not the one that came into the stored tree: the entry or the tree was altered",
            ),
            Self::Rewritten => {
                f.write_str("from here on the log is another than was signed: rewritten, or forked")
            }
        }
    }
}

/// Judges by the leaf hashes from the first difference on: those of the entries as they are now, and those
/// that came into the tree.
pub(super) fn judge(entries: &[Hash], tree: &[Hash]) -> Looks {
    let (Some(entry), Some(leaf)) = (entries.first(), tree.first()) else { return Looks::Altered };
    let entry_stood = place(tree, entry);
    let leaf_stands = place(entries, leaf);
    match (entry_stood, leaf_stands) {
        (Some(_), Some(_)) => Looks::Reordered,
        (Some(count), None) => Looks::Removed { count },
        (None, Some(count)) => Looks::Inserted { count },
        // At the end of the log there is nothing by which to tell.
        (None, None) => match (entries.get(1), tree.get(1)) {
            (Some(next), Some(leaf)) if next != leaf && !entries.iter().zip(tree).any(same) => {
                Looks::Rewritten
            }
            _ => Looks::Altered,
        },
    }
}

fn same((one, other): (&Hash, &Hash)) -> bool {
    one == other
}

fn place(hashes: &[Hash], wanted: &Hash) -> Option<u64> {
    hashes.iter().position(|hash| hash == wanted).and_then(|at| u64::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(numbers: &[u8]) -> Vec<Hash> {
        numbers.iter().map(|number| [*number; 32]).collect()
    }

    fn judged(entries: &[u8], tree: &[u8]) -> Looks {
        judge(&hashes(entries), &hashes(tree))
    }

    #[test]
    fn each_kind_is_told_by_what_follows() {
        assert_eq!(judged(&[99, 2, 3], &[1, 2, 3]), Looks::Altered);
        assert_eq!(judged(&[2, 3, 4], &[1, 2, 3, 4]), Looks::Removed { count: 1 });
        assert_eq!(judged(&[4], &[1, 2, 3, 4]), Looks::Removed { count: 3 });
        assert_eq!(judged(&[9, 1, 2, 3], &[1, 2, 3]), Looks::Inserted { count: 1 });
        assert_eq!(judged(&[2, 1, 3], &[1, 2, 3]), Looks::Reordered);
        assert_eq!(judged(&[7, 8, 9], &[1, 2, 3]), Looks::Rewritten);
        assert_eq!(judged(&[7], &[1]), Looks::Altered, "the last one");
    }
}
