//! The platform's commands: `prep upload`, `prep fetch`, `prep platform`.

pub mod args;
mod fetch;
mod outcome;
mod plan;
mod records;
mod target;
mod upload;

use crate::error::Result;
use crate::platform::{Client, Settings};
use args::PlatformArgs;

pub use fetch::run as fetch;
pub use records::run as records;
pub use upload::run as upload;

fn client(args: &PlatformArgs) -> Result<Client> {
    Ok(Client::new(Settings::from_environment(args.api_url.as_deref(), None)?)?)
}
