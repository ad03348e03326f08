//! A set of fields of a record, one bit for each.

use std::{cmp::Ordering, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};

use super::Field;

/// Some of the fields. Stored and shown as a list of their names, in the order of [`Field::ALL`].
///
/// Every look at a record names two such sets: as trees of their own they were a tenth of the time of reading it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fields(u32);

const _: () = assert!(Field::ALL.len() <= 32, "one bit for each field");

impl Fields {
    /// None of them.
    pub const NONE: Self = Self(0);

    const fn bit(field: Field) -> u32 {
        1 << field as u32
    }

    /// Whether the field is in the set.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & Self::bit(field) != 0
    }

    /// Adds a field, unless it is there.
    pub const fn insert(&mut self, field: Field) {
        self.0 |= Self::bit(field);
    }

    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.contains(*field))
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        let mut set = Self::NONE;
        set.extend(fields);
        set
    }
}

impl Extend<Field> for Fields {
    fn extend<I: IntoIterator<Item = Field>>(&mut self, fields: I) {
        fields.into_iter().for_each(|field| self.insert(field));
    }
}

impl<const N: usize> From<[Field; N]> for Fields {
    fn from(fields: [Field; N]) -> Self {
        fields.into_iter().collect()
    }
}

impl PartialOrd for Fields {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fields {
    /// As the lists of their fields.
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Fields {
    /// Reads a list of names in any order; one that is repeated counts once.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Names)
    }
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::NONE;
        while let Some(field) = names.next_element()? {
            fields.insert(field);
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    fn fields() -> impl Strategy<Value = Vec<Field>> {
        vec(select(Field::ALL.to_vec()), 0..40)
    }

    proptest! {
        #[test]
        fn it_is_the_set_that_a_tree_of_the_same_fields_is(fields in fields(), others in fields()) {
            let tree: BTreeSet<Field> = fields.iter().copied().collect();
            let set: Fields = fields.iter().copied().collect();
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), tree.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!((set.len(), set.is_empty()), (tree.len(), tree.is_empty()));
            for field in Field::ALL {
                prop_assert_eq!(set.contains(field), tree.contains(&field));
            }
            prop_assert_eq!(format!("{set:?}"), format!("{tree:?}"));
            let (other, other_tree): (Fields, BTreeSet<Field>) =
                (others.iter().copied().collect(), others.iter().copied().collect());
            prop_assert_eq!(set.cmp(&other), tree.cmp(&other_tree));
            prop_assert_eq!(set == other, tree == other_tree);
        }

        #[test]
        fn it_is_written_and_read_as_a_tree_is(
            fields in fields(),
            strange in prop::option::of(select(vec!["\"nickname\"", "7", "null", "{}", "\"Name\""])),
            at in any::<prop::sample::Index>(),
        ) {
            let tree: BTreeSet<Field> = fields.iter().copied().collect();
            let set: Fields = fields.iter().copied().collect();
            let written = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(&written, &serde_json::to_string(&tree).unwrap());
            // Repeated, out of order, and with something among them that is no field.
            let mut names: Vec<String> =
                fields.iter().map(|field| serde_json::to_string(field).unwrap()).collect();
            if let Some(strange) = strange {
                let place = at.index(names.len().saturating_add(1));
                names.insert(place, strange.to_owned());
            }
            let list = format!("[{}]", names.join(","));
            let said = |error: serde_json::Error| error.to_string();
            let read: Result<Fields, String> = serde_json::from_str(&list).map_err(said);
            let as_tree: Result<BTreeSet<Field>, String> = serde_json::from_str(&list).map_err(said);
            prop_assert_eq!(read, as_tree.map(|tree| tree.into_iter().collect()));
        }
    }

    #[test]
    fn what_is_no_list_is_refused_as_for_a_tree() {
        for wrong in ["{}", "null", "\"name\"", "7", "[", "[\"name\""] {
            let set = serde_json::from_str::<Fields>(wrong).unwrap_err().to_string();
            let tree = serde_json::from_str::<BTreeSet<Field>>(wrong).unwrap_err().to_string();
            assert_eq!(set, tree, "{wrong}");
        }
    }
}
