//! What all pages have in common: whom they may ask, and texts that cannot become anything else.

/// Nothing is fetched, whatever a text in the page says.
pub(crate) const POLICY: &str =
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// JSON that ends no element that holds it.
pub(crate) fn inert(json: &str) -> String {
    json.replace('<', "\\u003c")
}

/// A text between elements.
#[cfg(feature = "plot")]
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
