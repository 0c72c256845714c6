//! The extension module `cyclerprep._native`: files in, Arrow out. What people call is Python, in `python/cyclerprep`; this
//! crate holds what needs the library.
//!
//! No function here runs on the caller's thread for long: `work::run` takes the work elsewhere, lets other Python threads go on
//! meanwhile and looks for Ctrl-C.

#![deny(unsafe_code)]

mod convert;
mod dtype;
mod errors;
mod export;
#[allow(unsafe_code)]
mod foreign;
mod frame;
mod in_schema;
mod json;
mod numpy;
mod prepared;
mod read;
mod transforms;
mod words;
mod work;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use pyo3::prelude::*;

/// The extension of cyclerprep. Use `cyclerprep`, not this.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use super::convert::{check, convert, convert_one, find};
    #[pymodule_export]
    use super::frame::Frame;
    #[pymodule_export]
    use super::numpy::Buffer;
    #[pymodule_export]
    use super::prepared::{Prepared, restore};
    #[pymodule_export]
    use super::read::{inspect, read};
    #[pymodule_export]
    use super::transforms::{cycles, steps, transform, validate};
    #[pymodule_export]
    use super::words::{codes, columns, explain, formats, main, options, version};
    #[pymodule_export]
    use super::work::{finish, forked};
    use super::*;

    #[pymodule_init]
    fn init() {
        work::silence_guarded_panics();
    }
}
