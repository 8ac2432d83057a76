//! Brings every part to the configuration, in the order of their dependence, once it
//! is sure that each may be.
//! Create, update and repair are the same walk: what is right costs no call.

use super::parts::{bus, function, log_group, permission, queue, role, rule, table, target};
use super::survey::Actual;
use super::work::{In, Part, Stopped, Work};
use crate::provider::Diagnostics;

/// Refuses, before anything is touched, parts of somebody else's and what cannot be
/// used of the user's: all of them at once. Answers whether there is none.
pub fn check(work: &Work<'_>, actual: &Actual, out: &mut Diagnostics) -> bool {
    let checks = [
        bus::check(work, actual.bus.as_ref(), out),
        table::check(work, actual.table.as_ref(), out),
        queue::check(work, actual.queue.as_ref(), out),
        role::check(work, &actual.roles, out),
        log_group::check(work, actual.log_group.as_ref(), out),
        function::check(work, actual.function.as_ref(), out),
        rule::check(work, actual.rule.as_ref(), out),
    ];
    checks.iter().all(Result::is_ok)
}

/// Makes what is missing and mends what differs; answers the function's role.
pub async fn assemble(
    work: &Work<'_>,
    actual: &Actual,
    out: &mut Diagnostics,
) -> Result<Option<String>, Stopped> {
    bus::ensure(work, actual.bus.as_ref()).await.of(Part::Bus)?;
    table::ensure(work, actual.table.as_ref())
        .await
        .of(Part::Table)?;
    queue::ensure(work, actual.queue.as_ref())
        .await
        .of(Part::Queue)?;
    let of_function = actual
        .function
        .as_ref()
        .map(|seen| seen.function.settings.role_arn.as_str());
    let role_arn = match (work.spec.manages_function(), work.spec.manages_role()) {
        (true, true) => Some(
            role::ensure(work, &actual.roles, of_function, out)
                .await
                .of(Part::Role)?,
        ),
        (true, false) => work.spec.log_function.role_arn.clone(),
        (false, _) => None,
    };
    if work.spec.manages_function() {
        log_group::ensure(work, actual.log_group.as_ref())
            .await
            .of(Part::LogGroup)?;
    }
    let role = role_arn.as_deref().unwrap_or_default();
    function::ensure(work, actual.function.as_ref(), role)
        .await
        .of(Part::Function)?;
    permission::ensure(work, &actual.permission)
        .await
        .of(Part::Permission)?;
    rule::ensure(work, actual.rule.as_ref())
        .await
        .of(Part::Rule)?;
    target::ensure(work, &actual.targets)
        .await
        .of(Part::Target)?;
    Ok(role_arn)
}
