//! Roots and proofs of every small tree, against two other implementations.

use std::convert::Infallible;

use event_log::transparency::{
    EMPTY_ROOT, Hash, leaf,
    proof::{check_consistency, check_inclusion, prove_consistency, prove_inclusion},
    tree::{Edge, Hashes, root_of},
};
use tlog_tiles::tlog;

/// Every hash that the tile levels store, in memory.
#[derive(Default)]
pub(crate) struct Levels(Vec<Vec<Hash>>);

impl Hashes for Levels {
    type Error = Infallible;
    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Infallible> {
        Ok(self.0[usize::from(level)][usize::try_from(index).unwrap()])
    }
}

/// What the other implementation reads its hashes from.
struct Theirs(Vec<tlog::Hash>);

impl tlog::HashReader for Theirs {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!("entry {index}").into_bytes()
}

pub(crate) fn grow(edge: &mut Edge, levels: &mut Levels, upto: u64) {
    while edge.size() < upto {
        edge.push(leaf(&entry(edge.size())), |stored| {
            let level = usize::from(stored.level);
            if levels.0.len() <= level {
                levels.0.push(Vec::new());
            }
            assert_eq!(levels.0[level].len() as u64, stored.index, "hashes come in order");
            levels.0[level].push(stored.hash);
        });
    }
}

fn theirs(size: u64) -> Theirs {
    let mut hashes = Theirs(Vec::new());
    for index in 0..size {
        let new = tlog::stored_hashes(index, &entry(index), &hashes).unwrap();
        hashes.0.extend(new);
    }
    hashes
}

#[test]
fn the_root_of_every_size_is_that_of_two_other_implementations() {
    let (mut edge, mut levels) = (Edge::default(), Levels::default());
    let others = theirs(600);
    let mut memory = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    assert_eq!(edge.root(), EMPTY_ROOT);
    for size in 1..=600 {
        grow(&mut edge, &mut levels, size);
        memory.push(entry(size - 1));
        assert_eq!(edge.root(), tlog::tree_hash(size, &others).unwrap().0, "size {size}");
        assert_eq!(edge.root().as_slice(), memory.root().as_bytes().as_slice(), "size {size}");
        assert_eq!(root_of(&mut levels, 0, size), Ok(edge.root()), "size {size}");
    }
}

#[test]
fn every_inclusion_proof_of_small_trees_is_the_same_and_holds() {
    let (mut edge, mut levels) = (Edge::default(), Levels::default());
    let others = theirs(70);
    for size in 1..=70 {
        grow(&mut edge, &mut levels, size);
        for index in 0..size {
            let proof = prove_inclusion(&mut levels, index, size).unwrap();
            let theirs = tlog::prove_record(size, index, &others).unwrap();
            assert_eq!(proof, theirs.iter().map(|hash| hash.0).collect::<Vec<_>>());
            let (hash, root) = (leaf(&entry(index)), edge.root());
            assert_eq!(check_inclusion(&hash, index, size, &proof, &root), Ok(()));
            assert!(check_inclusion(&leaf(b"other"), index, size, &proof, &root).is_err());
            assert!(check_inclusion(&hash, (index + 1) % (size + 1), size, &proof, &root).is_err());
            let mut longer = proof.clone();
            longer.push(root);
            assert!(check_inclusion(&hash, index, size, &longer, &root).is_err());
            for place in 0..proof.len() {
                let mut flipped = proof.clone();
                flipped[place][0] ^= 1;
                assert!(check_inclusion(&hash, index, size, &flipped, &root).is_err());
            }
            if let Some((_, shorter)) = proof.split_last() {
                assert!(check_inclusion(&hash, index, size, shorter, &root).is_err());
            }
        }
    }
}

#[test]
fn every_consistency_proof_of_small_trees_is_the_same_and_holds() {
    let mut roots = vec![EMPTY_ROOT];
    let (mut edge, mut levels) = (Edge::default(), Levels::default());
    let others = theirs(70);
    for new in 1..=70 {
        grow(&mut edge, &mut levels, new);
        roots.push(edge.root());
        for old in 0..=new {
            let proof = prove_consistency(&mut levels, old, new).unwrap();
            let (old_root, new_root) = (roots[usize::try_from(old).unwrap()], edge.root());
            assert_eq!(
                check_consistency(old, new, &proof, &old_root, &new_root),
                Ok(()),
                "{old} {new}"
            );
            if old > 0 {
                let theirs = tlog::prove_tree(new, old, &others).unwrap();
                assert_eq!(proof, theirs.iter().map(|hash| hash.0).collect::<Vec<_>>());
                assert!(check_consistency(old, new, &proof, &leaf(b"x"), &new_root).is_err());
                assert!(check_consistency(old, new, &proof, &old_root, &leaf(b"x")).is_err());
            }
            let mut longer = proof.clone();
            longer.push(new_root);
            assert!(check_consistency(old, new, &longer, &old_root, &new_root).is_err());
            for place in 0..proof.len() {
                let mut flipped = proof.clone();
                flipped[place][31] ^= 0x80;
                assert!(check_consistency(old, new, &flipped, &old_root, &new_root).is_err());
            }
        }
    }
}

#[test]
fn a_tree_over_three_tile_levels_has_the_root_of_the_other_implementation() {
    let (mut edge, mut levels) = (Edge::default(), Levels::default());
    let others = theirs(65_537);
    for size in [255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537] {
        grow(&mut edge, &mut levels, size);
        assert_eq!(edge.root(), tlog::tree_hash(size, &others).unwrap().0, "size {size}");
        assert_eq!(root_of(&mut levels, 0, size), Ok(edge.root()), "size {size}");
    }
    let proof = prove_inclusion(&mut levels, 40_000, 65_537).unwrap();
    let hash = leaf(&entry(40_000));
    assert_eq!(check_inclusion(&hash, 40_000, 65_537, &proof, &edge.root()), Ok(()));
}
