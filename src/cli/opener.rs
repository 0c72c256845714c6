//! Asks the desktop to open an address, where there is one.

use std::env;
use std::process::{Command, Stdio};
use std::thread;

/// The command that opens addresses, and what stands before the address; `None` on a machine without a screen.
fn command() -> Option<(&'static str, &'static [&'static str])> {
    if cfg!(target_os = "macos") {
        return Some(("open", &[]));
    }
    if cfg!(target_os = "windows") {
        return Some(("rundll32", &["url.dll,FileProtocolHandler"]));
    }
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")).then_some(("xdg-open", &[]))
}

/// Opens an address where that is possible. Nobody has to know when it is not: it was printed.
pub fn open(address: &str) {
    let Some((program, before)) = command() else { return };
    let quiet = Command::new(program)
        .args(before)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Ok(mut child) = quiet {
        thread::spawn(move || child.wait());
    }
}
