//! Objects that come from elsewhere: from a state file, an import or another
//! provider's state.

use serde::de::DeserializeOwned;

use super::super::conform::{Place, conform, typed};
use super::super::diagnostic::Diagnostics;
use super::super::identity::IdentitySchema;
use super::super::path::Path;
use super::super::resource::{Call, ImportBy, MoveFrom, Resource};
use super::super::schema::{Block, Kind};
use super::super::server::{ImportRequest, MoveRequest, ResourceSchema, Stored};
use super::super::value::Value;
use super::fit_stored;

type Json = serde_json::Map<String, serde_json::Value>;

/// A state of any version of ours, in today's shape.
pub fn upgrade<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    version: i64,
    state: &[u8],
    out: &mut Diagnostics,
) -> Option<Value> {
    let state = if version < schema.schema.version {
        let state = object::<Json>(state, out)?;
        match resource.upgrade(version, state) {
            Ok(state) => Value::from_json(state.into()),
            Err(problem) => {
                let summary = format!("State of version {version} cannot be upgraded");
                out.error(summary, problem);
                return None;
            }
        }
    } else {
        Value::Map(object(state, out)?)
    };
    let mut misfits = Vec::new();
    let value = conform(&schema.schema.block, state, &mut misfits);
    for misfit in misfits {
        out.error_at(
            misfit.path.clone(),
            "Unreadable state",
            format!("`{}` {}.", misfit.path, misfit.problem),
        );
    }
    Some(value)
}

fn object<T: DeserializeOwned>(state: &[u8], out: &mut Diagnostics) -> Option<T> {
    let unreadable = |error| {
        let problem = format!("The stored state is not a JSON object: {error}.");
        out.error("Unreadable state", problem);
    };
    serde_json::from_slice(state).map_err(unreadable).ok()
}

/// An identity from its JSON text.
pub fn identity_from_json(
    schema: &IdentitySchema,
    identity: &[u8],
    out: &mut Diagnostics,
) -> Option<Value> {
    match serde_json::from_slice(identity) {
        Ok(json) => {
            let mut misfits = Vec::new();
            Some(typed(
                schema.ty(),
                Value::from_json(json),
                Place::Root,
                &mut misfits,
            ))
        }
        Err(error) => {
            out.error(
                "Unreadable identity",
                format!("The stored identity is not JSON: {error}."),
            );
            None
        }
    }
}

/// The state to read an imported object by.
pub async fn import<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    call: Call<'_, Ctx>,
    request: ImportRequest,
    out: &mut Diagnostics,
) -> Option<Stored> {
    let by_identity = request.id.is_empty();
    let by = if by_identity {
        ImportBy::Identity(request.identity.clone())
    } else {
        ImportBy::Id(request.id)
    };
    let state = resource.import(call, by, out).await?;
    if out.has_errors() {
        return None;
    }
    let identity = state.identity.unwrap_or(if by_identity {
        request.identity
    } else {
        Value::Null
    });
    let value = fit_stored(&schema.schema.block, state.value, out);
    Some(Stored {
        value,
        identity,
        private: state.private.unwrap_or_default(),
    })
}

/// The state of an object that a `moved` block takes over.
pub fn move_in<Ctx: Sync>(
    resource: &dyn Resource<Ctx>,
    schema: &ResourceSchema,
    request: MoveRequest,
    out: &mut Diagnostics,
) -> Option<Stored> {
    let state: Json = match serde_json::from_slice(&request.source_state) {
        Ok(state) => state,
        Err(error) => {
            out.error(
                "Unreadable source state",
                format!("The source's state is not a JSON object: {error}."),
            );
            return None;
        }
    };
    // The host differs between registries (Terraform, OpenTofu, a mirror): namespace and type do not.
    let mut parts = request.source_provider.rsplit('/');
    let (kind, namespace) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let from = MoveFrom {
        provider: format!("{namespace}/{kind}"),
        type_name: request.source_type,
        schema_version: request.source_version,
        state,
    };
    match resource.move_in(&from, out) {
        Some(value) => {
            let mut value = fit_stored(&schema.schema.block, value, out);
            fill_defaults(&schema.schema.block, &mut value);
            // No private bytes: those are the other provider's.
            Some(Stored {
                value,
                ..Stored::default()
            })
        }
        None => {
            if !out.has_errors() {
                let detail = format!(
                    "An object of type {} from provider {} cannot become one of type {}. Remove the `moved` block, \
                     or move from the type that {} replaces.",
                    from.type_name,
                    from.provider,
                    resource.name(),
                    resource.name(),
                );
                out.error("Unsupported move", detail);
            }
            None
        }
    }
}

/// Top-level arguments that are null get their defaults, so that the plan after
/// a move or an import shows no change.
pub fn fill_defaults(block: &Block, value: &mut Value) {
    for attribute in &block.attributes {
        if let Some(default) = &attribute.default
            && value.get(attribute.name).is_null()
        {
            value.set(attribute.name, default.clone());
        }
    }
}

/// Terraform before 1.11 stores every argument: a write-only one must not be used there.
pub fn refuse_write_only(block: &Block, config: &Value, out: &mut Diagnostics) {
    refuse_in(block, config, &Path::root(), out);
}

fn refuse_in(block: &Block, config: &Value, path: &Path, out: &mut Diagnostics) {
    for attribute in &block.attributes {
        if attribute.write_only
            && !config.get(attribute.name).is_null()
            && matches!(attribute.kind, Kind::Type(_))
        {
            out.error_at(
                path.clone().attribute(attribute.name),
                format!("Write-only argument {} not supported", attribute.name),
                "This version of Terraform cannot hold back write-only arguments. \
                 Use Terraform 1.11 or OpenTofu 1.11 and later, or the argument's plain counterpart.",
            );
        }
    }
    for nested in &block.blocks {
        let here = path.clone().attribute(nested.name);
        match config.get(nested.name) {
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    refuse_in(&nested.block, item, &here.clone().index(i), out);
                }
            }
            single @ Value::Map(_) => refuse_in(&nested.block, single, &here, out),
            _ => {}
        }
    }
}
