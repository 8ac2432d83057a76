//! The parts of a pipeline, one file each, in the order in which they are made.
//! Each file has the same functions: `look` (what is there), `drift` (what is
//! wrong with it that no argument shows), `check` (whether it may be used), `ensure` (make it, or bring it to the
//! configuration) and `remove`.

pub mod bus;
pub mod function;
pub mod log_group;
pub mod permission;
pub mod queue;
mod queue_policy;
pub mod role;
pub mod rule;
pub mod table;
pub mod table_change;
pub mod target;

use crate::provider::{Diagnostics, Path};
use crate::resources::shared::Failure;

use super::work::{Part, Work};

/// The error that a part's name is taken by something that is not the pipeline's.
pub fn foreign(work: &Work<'_>, part: Part, name: &str, out: &mut Diagnostics) -> Failure {
    out.error_at(
        Path::of("name"),
        format!("The {} {name:?} exists and is not this pipeline's", part.title()),
        format!(
            "It lacks the tag {} = {:?}, so somebody else made it, and nothing of it is touched. Choose another \
             `name` for the pipeline, or remove it{}. If it is the pipeline's all the same, and only lost that tag, \
             give it the tag again.",
            super::names::PIPELINE_TAG,
            work.spec.name,
            match part {
                Part::Table => ", or use it as it is: log_table = { arn = … }",
                Part::Function => ", or use it as it is: log_function = { arn = … }",
                Part::Queue => ", or use it as it is: dead_letter_queue_arn",
                Part::Bus => ", or listen on it: event_bus_name",
                _ => "",
            }
        ),
    );
    Failure::Told
}

/// The argument that gives a part of the user's.
pub fn argument(part: Part) -> Path {
    match part {
        Part::Bus => Path::of("event_bus_name"),
        Part::Table => Path::of("log_table").attribute("arn"),
        Part::Queue => Path::of("dead_letter_queue_arn"),
        Part::Function => Path::of("log_function").attribute("arn"),
        _ => Path::root(),
    }
}

/// The error that something of the user's is not there or does not fit.
pub fn unusable(part: Part, arn: &str, problem: &str, out: &mut Diagnostics) -> Failure {
    out.error_at(
        argument(part),
        format!("The {} {arn} cannot be used", part.title()),
        problem.to_owned(),
    );
    Failure::Told
}
