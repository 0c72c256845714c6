//! Every integration test but one: in one binary, because each binary links polars once more (150 MB and half a minute).
//! `hostile_binary` counts what is allocated and stands alone.

mod arbin;
mod bdf;
mod cli;
mod corpus;
mod decisions;
mod detect;
mod exports;
mod generic;
mod hostile;
mod inspect_folder;
mod large;
mod laws;
mod maccor;
mod machine;
mod makers;
mod night;
mod page;
mod parity;
mod pieces;
mod platform;
mod plot;
mod references;
mod reports;
mod resaved;
mod round_trip;
mod served;
mod snapshots;
mod spectra;
mod support;
mod tables;
mod tidy;
mod tidy_circles;
mod wall_clock;
mod witnesses;
