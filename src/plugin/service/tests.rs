//! The calls against a provider that does whatever a test wants of it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tonic::Code;

use super::*;
use crate::plugin::codec::value::{decode, encode, encode_identity};
use crate::provider::schema::{Attribute, Schema};
use crate::provider::types::Type;
use crate::provider::{
    ApplyRequest, Diagnostics, FunctionError, IdentitySchema, ImportRequest, MoveRequest,
    NestedBlock, Parameter, PlanRequest, Planned, Schemas, Signature, Stored, Value,
};

const THING: &str = "eventbridge_thing";

/// Answers with `stored`; panics when there is none.
struct Fake {
    schemas: Schemas,
    stored: Option<Stored>,
    stopped: Mutex<bool>,
}

impl Fake {
    fn serving(stored: Option<Stored>) -> Service {
        let resource = ResourceSchema {
            schema: schema(),
            identity: IdentitySchema::default().required("name", ""),
        };
        let signature = Signature {
            summary: "",
            description: "",
            parameters: vec![Parameter {
                name: "any",
                ty: Type::Dynamic,
                description: "",
            }],
            result: Type::String,
        };
        let schemas = Schemas {
            provider: Schema::new(""),
            resources: BTreeMap::from([(THING, resource)]),
            data_sources: BTreeMap::from([(THING, schema())]),
            functions: BTreeMap::from([("echo", signature)]),
        };
        Service::new(Arc::new(Self {
            schemas,
            stored,
            stopped: Mutex::new(false),
        }))
    }

    fn answer(&self) -> Stored {
        match &self.stored {
            Some(stored) => stored.clone(),
            None => panic!("a bug of ours"),
        }
    }
}

#[async_trait::async_trait]
impl Server for Fake {
    fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    fn validate_provider(&self, _config: &Value) -> Diagnostics {
        Diagnostics::new()
    }

    async fn configure(&self, _config: Value, _terraform_version: &str) -> Diagnostics {
        Diagnostics::new()
    }

    fn validate_resource(&self, _name: &str, config: &Value, write_only: bool) -> Diagnostics {
        let mut out = Diagnostics::new();
        out.warning(format!("write-only: {write_only}"), format!("{config:?}"));
        out
    }

    fn validate_data_source(&self, _type_name: &str, _config: &Value) -> Diagnostics {
        Diagnostics::new()
    }

    fn upgrade_state(&self, _name: &str, _version: i64, state: &[u8]) -> (Value, Diagnostics) {
        let name = String::from_utf8_lossy(state).into_owned();
        (object(&name), Diagnostics::new())
    }

    fn upgrade_identity(&self, _: &str, _: i64, _: &[u8]) -> (Value, Diagnostics) {
        (self.answer().identity, Diagnostics::new())
    }

    async fn read(&self, _type_name: &str, _current: Stored) -> (Stored, Diagnostics) {
        (self.answer(), Diagnostics::new())
    }

    async fn plan(&self, _type_name: &str, request: PlanRequest) -> (Planned, Diagnostics) {
        let planned = Planned {
            value: request.proposed,
            private: self.answer().private,
            ..Planned::default()
        };
        (planned, Diagnostics::new())
    }

    async fn apply(&self, _type_name: &str, _request: ApplyRequest) -> (Stored, Diagnostics) {
        (self.answer(), Diagnostics::new())
    }

    async fn import(&self, _name: &str, _by: ImportRequest) -> (Option<Stored>, Diagnostics) {
        (self.stored.clone(), Diagnostics::new())
    }

    fn move_in(&self, _type_name: &str, from: MoveRequest) -> (Option<Stored>, Diagnostics) {
        assert_eq!(from.source_state, b"{}");
        (self.stored.clone(), Diagnostics::new())
    }

    async fn read_data_source(&self, _name: &str, _config: Value) -> (Value, Diagnostics) {
        (self.answer().value, Diagnostics::new())
    }

    fn call_function(&self, _name: &str, arguments: &[Value]) -> Result<Value, FunctionError> {
        match arguments[0].as_str() {
            Some("panic") => panic!("a bug of ours"),
            Some(text) => Ok(text.into()),
            None => Err(FunctionError::at(0, "wants a string")),
        }
    }

    fn stop(&self) {
        *self.stopped.lock().unwrap() = true;
    }
}

fn schema() -> Schema {
    Schema::new("")
        .attribute(Attribute::string("name").required())
        .attribute(Attribute::number("size").optional())
        .block(NestedBlock::list("part").attribute(Attribute::bool("on").optional()))
}

fn object(name: &str) -> Value {
    Value::map([
        ("name", name.into()),
        ("size", Value::Null),
        ("part", Value::List(vec![])),
    ])
}

