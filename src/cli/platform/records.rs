//! `prep platform list|get|delete`.

use std::io::Write;

use serde_json::json;

use super::args::{Action, Kind, List, Platform, PlatformArgs};
use super::client;
use crate::cli::exit::Exit;
use crate::cli::voice::people;
use crate::error::{Error, ErrorKind, Result};
use crate::platform::{Client, Collection, Filter, Record};

pub fn run(args: &Platform) -> Result<Exit> {
    match &args.action {
        Action::List(list) => all(list)?,
        Action::Get(one) => {
            let client = client(&one.platform)?;
            let record = of(&client, one.kind, "-").get(&one.id)?;
            print(&record);
        }
        Action::Delete(delete) => {
            let client = client(&delete.one.platform)?;
            let records = of(&client, delete.one.kind, "-");
            if !delete.yes {
                let record = records.get(&delete.one.id)?;
                let message =
                    format!("{:?} is deleted with all that belongs to it: add --yes when that is meant", record.name());
                return Err(Error::new(ErrorKind::Options, message));
            }
            records.delete(&delete.one.id)?;
            told(&delete.one.platform, &delete.one.id);
        }
    }
    Ok(Exit::Good)
}

fn told(args: &PlatformArgs, id: &str) {
    if args.json {
        print(&json!({"schema": "prep-deleted/1", "id": id}));
    } else if !args.quiet {
        people::say(&format!("deleted {id}"));
    }
}

/// The records of a kind; single ones need no parent.
fn of<'c>(client: &'c Client, kind: Kind, parent: &str) -> Collection<'c> {
    match kind {
        Kind::Specifications => client.specifications(),
        Kind::Lots => client.lots(parent),
        Kind::Cells => client.cells(parent),
        Kind::Measurements => client.measurements(parent),
    }
}

fn all(args: &List) -> Result<()> {
    let parent = match (args.kind, &args.of) {
        (Kind::Specifications, None) => "",
        (Kind::Specifications, Some(_)) => {
            return Err(Error::new(ErrorKind::Options, "specifications belong to nothing: leave the id away"));
        }
        (_, Some(parent)) => parent,
        (Kind::Measurements, None) => {
            return Err(Error::new(ErrorKind::Options, "expected the id of a cell, found none"));
        }
        (_, None) => return Err(Error::new(ErrorKind::Options, "expected the id of a specification, found none")),
    };
    let client = client(&args.platform)?;
    let records = of(&client, args.kind, parent);
    let filter = filter(args);
    let found: Vec<Record> = match args.limit {
        Some(limit) => records.list(&filter.page(limit, args.offset))?.items,
        None if args.offset > 0 => {
            records.all(&filter.page(1000, args.offset)).collect::<std::result::Result<_, _>>()?
        }
        None => records.all(&filter).collect::<std::result::Result<_, _>>()?,
    };
    if args.platform.json {
        print(&json!({"schema": "prep-records/1", "count": found.len(), "items": found}));
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    for record in &found {
        let kind = record.text("measurement_type").or(record.text("form_factor")).unwrap_or_default();
        let _ = writeln!(out, "{}  {:20}  {:12}  {}", record.id(), day(record), kind, record.name());
    }
    Ok(())
}

fn day(record: &Record) -> &str {
    let made = record.text("created_at").unwrap_or_default();
    made.get(..19).unwrap_or(made)
}

fn filter(args: &List) -> Filter {
    type Set = fn(Filter, &String) -> Filter;
    let texts: [(&Option<String>, Set); 12] = [
        (&args.name, |filter, text| filter.name(text)),
        (&args.name_exact, |filter, text| filter.name_exact(text)),
        (&args.form_factor, |filter, text| filter.form_factor(text)),
        (&args.lot_id, |filter, text| filter.lot_id(text)),
        (&args.measurement_type, |filter, text| filter.measurement_type(text)),
        (&args.created_by, |filter, text| filter.created_by_email(text)),
        (&args.created_after, |filter, text| filter.created_after(text)),
        (&args.created_before, |filter, text| filter.created_before(text)),
        (&args.updated_after, |filter, text| filter.updated_after(text)),
        (&args.updated_before, |filter, text| filter.updated_before(text)),
        (&args.started_after, |filter, text| filter.started_after(text)),
        (&args.started_before, |filter, text| filter.started_before(text)),
    ];
    let mut filter = Filter::default();
    for (text, set) in texts {
        if let Some(text) = text {
            filter = set(filter, text);
        }
    }
    for tag in &args.tag {
        filter = filter.tag(tag);
    }
    match &args.order_by {
        Some(column) => filter.order_by(column, args.descending),
        None => filter,
    }
}

fn print(value: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
