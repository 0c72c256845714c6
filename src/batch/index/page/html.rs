//! The parts of the page become one file.

use std::io::{Result, Write};

use crate::html::POLICY;

const BODY: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// In this order: each uses what stands above it.
const SCRIPTS: &[&str] = &[
    include_str!("../../../page/ticks.js"),
    include_str!("../../../page/draw.js"),
    include_str!("cells.js"),
    include_str!("chart.js"),
    include_str!("choice.js"),
    include_str!("table.js"),
    include_str!("main.js"),
];

/// Up to where the data begin.
pub(super) fn begin(to: &mut impl Write) -> Result<()> {
    let parts = [
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"",
        POLICY,
        "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>prep: measurements</title>\n<style>\n",
        STYLE,
        "</style></head><body>\n",
        BODY,
        "<!-- data -->\n<script type=\"application/json\" id=\"told\">",
    ];
    parts.iter().try_for_each(|part| to.write_all(part.as_bytes()))
}

/// What follows the data.
pub(super) fn end(to: &mut impl Write) -> Result<()> {
    to.write_all(b"</script>\n<!-- end of data -->\n<script>\n\"use strict\";\n(() => {\n")?;
    SCRIPTS.iter().try_for_each(|script| to.write_all(script.as_bytes()))?;
    to.write_all(b"})();\n</script></body></html>\n")
}
