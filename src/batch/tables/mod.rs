//! `OUT/cycles.parquet` and `OUT/steps.parquet`: the rows of all measurements in one table each, kept up to date.
//!
//! A table that is there is the start: row groups in which nothing changed are taken over byte by byte. Rows of bundles that the
//! run made are at hand, and only others that are new or younger than the table are opened. So ten new files among ten thousand
//! cost what ten files cost, and memory holds a row group, never a table.

#[cfg(feature = "plot")]
mod each;
mod kept;
mod merge;
mod stored;
mod wanted;
mod whole;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[cfg(feature = "plot")]
pub(super) use each::each_cycles;
use kept::Kept;
use polars::prelude::{DataFrame, PolarsResult};
use wanted::Wanted;

use crate::error::Result;
use crate::measurement::Measurement;
use crate::summary::layout::{self, Place};

/// Whose rows they are: source and part.
pub(super) type Key = (String, Option<String>);

/// A measurement of the index that has a bundle.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: Key,
    pub(super) name: Option<String>,
    /// The bundle.
    pub(super) folder: PathBuf,
    pub(super) cycles: u64,
    pub(super) steps: u64,
}

/// The names of both tables, in a bundle and over all.
const CYCLES: &str = "cycles.parquet";
const STEPS: &str = "steps.parquet";

/// Rows of bundles that a run made.
#[derive(Debug, Default)]
pub(super) struct Rows {
    cycles: Kept,
    steps: Kept,
}

impl Rows {
    /// Keeps those of a measurement whose bundle was just written into this folder.
    pub(super) fn add(&self, source: &Path, folder: &Path, measurement: &Measurement) {
        let key: Key = (source.display().to_string(), measurement.report.part.clone());
        let tables = [(&self.cycles, CYCLES, &measurement.cycles), (&self.steps, STEPS, &measurement.steps)];
        for (kept, name, rows) in tables {
            if let Some(modified) = modified(&folder.join(name)) {
                kept.add(key.clone(), modified, rows);
            }
        }
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|meta| meta.modified()).ok()
}

/// Rows, one below the other, in one piece; `None` when there are none.
fn in_one_piece(rows: impl IntoIterator<Item = DataFrame>) -> PolarsResult<Option<DataFrame>> {
    let mut rows = rows.into_iter();
    let Some(mut all) = rows.next() else { return Ok(None) };
    for more in rows {
        all.vstack_mut_owned(more)?;
    }
    all.rechunk_mut();
    Ok(Some(all))
}

