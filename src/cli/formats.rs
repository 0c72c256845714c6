//! `prep formats`.

use std::io::Write;

use super::args::Formats;
use super::exit::Exit;
use crate::error::Result;
use crate::makers::READERS;

pub fn run(args: &Formats) -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    if args.json {
        let rows: Vec<_> = READERS
            .iter()
            .map(|reader| {
                let info = reader.info();
                serde_json::json!({
                    "id": info.id,
                    "name": info.name,
                    "maker": info.maker.name(),
                    "extensions": info.extensions,
                    "software": info.software,
                })
            })
            .collect();
        let _ = writeln!(out, "{}", serde_json::to_string_pretty(&rows).unwrap_or_default());
        return Ok(Exit::Good);
    }
    let _ = writeln!(out, "{:15} {:10} {:19} {:22} written by", "id", "maker", "format", "extensions");
    for reader in READERS.iter() {
        let info = reader.info();
        let extensions: Vec<String> = info.extensions.iter().map(|e| format!(".{e}")).collect();
        let maker = info.maker.name();
        let _ =
            writeln!(out, "{:15} {maker:10} {:19} {:22} {}", info.id, info.name, extensions.join(" "), info.software);
    }
    let _ = writeln!(
        out,
        "\n.### is a channel number such as .034. Files are told by their content; the extension only breaks ties."
    );
    Ok(Exit::Good)
}
