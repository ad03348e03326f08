//! Where tiles lie.

use event_log::transparency::tile::{Row, Tile};

#[test]
fn paths_are_those_of_the_specification() {
    let cases = [
        (Row::Hashes(0), 1_234_067, 256, "tile/0/x001/x234/067"),
        (Row::Hashes(1), 5, 256, "tile/1/005"),
        (Row::Hashes(0), 273, 112, "tile/0/273.p/112"),
        (Row::Entries, 0, 1, "tile/entries/000.p/1"),
        (Row::Hashes(63), 1_000, 256, "tile/63/x001/000"),
    ];
    for (row, index, width, path) in cases {
        let tile = Tile { row, index, width };
        assert_eq!(tile.path(), path);
        assert_eq!(Tile::from_path(path), Some(tile));
    }
}

#[test]
fn anything_but_the_canonical_path_is_refused() {
    for path in [
        "",
        "tile",
        "tile/0",
        "tile/0/5",
        "tile/0/0005",
        "tile/0/x000/005",
        "tile/64/005",
        "tile/00/005",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/01",
        "tile/0/005/",
        "tile/data/005",
        "tile/0/+05",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/-1/005",
        "tile/0/005.p/",
        "tile/entries/x1/000",
    ] {
        assert_eq!(Tile::from_path(path), None, "{path}");
    }
}

#[test]
fn a_tree_of_70_000_has_the_tiles_of_the_specification() {
    let tiles: Vec<Tile> = Tile::between(0, 70_000).collect();
    let row = |row: Row| tiles.iter().filter(move |tile| tile.row == row).copied();
    assert_eq!(row(Row::Hashes(0)).count(), 274);
    assert_eq!(
        row(Row::Hashes(0)).last().map(|tile| tile.path()).as_deref(),
        Some("tile/0/273.p/112")
    );
    assert_eq!(row(Row::Hashes(1)).count(), 2);
    assert_eq!(
        row(Row::Hashes(1)).last().map(|tile| tile.path()).as_deref(),
        Some("tile/1/001.p/17")
    );
    assert_eq!(row(Row::Hashes(2)).map(|tile| tile.path()).collect::<Vec<_>>(), ["tile/2/000.p/1"]);
    assert_eq!(row(Row::Entries).count(), 274);
    assert_eq!(Tile::between(70_000, 70_000).count(), 0);
    let small: Vec<String> = Tile::between(0, 256).map(|tile| tile.path()).collect();
    assert_eq!(small, ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]);
}