/// Makes both tables hold the rows of these measurements and no others. `made` has rows of bundles that need not be opened.
pub(super) fn update(out: &Path, members: &[Member], made: Rows) -> Result<()> {
    let one = |name: &str, places: &'static [Place], rows: fn(&Member) -> u64, kept: Kept| {
        let mut wanted = BTreeMap::new();
        for member in members {
            let file = member.folder.join(name);
            // What has no table, such as a report alone, has no rows.
            if let Some(modified) = modified(&file) {
                wanted.entry(member.key.clone()).or_insert(Wanted { member, file, rows: rows(member), modified });
            }
        }
        merge::merge(&out.join(name), places, &wanted, kept.found())
    };
    let (cycles, steps) = rayon::join(
        || one(CYCLES, layout::CYCLES, |member| member.cycles, made.cycles),
        || one(STEPS, layout::STEPS, |member| member.steps, made.steps),
    );
    cycles.and(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{Column, ParquetReader, SerReader};

    use crate::bundle::{write_file_atomically, write_parquet};
    use crate::summary::layout::{complete, owned};

    fn member(out: &Path, name: &str, value: i64, rows: usize) -> Member {
        let folder = out.join(name);
        for (file, places) in [(CYCLES, layout::CYCLES), (STEPS, layout::STEPS)] {
            let counts = Column::new("Cycle count".into(), vec![value; rows]);
            let table = complete(&DataFrame::new(rows, vec![counts]).unwrap(), places).unwrap();
            let table = owned(&table, [Some("elsewhere"), None, None]).unwrap();
            write_file_atomically(folder.join(file), |to| write_parquet(&table, &Default::default(), to)).unwrap();
        }
        let rows = rows as u64;
        Member { key: (name.to_owned(), None), name: Some(name.to_uppercase()), folder, cycles: rows, steps: rows }
    }

    /// Source, value and number of the rows that follow each other.
    fn runs(out: &Path) -> Vec<(String, i64, usize)> {
        let read = |name: &str| ParquetReader::new(std::fs::File::open(out.join(name)).unwrap()).finish().unwrap();
        let table = read(CYCLES);
        assert_eq!(read(STEPS).height(), table.height());
        let (source, value) = (table.column("source").unwrap().clone(), table.column("Cycle count").unwrap().clone());
        let mut runs: Vec<(String, i64, usize)> = Vec::new();
        for (source, value) in source.str().unwrap().iter().zip(value.i64().unwrap().iter()) {
            let (source, value) = (source.unwrap().to_owned(), value.unwrap());
            match runs.last_mut() {
                Some(last) if (&last.0, last.1) == (&source, value) => last.2 += 1,
                _ => runs.push((source, value, 1)),
            }
        }
        runs
    }

    fn want(runs: &[(&str, i64, usize)]) -> Vec<(String, i64, usize)> {
        runs.iter().map(|(source, value, rows)| ((*source).to_owned(), *value, *rows)).collect()
    }

    /// More rows than a row group holds: most row groups are taken over as they are.
    #[test]
    fn rows_that_hold_are_taken_over_and_others_made_anew() {
        let out = std::env::temp_dir().join(format!("cyclerprep-{}-tables", std::process::id()));
        let _ = std::fs::remove_dir_all(&out);
        let mut members: Vec<Member> =
            [("b", 1, 70_000), ("d", 2, 30_000), ("f", 3, 90_000)].map(|(n, v, r)| member(&out, n, v, r)).into();
        update(&out, &members, Rows::default()).unwrap();
        assert_eq!(runs(&out), want(&[("b", 1, 70_000), ("d", 2, 30_000), ("f", 3, 90_000)]));
        // One is new before all, one between, one behind; one changes, one goes.
        members.insert(0, member(&out, "a", 4, 10));
        members.push(member(&out, "e", 5, 20));
        members.push(member(&out, "g", 6, 5));
        members[2] = member(&out, "d", 7, 40_000);
        update(&out, &members, Rows::default()).unwrap();
        let all = [("a", 4, 10), ("b", 1, 70_000), ("d", 7, 40_000), ("e", 5, 20), ("f", 3, 90_000), ("g", 6, 5)];
        assert_eq!(runs(&out), want(&all));
        members.remove(1);
        update(&out, &members, Rows::default()).unwrap();
        assert_eq!(runs(&out), want(&[all[0], all[2], all[3], all[4], all[5]]));
        update(&out, &[], Rows::default()).unwrap();
        assert_eq!(runs(&out), []);
        std::fs::remove_dir_all(&out).unwrap();
    }

    /// Long tables of bundles, and one that is alone, are taken over page by page; whose they are is told by the run.
    #[test]
    fn a_long_table_is_taken_over_as_it_is() {
        let out = std::env::temp_dir().join(format!("cyclerprep-{}-tables-whole", std::process::id()));
        let _ = std::fs::remove_dir_all(&out);
        let alone = [member(&out, "b", 2, 5)];
        update(&out, &alone, Rows::default()).unwrap();
        assert_eq!(runs(&out), want(&[("b", 2, 5)]));
        let names = |name: &str| {
            let table = ParquetReader::new(std::fs::File::open(out.join(CYCLES)).unwrap()).finish().unwrap();
            let column = table.column(name).unwrap().clone();
            (column.null_count(), column.str().unwrap().iter().flatten().map(str::to_owned).collect::<Vec<_>>())
        };
        assert_eq!((names("name"), names("part")), ((0, vec!["B".to_owned(); 5]), (5, Vec::new())));
        let [alone] = alone;
        let members = [member(&out, "a", 1, 3), alone, member(&out, "c", 3, 5000), member(&out, "d", 4, 2)];
        update(&out, &members, Rows::default()).unwrap();
        assert_eq!(runs(&out), want(&[("a", 1, 3), ("b", 2, 5), ("c", 3, 5000), ("d", 4, 2)]));
        assert_eq!(names("name").1[8..].iter().filter(|name| *name == "C").count(), 5000);
        std::fs::remove_dir_all(&out).unwrap();
    }

    /// A bundle with as many rows as before, written within the same tick of the file system's clock.
    #[test]
    fn what_a_run_made_is_taken_whatever_the_times_say() {
        let out = std::env::temp_dir().join(format!("cyclerprep-{}-tables-tick", std::process::id()));
        let _ = std::fs::remove_dir_all(&out);
        let times = |members: &[Member], set: Option<SystemTime>| {
            let files = members.iter().flat_map(|m| [CYCLES, STEPS].map(|name| m.folder.join(name)));
            let files: Vec<_> = files.collect();
            if let Some(time) = set {
                files
                    .iter()
                    .for_each(|f| std::fs::File::options().write(true).open(f).unwrap().set_modified(time).unwrap());
            }
            modified(&files[0]).unwrap()
        };
        let members = [member(&out, "a", 1, 3), member(&out, "b", 2, 4)];
        let tick = times(&members, None);
        times(&members, Some(tick));
        update(&out, &members, Rows::default()).unwrap();
        let again = [member(&out, "a", 1, 3), member(&out, "b", 9, 4)];
        times(&again, Some(tick));
        let rows = Rows::default();
        // Too long to be kept, so that the bundle is opened.
        let counts = Column::new("Cycle count".into(), vec![9i64; 5000]);
        let long = DataFrame::new(5000, vec![counts]).unwrap();
        [&rows.cycles, &rows.steps].into_iter().for_each(|kept| kept.add(again[1].key.clone(), tick, &long));
        update(&out, &again, rows).unwrap();
        assert_eq!(runs(&out), want(&[("a", 1, 3), ("b", 9, 4)]));
        std::fs::remove_dir_all(&out).unwrap();
    }
}
