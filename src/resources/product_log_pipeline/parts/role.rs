//! The function's role: least privilege, made anew when its path changes.

use super::foreign;
use crate::aws::iam::{NewRole, Role};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::spec::Spec;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::{Failure, policy};

/// The one inline policy.
const POLICY: &str = "log-writer";

/// One role as it is.
pub struct Seen {
    pub role: Role,
    pub policy: Option<String>,
}

/// The roles of both names; usually one.
pub async fn look(work: &Work<'_>) -> Result<Vec<Seen>, Failure> {
    let iam = work.at.region().iam();
    let mut seen = Vec::new();
    for name in work.names.roles() {
        if let Some(role) = iam.get_role(&name).await? {
            let policy = iam.get_role_policy(&name, POLICY).await?;
            seen.push(Seen { role, policy });
        }
    }
    Ok(seen)
}

/// The role in force: the one of the wanted path.
pub fn current<'s>(work: &Work<'_>, seen: &'s [Seen]) -> Option<&'s Seen> {
    seen.iter()
        .find(|s| s.role.path == path(work) && work.names.owns(&s.role.tags))
}

/// Everything but boundary and path, which have arguments of their own. Further
/// policies on the role are their owner's, and no drift. `shown` are the arguments
/// as they were just read: rights that follow from those show there.
pub fn drift(work: &Work<'_>, all: &[Seen], shown: &Spec) -> Option<String> {
    let Some(seen) = current(work, all).or(all.first()) else {
        return Some(MISSING.into());
    };
    let mut wrong = Vec::new();
    if !policy::same(&seen.role.trust_policy, &documents::trust_policy()) {
        wrong.push("trust policy differs");
    }
    let is_for = |spec: &Spec| {
        let wanted = documents::role_policy(spec, &work.names);
        let actual = seen.policy.as_deref();
        actual.is_some_and(|text| policy::same(text, &wanted))
    };
    if !is_for(&work.spec) && !is_for(shown) {
        wrong.push("policy differs");
    }
    if seen.role.description.as_deref() != Some(description(work).as_str()) {
        wrong.push("description differs");
    }
    if tags_differ(work, &seen.role.tags) {
        wrong.push("tags differ");
    }
    if all.iter().filter(|s| work.names.owns(&s.role.tags)).count() > 1 {
        wrong.push("an earlier one is left");
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// Refuses to take the name of somebody else's role.
pub fn check(work: &Work<'_>, seen: &[Seen], out: &mut Diagnostics) -> Result<(), Failure> {
    // Beside a role of the user's none is made, and that one may have the name.
    let other = seen
        .iter()
        .find(|s| work.spec.manages_role() && !work.names.owns(&s.role.tags));
    match other.filter(|_| current(work, seen).is_none()) {
        Some(other) => Err(foreign(work, Part::Role, &other.role.name, out)),
        None => Ok(()),
    }
}

/// Answers the ARN of the role in force. One that is made anew does not get the
/// name of the role that the function has: Lambda's grant to read the environment
/// is for the role that was, and a role of its name is not the same one.
/// <https://repost.aws/knowledge-center/lambda-kmsaccessdeniedexception-errors>
pub async fn ensure(
    work: &Work<'_>,
    seen: &[Seen],
    of_function: Option<&str>,
    out: &mut Diagnostics,
) -> Result<String, Failure> {
    let iam = work.at.region().iam();
    let wanted = documents::role_policy(&work.spec, &work.names);
    let boundary = work
        .spec
        .log_function
        .permissions_boundary
        .as_deref()
        .filter(|b| !b.is_empty());
    let Some(role) = current(work, seen) else {
        let names = work.names.roles();
        let had = of_function.and_then(|arn| arn.rsplit('/').next());
        // Both are taken where a change of the path was interrupted and another one follows.
        let mut seen: Vec<&Seen> = seen.iter().collect();
        if seen.len() == names.len() {
            let unused = usize::from(had == Some(seen[0].role.name.as_str()));
            remove(work, &seen.remove(unused).role, out).await?;
        }
        let free = names
            .iter()
            .filter(|name| seen.iter().all(|s| s.role.name != **name));
        let Some(name) = free.min_by_key(|name| had == Some(name.as_str())) else {
            return Err(foreign(work, Part::Role, &names[0], out));
        };
        let role = NewRole {
            name: name.clone(),
            path: path(work).to_owned(),
            description: description(work),
            trust_policy: documents::trust_policy(),
            permissions_boundary: boundary.map(str::to_owned),
            tags: work.tags(),
        };
        let arn = match iam.create_role(&role).await {
            Err(error) if error.is_already_exists() && error.maybe_applied => iam
                .get_role(name)
                .await?
                .map(|role| role.arn)
                .ok_or(error)?,
            result => result?,
        };
        iam.put_role_policy(name, POLICY, &wanted).await?;
        return Ok(arn);
    };
    let name = &role.role.name;
    if !policy::same(&role.role.trust_policy, &documents::trust_policy()) {
        iam.update_trust_policy(name, &documents::trust_policy())
            .await?;
    }
    if role.role.description.as_deref() != Some(description(work).as_str()) {
        iam.update_description(name, &description(work)).await?;
    }
    if !role
        .policy
        .as_deref()
        .is_some_and(|text| policy::same(text, &wanted))
    {
        iam.put_role_policy(name, POLICY, &wanted).await?;
    }
    if role.role.permissions_boundary.as_deref() != boundary {
        iam.set_boundary(name, boundary).await?;
    }
    let (set, removed) = tag_changes(work, &role.role.tags);
    iam.untag(name, &removed).await?;
    iam.tag(name, &set).await?;
    Ok(role.role.arn.clone())
}

/// Deletes one role with its policies. Those that others hung on it would keep
/// it (DeleteConflict), so they go too, by name.
pub async fn remove(work: &Work<'_>, role: &Role, out: &mut Diagnostics) -> Result<(), Failure> {
    let iam = work.at.region().iam();
    let mut others = Vec::new();
    for name in iam.list_role_policies(&role.name).await? {
        iam.delete_role_policy(&role.name, &name).await?;
        if name != POLICY {
            others.push(format!("deleted the inline policy {name}"));
        }
    }
    for arn in iam.list_attached_policies(&role.name).await? {
        iam.detach_role_policy(&role.name, &arn).await?;
        others.push(format!("detached {arn}"));
    }
    if !others.is_empty() {
        out.warning(
            format!("Role {} had policies of others", role.name),
            format!(
                "The role goes, and it cannot while they are on it: {}.",
                others.join(", ")
            ),
        );
    }
    Ok(iam.delete_role(&role.name).await?)
}

fn description(work: &Work<'_>) -> String {
    format!("Log writer of the product log pipeline {}", work.spec.name)
}

fn path<'w>(work: &'w Work<'_>) -> &'w str {
    work.spec
        .log_function
        .role_path
        .as_deref()
        .filter(|p| !p.is_empty())
        .unwrap_or("/")
}
