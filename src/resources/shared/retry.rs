//! Trying again where AWS says no for now: what it has been told already has
//! not reached every part of it yet. (Throttling and the like are retried below,
//! in `aws`.)

use std::time::{Duration, Instant};

use crate::aws::{AwsError, scaled};
use crate::resources::context::At;

/// How long IAM may take to tell a region of a new role.
pub const NEW_ROLE: Duration = Duration::from_secs(120);

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Makes a call until it succeeds, fails for another reason than `not_yet`, or
/// the budget is used up.
///
/// # Errors
/// The call's last error, or `Cancelled` when Terraform is told to stop meanwhile.
pub async fn while_not_yet<T, F, Fut>(
    at: &At<'_>,
    budget: Duration,
    not_yet: impl Fn(&AwsError) -> bool + Send,
    call: F,
) -> Result<T, AwsError>
where
    F: Fn() -> Fut + Send,
    Fut: Future<Output = Result<T, AwsError>> + Send,
{
    let deadline = Instant::now() + scaled(budget);
    let mut pause = FIRST_PAUSE;
    loop {
        match call().await {
            Err(error) if not_yet(&error) && Instant::now() < deadline => {
                tracing::info!(error = %error, "not yet; trying again");
                at.pause(pause).await?;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            result => return result,
        }
    }
}
