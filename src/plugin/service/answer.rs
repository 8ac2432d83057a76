//! What every call has around it: the log's context, a guard against panics,
//! and an answer whatever happens.
//!
//! A call that fails at gRPC's level loses the object from Terraform's state, so
//! none does: a fault becomes an error in the answer, and the answer holds the
//! state as it was.

use std::time::Instant;

use tonic::Response;
use tracing::{Instrument, Span};

use super::Reply;
use crate::plugin::codec::diagnostic::{bug, unreadable, unwritable};
use crate::plugin::codec::value::{decode, decode_identity, encode, encode_identity};
use crate::plugin::guard::{Panicked, guarded};
use crate::plugin::logging;
use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::conform::conform;
use crate::provider::schema::{Attribute, Block, Kind};
use crate::provider::types::Type;
use crate::provider::{IdentitySchema, Value};

/// An answer that carries findings.
pub trait Answer {
    /// Where they go.
    fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic>;
}

macro_rules! answers {
    ($($call:ident),* $(,)?) => {
        $(impl Answer for wire::$call::Response {
            fn diagnostics(&mut self) -> &mut Vec<wire::Diagnostic> {
                &mut self.diagnostics
            }
        })*
    };
}

answers!(
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_functions,
    validate_provider_config,
    validate_resource_config,
    validate_data_resource_config,
    configure_provider,
    read_resource,
    plan_resource_change,
    apply_resource_change,
    upgrade_resource_state,
    upgrade_resource_identity,
    import_resource_state,
    move_resource_state,
    read_data_source,
);

/// Does a call's work. If it fails or panics the answer is `otherwise`, with the
/// reason.
pub async fn answer<A: Answer>(
    span: Span,
    otherwise: A,
    work: impl Future<Output = Result<A, wire::Diagnostic>>,
) -> Reply<A> {
    let failed = |problem| {
        let mut answer = otherwise;
        answer.diagnostics().push(problem);
        answer
    };
    let answer = match watched(span, work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(problem)) => failed(problem),
        Err(panicked) => failed(crashed(&panicked)),
    };
    Ok(Response::new(answer))
}

/// Does a call's work under the log's context; a panic is returned.
pub async fn watched<T>(span: Span, work: impl Future<Output = T>) -> Result<T, Panicked> {
    let work = async {
        let start = Instant::now();
        tracing::trace!("called");
        let done = work.await;
        let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::debug!(tf_duration_ms = milliseconds, "answered");
        done
    };
    guarded(work.instrument(span)).await
}

/// The log's context of a call.
pub fn span(rpc: &'static str) -> Span {
    tracing::error_span!(
        "call",
        tf_provider_addr = crate::plugin::ADDRESS,
        tf_rpc = rpc,
        tf_req_id = request_id()
    )
}

/// The log's context of a call about a resource.
pub fn resource_span(rpc: &'static str, type_name: &str) -> Span {
    tracing::error_span!(
        "call",
        tf_provider_addr = crate::plugin::ADDRESS,
        tf_rpc = rpc,
        tf_req_id = request_id(),
        tf_resource_type = type_name
    )
}

/// The log's context of a call about a data source.
pub fn data_source_span(rpc: &'static str, type_name: &str) -> Span {
    tracing::error_span!(
        "call",
        tf_provider_addr = crate::plugin::ADDRESS,
        tf_rpc = rpc,
        tf_req_id = request_id(),
        tf_data_source_type = type_name
    )
}

fn request_id() -> String {
    if logging::is_on() {
        format!("{:032x}", fastrand::u128(..))
    } else {
        String::new()
    }
}

/// What a person is told of a panic.
fn crashed(panicked: &Panicked) -> wire::Diagnostic {
    bug(
        "The provider has a bug",
        &format!(
            "This call ended in a panic: {panicked}. Nothing else is affected, and the state is \
             kept as it was; what the call may have done at AWS by then is not in it. \
             Please report this with the log of TF_LOG=debug."
        ),
    )
}

/// Reads a value of a block's; its secrets are kept out of the log from now on.
pub fn read(
    what: &str,
    block: &Block,
    value: Option<&wire::DynamicValue>,
) -> Result<Value, wire::Diagnostic> {
    let value = decode(block.ty(), value).map_err(|fault| unreadable(what, &fault))?;
    if logging::is_on() {
        mask_secrets(&block.attributes, block, &value);
    }
    Ok(value)
}

/// Reads an identity; null where there is none.
pub fn read_identity(
    schema: &IdentitySchema,
    identity: Option<&wire::ResourceIdentityData>,
) -> Result<Value, wire::Diagnostic> {
    decode_identity(schema.ty(), identity).map_err(|fault| unreadable("identity", &fault))
}

/// Writes a value of a block's. What does not fit becomes null and is reported:
/// an answer that Terraform cannot read would lose the object.
pub fn write(
    what: &str,
    block: &Block,
    value: Value,
    diagnostics: &mut Vec<wire::Diagnostic>,
) -> wire::DynamicValue {
    let ty = block.ty();
    if logging::is_on() {
        mask_secrets(&block.attributes, block, &value);
    }
    encode(ty, &value).unwrap_or_else(|fault| {
        diagnostics.push(unwritable(what, &fault));
        let fitted = conform(block, value, &mut Vec::new());
        encode(ty, &fitted).unwrap_or_else(|_| null())
    })
}

/// Writes an identity; one that does not fit is left out and reported.
pub fn write_identity(
    schema: &IdentitySchema,
    identity: &Value,
    diagnostics: &mut Vec<wire::Diagnostic>,
) -> Option<wire::ResourceIdentityData> {
    encode_identity(schema.ty(), identity).unwrap_or_else(|fault| {
        diagnostics.push(unwritable("identity", &fault));
        None
    })
}

fn null() -> wire::DynamicValue {
    encode(&Type::Dynamic, &Value::Null).unwrap_or_default()
}

fn mask_secrets(attributes: &[Attribute], block: &Block, value: &Value) {
    for attribute in attributes {
        let value = value.get(attribute.name);
        match &attribute.kind {
            _ if attribute.sensitive || attribute.write_only => mask_all(value),
            Kind::Type(_) => {}
            Kind::Nested(_, inner) => {
                each_object(value, |item| mask_secrets(inner, &Block::default(), item));
            }
        }
    }
    for nested in &block.blocks {
        let inner = &nested.block;
        each_object(value.get(nested.name), |item| {
            mask_secrets(&inner.attributes, inner, item);
        });
    }
}

/// An object itself, or the objects of a list, set or map.
///
/// Which of them a map is, only the nesting tells; asking an object's values
/// for attributes finds none, so both are visited.
fn each_object(value: &Value, mut visit: impl FnMut(&Value)) {
    value.items().iter().for_each(&mut visit);
    visit(value);
    if let Some(entries) = value.entries() {
        entries.values().for_each(visit);
    }
}

fn mask_all(value: &Value) {
    if let Some(text) = value.as_str() {
        logging::mask(text);
    }
    value.items().iter().for_each(mask_all);
    if let Some(entries) = value.entries() {
        entries.values().for_each(mask_all);
    }
}
