//! An exported folder in the hands of tools by other authors.

use std::{fs, path::Path};

use signed_note::{StandardVerifier, VerifierList};
use sigstore_merkle::{verify_consistency_proof, verify_inclusion_proof};
use sigstore_types::Sha256Hash;
use tlog_tiles::{
    TileHashReader, TileReader,
    tlog::{self, HashReader as _},
};

/// Reads tiles from a folder; the other implementation has Go's paths.
struct Folder<'a>(&'a Path);

fn path(tile: &tlog_tiles::Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1).replacen("data/", "entries/", 1)
}

impl TileReader for Folder<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        Ok(tiles.iter().map(|tile| fs::read(self.0.join(path(tile))).unwrap()).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn entries(bundle: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, mut entries) = (bundle, Vec::new());
    while !rest.is_empty() {
        let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
        entries.push(rest[2..2 + length].to_vec());
        rest = &rest[2 + length..];
    }
    entries
}

/// Whether all of them agree with the folder; answers its entries.
pub(crate) fn agree(folder: &Path) -> Vec<Vec<u8>> {
    let note = fs::read(folder.join("checkpoint")).unwrap();
    let note = signed_note::Note::from_bytes(&note).unwrap();
    let key = fs::read_to_string(folder.join("keys/ed25519.vkey")).unwrap();
    let key = StandardVerifier::new(key.trim_end()).unwrap();
    let (good, other) = note.verify(&VerifierList::new(vec![Box::new(key)])).unwrap();
    assert_eq!((good.len(), other.len()), (1, 1));
    let checkpoint = tlog_tiles::Checkpoint::from_bytes(note.text()).unwrap();
    let (size, root) = (checkpoint.size(), *checkpoint.hash());
    let reader = Folder(folder);
    let mut all = Vec::new();
    let mut memory = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    for index in 0..size.div_ceil(256) {
        let width = u32::try_from((size - index * 256).min(256)).unwrap();
        let bundle = tlog_tiles::Tile::new(8, 0, index, width, true);
        all.extend(entries(&fs::read(folder.join(path(&bundle))).unwrap()));
    }
    assert_eq!(all.len() as u64, size);
    for entry in &all {
        memory.push(entry.clone());
    }
    assert_eq!(memory.root().as_bytes().as_slice(), root.0);
    if size > 0 {
        check_hashes(&reader, &all, root);
    }
    all
}

/// Authenticates every leaf to the root, and makes and checks proofs.
fn check_hashes(reader: &Folder<'_>, all: &[Vec<u8>], root: tlog::Hash) {
    let size = all.len() as u64;
    let hashes = TileHashReader::new(size, root, reader);
    let positions: Vec<u64> = (0..size).collect();
    for some in positions.chunks(4_096) {
        let indexes: Vec<u64> = some.iter().map(|at| tlog::stored_hash_index(0, *at)).collect();
        let leaves = hashes.read_hashes(&indexes).unwrap();
        for (position, leaf) in some.iter().zip(leaves) {
            let entry = &all[usize::try_from(*position).unwrap()];
            assert_eq!(leaf, tlog::record_hash(entry), "position {position}");
        }
    }
    for position in [0, size / 3, size - 1] {
        let proof = tlog::prove_record(size, position, &hashes).unwrap();
        let leaf = tlog::record_hash(&all[usize::try_from(position).unwrap()]);
        tlog::check_record(&proof, size, root, position, leaf).unwrap();
        let proof = sigstore_hashes(&proof);
        verify_inclusion_proof(&sigstore(leaf), position, size, &proof, &sigstore(root)).unwrap();
    }
    let older = size / 2 + 1;
    let proof = tlog::prove_tree(size, older, &hashes).unwrap();
    let then = tlog::tree_hash(older, &hashes).unwrap();
    tlog::check_tree(&proof, size, root, older, then).unwrap();
    let proof = sigstore_hashes(&proof);
    verify_consistency_proof(older, size, &proof, &sigstore(then), &sigstore(root)).unwrap();
}

/// A hash as the fourth implementation has it.
fn sigstore(hash: tlog::Hash) -> Sha256Hash {
    Sha256Hash::new(hash.0)
}

fn sigstore_hashes(hashes: &[tlog::Hash]) -> Vec<Sha256Hash> {
    hashes.iter().copied().map(sigstore).collect()
}