fn wire(value: &Value) -> Option<wire::DynamicValue> {
    Some(encode(schema().block.ty(), value).unwrap())
}

fn value(wire: Option<&wire::DynamicValue>) -> Value {
    decode(schema().block.ty(), wire).unwrap()
}

fn identity(name: &str) -> Option<wire::ResourceIdentityData> {
    let schema = IdentitySchema::default().required("name", "");
    encode_identity(schema.ty(), &Value::map([("name", name.into())])).unwrap()
}

fn empty<T: Default>() -> Request<T> {
    Request::new(T::default())
}

fn apply_request() -> wire::apply_resource_change::Request {
    wire::apply_resource_change::Request {
        type_name: THING.into(),
        prior_state: wire(&object("before")),
        planned_state: wire(&object("planned")),
        config: wire(&object("planned")),
        planned_private: b"private".to_vec(),
        planned_identity: identity("before"),
        ..Default::default()
    }
}

#[tokio::test]
async fn a_panic_in_apply_keeps_what_the_state_held() {
    let service = Fake::serving(None);
    let request = Request::new(apply_request());
    let answer = service.apply_resource_change(request).await.unwrap();
    let answer = answer.into_inner();
    assert_eq!(value(answer.new_state.as_ref()), object("before"));
    assert_eq!(answer.private, b"private");
    assert_eq!(answer.new_identity, identity("before"));
    let [diagnostic] = &answer.diagnostics[..] else {
        panic!("one finding");
    };
    assert_eq!(diagnostic.severity, 1);
    assert!(
        diagnostic.detail.contains("a bug of ours"),
        "{diagnostic:?}"
    );
}

