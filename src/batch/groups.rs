//! Which inputs are worked on together, because they seem to be pieces of one test.

use std::collections::HashMap;

use rayon::prelude::*;

use super::walk::Input;
use crate::inspect::{Inspection, inspect, together};
use crate::prepare::PrepareOptions;

/// The inputs, of which some stand for several: all that the user named, and in folders what belongs together by what its headers
/// say. A group stands where its first file stood.
pub(super) fn group(inputs: Vec<Input>, options: &PrepareOptions) -> Vec<Input> {
    let look = |input: &Input| inspect(&input.path, options).ok().map(Inspection::without_columns);
    let named = inputs.iter().filter(|input| input.named).count();
    // A single named file has nothing to be joined with, and files of a folder are looked at where it has several.
    let looks: Vec<Option<Inspection>> =
        inputs.par_iter().map(|input| if input.named { None } else { look(input) }).collect();
    let found: Vec<Inspection> = looks.into_iter().flatten().collect();
    let mut groups: Vec<Vec<String>> = together(&found).series.into_iter().map(|series| series.files).collect();
    if named > 1 {
        let name = |input: &Input| input.path.display().to_string();
        groups.push(inputs.iter().filter(|input| input.named).map(name).collect());
    }
    let mut by_name: HashMap<String, (usize, usize)> = HashMap::new();
    for (group, files) in groups.iter().enumerate() {
        for (place, file) in files.iter().enumerate() {
            by_name.insert(file.clone(), (group, place));
        }
    }
    let mut members: Vec<Vec<(usize, Input)>> = groups.iter().map(|_| Vec::new()).collect();
    // Where each group stands: the place of the first of its files that comes.
    let mut order: Vec<Result<Input, usize>> = Vec::new();
    for input in inputs {
        match by_name.get(&input.path.display().to_string()) {
            Some((group, place)) => {
                let Some(known) = members.get_mut(*group) else { continue };
                if known.is_empty() {
                    order.push(Err(*group));
                }
                known.push((*place, input));
            }
            None => order.push(Ok(input)),
        }
    }
    let one = |group: usize| {
        let mut files = std::mem::take(members.get_mut(group)?);
        files.sort_by_key(|(place, _)| *place);
        let mut files = files.into_iter().map(|(_, input)| input);
        let first = files.next()?;
        Some(Input { with: files.collect(), ..first })
    };
    let mut one = one;
    order.into_iter().filter_map(|entry| entry.map_or_else(&mut one, Some)).collect()
}
