//! Authorities that are trusted instead of Mozilla's: those of a laboratory, or of the proxy before it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::problem::Result;
use crate::error::{Error, ErrorKind};

/// Where the environment may name them; the first that is set counts. The last three are what Python, curl and OpenSSL read.
pub(super) static VARIABLES: [&str; 4] =
    ["IONWORKS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"];

/// Certificates of authorities, and where they were read.
#[derive(Clone)]
pub(crate) struct Roots {
    from: PathBuf,
    certificates: Arc<Vec<Certificate<'static>>>,
}

impl Roots {
    /// The certificates of a file in PEM, or of all such files of a folder; `variable`: what named it.
    pub(super) fn read(from: &Path, variable: Option<&str>) -> Result<Self> {
        let place = variable.map(|name| format!("{name}={}", from.display()));
        let place = place.unwrap_or_else(|| from.display().to_string());
        let named = |error: Error| error.in_file(place.clone());
        let io = |error| named(Error::io("cannot read certificates", error));
        let mut certificates = Vec::new();
        if from.is_dir() {
            let entries = std::fs::read_dir(from).map_err(io)?;
            let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
            files.sort();
            // What is no certificate may lie beside them.
            for text in files.iter().filter_map(|file| std::fs::read(file).ok()) {
                certificates.extend(found_in(&text).unwrap_or_default());
            }
        } else {
            let text = std::fs::read(from).map_err(io)?;
            let damaged = |error| format!("expected certificates in PEM (-----BEGIN CERTIFICATE-----): {error}");
            let damaged = |error| named(Error::new(ErrorKind::Options, damaged(error)));
            certificates = found_in(&text).map_err(damaged)?;
        }
        if certificates.is_empty() {
            let message = "expected certificates in PEM (-----BEGIN CERTIFICATE-----), found none";
            return Err(named(Error::new(ErrorKind::Options, message)).into());
        }
        Ok(Self { from: from.to_path_buf(), certificates: Arc::new(certificates) })
    }

    pub(super) fn config(&self) -> TlsConfig {
        TlsConfig::builder().root_certs(RootCerts::Specific(self.certificates.clone())).build()
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roots({} of {})", self.certificates.len(), self.from.display())
    }
}

fn found_in(text: &[u8]) -> std::result::Result<Vec<Certificate<'static>>, ureq::Error> {
    let mut found = Vec::new();
    for item in parse_pem(text) {
        if let PemItem::Certificate(certificate) = item? {
            found.push(certificate);
        }
    }
    Ok(found)
}

/// What to do about a certificate that was refused; `None` when the connection failed for another reason.
pub(super) fn advice(failure: &str) -> Option<&'static str> {
    if !failure.contains("invalid peer certificate") {
        return None;
    }
    Some(if failure.contains("UnknownIssuer") {
        "no authority that is trusted here signed the server's certificate: where a laboratory or its proxy signs its own, \
         set IONWORKS_CA_BUNDLE to a file with that root certificate (PEM)"
    } else if failure.contains("NotValidForName") {
        "the server's certificate is for another name: use the address that it names"
    } else if failure.contains("xpired") || failure.contains("NotValidYet") {
        "the server's certificate has expired or does not hold yet: if it is right, the clock of this computer is wrong"
    } else {
        "the server's certificate is refused: ask whoever runs the server"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_read_from_a_file_or_a_folder() {
        let count = |path: &str| Roots::read(Path::new(path), None).map(|roots| roots.certificates.len());
        assert_eq!(count("tests/platform/tls/root.pem").unwrap(), 1);
        // The root, the server's, and its key, which is none.
        assert_eq!(count("tests/platform/tls").unwrap(), 2);
        let told = |path: &str| count(path).unwrap_err().to_string();
        assert!(told("LICENSE").starts_with("expected certificates in PEM"), "{}", told("LICENSE"));
        assert!(told("no such").contains("cannot read certificates"), "{}", told("no such"));
    }

    #[test]
    fn who_named_them_is_told() {
        let error = Roots::read(Path::new("LICENSE"), Some("SSL_CERT_FILE")).unwrap_err().to_string();
        assert!(error.contains("SSL_CERT_FILE=LICENSE"), "{error}");
    }

    #[test]
    fn a_broken_connection_is_no_refusal() {
        assert_eq!(advice("io: connection reset"), None);
        assert!(
            advice("io: invalid peer certificate: certificate expired: verification time 9").unwrap().contains("clock")
        );
    }
}
