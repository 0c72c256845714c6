//! The parts of the page become one file.

use serde_json::Value;

use crate::html::{POLICY, escape, inert};

const BODY: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// In this order: each uses what stands above it. The first is for a page that is served alone.
const LIVE: &str = include_str!("live.js");
const SCRIPTS: &[&str] = &[
    include_str!("unpack.js"),
    include_str!("ticks.js"),
    include_str!("rows.js"),
    include_str!("draw.js"),
    include_str!("time.js"),
    include_str!("curves.js"),
    include_str!("lists.js"),
    include_str!("findings.js"),
    include_str!("main.js"),
];

/// Where a page opens from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A file, which asks nobody.
    Disk,
    /// A server, which it asks for rows; and nobody else.
    #[cfg(feature = "cli")]
    Server,
}

/// The page with what its script has to know and the packed columns.
pub fn write(title: &str, told: &Value, blobs: &[String], place: Place) -> String {
    let (asks, live) = if place == Place::Disk { ("", "") } else { ("; connect-src 'self'", LIVE) };
    let mut out = String::new();
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| out.push_str(part));
    push(&["<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"]);
    push(&["<meta http-equiv=\"Content-Security-Policy\" content=\"", POLICY, asks, "\">\n"]);
    push(&["<meta name=\"viewport\" content=\"width=device-width\">\n<title>", &escape(title), "</title>\n"]);
    push(&["<style>\n", STYLE, "</style></head><body>\n", BODY]);
    // No text ends the element that holds it.
    let told = inert(&told.to_string());
    push(&["<!-- data -->\n<script type=\"application/json\" id=\"told\">", &told, "</script>\n"]);
    for (number, blob) in blobs.iter().enumerate() {
        push(&["<script type=\"text/plain\" id=\"blob", &number.to_string(), "\">", blob, "</script>\n"]);
    }
    push(&["<!-- end of data -->\n<script>\n\"use strict\";\n(() => {\n", live]);
    SCRIPTS.iter().for_each(|script| push(&[script]));
    push(&["})();\n</script></body></html>\n"]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_place() {
        let name = "</script><b>&";
        let page = write(name, &serde_json::json!({ "title": name }), &["QUJD".to_owned()], Place::Disk);
        assert!(page.contains("<title>&lt;/script&gt;&lt;b&gt;&amp;</title>"));
        assert!(page.contains(r#"{"title":"\u003c/script>\u003cb>&"}"#));
        assert_eq!(page.matches("</script>").count(), 3);
        assert!(page.contains(r#"id="blob0">QUJD<"#));
    }

    #[test]
    fn it_asks_nobody() {
        let page = write("", &Value::Null, &[], Place::Disk);
        for word in ["http://", "https://", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket"] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[cfg(feature = "cli")]
    #[test]
    fn one_that_is_served_asks_its_server_alone() {
        let page = write("", &Value::Null, &[], Place::Server);
        assert!(page.contains("connect-src 'self'") && page.contains("fetch(`rows/${key}`"));
        for word in ["http://", "https://", "src=", "@import", "url(", "XMLHttpRequest", "WebSocket"] {
            assert!(!page.contains(word), "{word}");
        }
    }
}