#[tokio::test]
async fn a_panic_in_any_call_is_an_error_of_that_call() {
    let service = Fake::serving(None);
    let read = service
        .read_resource(Request::new(wire::read_resource::Request {
            type_name: THING.into(),
            current_state: wire(&object("a")),
            private: b"p".to_vec(),
            ..Default::default()
        }))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((read.diagnostics.len(), read.private), (1, b"p".to_vec()));
    assert_eq!(value(read.new_state.as_ref()), object("a"));
    let plan = service
        .plan_resource_change(Request::new(wire::plan_resource_change::Request {
            type_name: THING.into(),
            ..Default::default()
        }))
        .await
        .unwrap()
        .into_inner();
    assert_eq!(plan.diagnostics.len(), 1);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_kept_but_for_the_part() {
    let mut odd = object("made");
    odd.set("size", "no number");
    let service = Fake::serving(Some(Stored {
        value: odd,
        identity: Value::map([("name", "made".into())]),
        private: b"new".to_vec(),
    }));
    let request = Request::new(apply_request());
    let answer = service.apply_resource_change(request).await.unwrap();
    let answer = answer.into_inner();
    assert_eq!(value(answer.new_state.as_ref()), object("made"));
    assert_eq!(answer.new_identity, identity("made"));
    assert_eq!(answer.private, b"new");
    assert!(answer.diagnostics[0].detail.contains("size"));
}

#[tokio::test]
async fn what_is_no_object_does_not_lose_the_object() {
    let service = Fake::serving(Some(Stored::default()));
    let mut request = apply_request();
    request.config = Some(wire::DynamicValue {
        msgpack: vec![0x93, 1],
        ..Default::default()
    });
    let answer = service.apply_resource_change(Request::new(request)).await;
    let answer = answer.unwrap().into_inner();
    assert_eq!(value(answer.new_state.as_ref()), object("before"));
    assert!(answer.diagnostics[0].detail.contains("configuration"));
}

#[tokio::test]
async fn without_a_word_write_only_values_are_not_allowed() {
    let service = Fake::serving(None);
    for (capabilities, wanted) in [
        (None, "write-only: false"),
        (
            Some(wire::ClientCapabilities {
                write_only_attributes_allowed: true,
                ..Default::default()
            }),
            "write-only: true",
        ),
    ] {
        let request = Request::new(wire::validate_resource_config::Request {
            type_name: THING.into(),
            config: wire(&object("a")),
            client_capabilities: capabilities,
        });
        let answer = service.validate_resource_config(request).await.unwrap();
        assert_eq!(answer.into_inner().diagnostics[0].summary, wanted);
    }
}

#[tokio::test]
async fn a_state_of_old_terraform_is_refused_in_words() {
    let service = Fake::serving(None);
    let mut raw = wire::RawState {
        json: b"stored".to_vec(),
        ..Default::default()
    };
    let upgrade = |raw: &wire::RawState| {
        service.upgrade_resource_state(Request::new(wire::upgrade_resource_state::Request {
            type_name: THING.into(),
            version: 0,
            raw_state: Some(raw.clone()),
        }))
    };
    let answer = upgrade(&raw).await.unwrap().into_inner();
    assert_eq!(value(answer.upgraded_state.as_ref()), object("stored"));
    raw.json.clear();
    raw.flatmap.insert("name".into(), "a".into());
    let answer = upgrade(&raw).await.unwrap().into_inner();
    assert!(answer.diagnostics[0].summary.contains("0.11"));
}

#[tokio::test]
async fn an_import_gives_one_object_with_its_identity() {
    let service = Fake::serving(Some(Stored {
        value: object("a"),
        identity: Value::map([("name", "a".into())]),
        private: vec![],
    }));
    let request = Request::new(wire::import_resource_state::Request {
        type_name: THING.into(),
        id: "a".into(),
        ..Default::default()
    });
    let answer = service.import_resource_state(request).await.unwrap();
    let [imported] = &answer.into_inner().imported_resources[..] else {
        panic!("one object");
    };
    assert_eq!(value(imported.state.as_ref()), object("a"));
    assert_eq!(imported.identity, identity("a"));
}

#[tokio::test]
async fn a_move_takes_the_state_and_not_the_private_bytes() {
    let service = Fake::serving(Some(Stored {
        value: object("a"),
        ..Stored::default()
    }));
    let request = Request::new(wire::move_resource_state::Request {
        source_state: Some(wire::RawState {
            json: b"{}".to_vec(),
            ..Default::default()
        }),
        source_private: b"not ours".to_vec(),
        target_type_name: THING.into(),
        ..Default::default()
    });
    let answer = service.move_resource_state(request).await.unwrap();
    let answer = answer.into_inner();
    assert_eq!(value(answer.target_state.as_ref()), object("a"));
    assert_eq!(answer.target_private, b"");
    assert_eq!(answer.target_identity, None);
}

#[tokio::test]
async fn function_errors_point_at_their_argument() {
    let service = Fake::serving(None);
    let call = |arguments: &[Value]| {
        let arguments = arguments.iter();
        service.call_function(Request::new(wire::call_function::Request {
            name: "echo".into(),
            arguments: arguments
                .map(|argument| encode(&Type::Dynamic, argument).unwrap())
                .collect(),
        }))
    };
    let good = call(&["hello".into()]).await.unwrap().into_inner();
    let result = decode(&Type::String, good.result.as_ref());
    assert_eq!((result, good.error), (Ok("hello".into()), None));
    let bad = call(&[3.into()]).await.unwrap().into_inner().error.unwrap();
    assert_eq!(bad.function_argument, Some(0));
    let none = call(&[]).await.unwrap().into_inner().error.unwrap();
    assert_eq!(none.text, "echo takes 1 arguments, not 0");
    let bug = call(&["panic".into()]).await.unwrap().into_inner();
    assert!(bug.error.unwrap().text.contains("a bug of ours"));
}

#[tokio::test]
async fn schemas_and_metadata_tell_the_same_names() {
    let service = Fake::serving(None);
    let schema = service.get_provider_schema(empty()).await;
    let schema = schema.unwrap().into_inner();
    assert!(schema.provider.is_some());
    let capabilities = schema.server_capabilities.unwrap();
    assert!(capabilities.plan_destroy && capabilities.move_resource_state);
    assert!(capabilities.get_provider_schema_optional);
    let metadata = service.get_metadata(empty()).await.unwrap();
    let metadata = metadata.into_inner();
    assert_eq!(metadata.server_capabilities, Some(capabilities));
    assert!(
        schema
            .resource_schemas
            .contains_key(&metadata.resources[0].type_name)
    );
    let identities = service.get_resource_identity_schemas(empty()).await;
    assert!(
        identities
            .unwrap()
            .into_inner()
            .identity_schemas
            .contains_key(THING)
    );
}

#[tokio::test]
async fn unknown_types_are_errors_and_unwritten_calls_are_unimplemented() {
    let service = Fake::serving(None);
    let request = Request::new(wire::read_data_source::Request {
        type_name: "eventbridge_nothing".into(),
        ..Default::default()
    });
    let answer = service
        .read_data_source(request)
        .await
        .unwrap()
        .into_inner();
    assert!(answer.diagnostics[0].detail.contains("eventbridge_nothing"));
    let status = service.open_ephemeral_resource(empty()).await;
    assert_eq!(status.unwrap_err().code(), Code::Unimplemented);
    let status = service.generate_resource_config(empty()).await;
    assert_eq!(status.unwrap_err().code(), Code::Unimplemented);
}

#[tokio::test]
async fn stop_answers_at_once() {
    let service = Fake::serving(None);
    let answer = service.stop_provider(empty()).await.unwrap();
    assert_eq!(answer.into_inner().error, "");
}
