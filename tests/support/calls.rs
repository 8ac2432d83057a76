//! The protocol's calls, with values as JSON.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use terraform_provider_eventbridge::plugin::proto::go_plugin::Empty;
use terraform_provider_eventbridge::plugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use terraform_provider_eventbridge::plugin::proto::tfplugin6 as wire;
use tonic::transport::Channel;
use wire::attribute_path::step::Selector;
use wire::diagnostic::Severity;
use wire::provider_client::ProviderClient;

use super::connection::{Client, Handshake};
use super::process::{COOKIE, PROGRAM, Process, command};
use super::values;

const LIMIT: usize = 256 << 20;

/// A started, connected provider that told its schema.
pub struct Plugin {
    pub process: Process,
    pub channel: Channel,
    pub client: ProviderClient<Channel>,
    pub schema: wire::get_provider_schema::Response,
    identities: HashMap<String, wire::ResourceIdentitySchema>,
}

/// An object between two calls: what Terraform keeps of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    /// Null when there is none.
    pub state: Json,
    pub identity: Json,
    pub private: Vec<u8>,
}

/// An answer: what it holds, and the findings.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    pub value: T,
    pub diagnostics: Vec<wire::Diagnostic>,
}

/// A planned change, ready to be applied.
#[derive(Clone, Debug)]
pub struct Planned {
    pub type_name: String,
    pub prior: Object,
    pub config: Json,
    /// Null to destroy.
    pub state: Json,
    pub identity: Json,
    pub private: Vec<u8>,
    /// Paths as HCL writes them.
    pub replaces: Vec<String>,
}

impl<T> Answer<T> {
    /// Summaries and details of the errors.
    pub fn errors(&self) -> Vec<String> {
        self.said(Severity::Error)
    }

    /// Summaries and details of the warnings.
    pub fn warnings(&self) -> Vec<String> {
        self.said(Severity::Warning)
    }

    /// What it holds; fails the test on an error.
    #[track_caller]
    pub fn good(self) -> T {
        assert_eq!(self.errors(), [""; 0]);
        self.value
    }

    fn said(&self, severity: Severity) -> Vec<String> {
        let found = self.diagnostics.iter();
        found
            .filter(|d| d.severity() == severity)
            .map(|d| format!("{}: {}", d.summary, d.detail))
            .collect()
    }
}

impl Plugin {
    /// Starts the built provider with this environment and nothing else.
    pub async fn start(environment: &[(&str, &str)]) -> Self {
        let client = Client::new();
        let terraform = [
            COOKIE,
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
            ("PLUGIN_CLIENT_CERT", client.pem.as_str()),
        ];
        let environment = [&terraform, environment].concat();
        let process = Process::start(command(PROGRAM, &environment));
        let channel = client.channel(&Handshake::parse(&process.line)).await;
        Self::connected(process, channel).await
    }

    /// Over a channel that exists already.
    pub async fn connected(process: Process, channel: Channel) -> Self {
        let mut client = ProviderClient::new(channel.clone())
            .max_decoding_message_size(LIMIT)
            .max_encoding_message_size(LIMIT);
        let request = wire::get_provider_schema::Request {};
        let schema = client.get_provider_schema(request).await;
        let request = wire::get_resource_identity_schemas::Request {};
        let identities = client.get_resource_identity_schemas(request).await;
        Self {
            process,
            channel,
            client,
            schema: schema.expect("schemas").into_inner(),
            identities: identities
                .expect("identities")
                .into_inner()
                .identity_schemas,
        }
    }

    /// A resource's schema.
    pub fn block(&self, type_name: &str) -> &wire::schema::Block {
        let schema = self.schema.resource_schemas.get(type_name);
        body(schema.unwrap_or_else(|| panic!("no resource type {type_name}")))
    }

    fn identity(&self, type_name: &str) -> &wire::ResourceIdentitySchema {
        &self.identities[type_name]
    }

    pub async fn configure(&self, config: Json) -> Answer<()> {
        let schema = self.schema.provider.as_ref().expect("a provider block");
        let request = wire::configure_provider::Request {
            terraform_version: "1.11.4".into(),
            config: Some(values::encode(body(schema), &config)),
            client_capabilities: None,
        };
        let answer = self.client.clone().configure_provider(request).await;
        Answer {
            value: (),
            diagnostics: answer.expect("an answer").into_inner().diagnostics,
        }
    }

    /// As Terraform 1.11 and newer ask, which hold write-only values back.
    pub async fn validate(&self, type_name: &str, config: Json) -> Answer<()> {
        let capabilities = wire::ClientCapabilities {
            write_only_attributes_allowed: true,
            ..Default::default()
        };
        let request = wire::validate_resource_config::Request {
            type_name: type_name.into(),
            config: Some(values::encode(self.block(type_name), &config)),
            client_capabilities: Some(capabilities),
        };
        let answer = self.client.clone().validate_resource_config(request).await;
        Answer {
            value: (),
            diagnostics: answer.expect("an answer").into_inner().diagnostics,
        }
    }

    /// Plans a change; a null configuration plans the destruction.
    pub async fn plan(&self, type_name: &str, prior: &Object, config: Json) -> Answer<Planned> {
        let block = self.block(type_name);
        let proposed = values::propose(block, &prior.state, &config);
        let request = wire::plan_resource_change::Request {
            type_name: type_name.into(),
            prior_state: Some(values::encode(block, &prior.state)),
            proposed_new_state: Some(values::encode(block, &proposed)),
            config: Some(values::encode(block, &config)),
            prior_private: prior.private.clone(),
            prior_identity: values::encode_identity(self.identity(type_name), &prior.identity),
            ..Default::default()
        };
        let answer = self.client.clone().plan_resource_change(request).await;
        let answer = answer.expect("an answer").into_inner();
        let identity = answer.planned_identity.as_ref();
        Answer {
            value: Planned {
                type_name: type_name.into(),
                prior: prior.clone(),
                config,
                state: values::decode(block, answer.planned_state.as_ref()),
                identity: values::decode_identity(self.identity(type_name), identity),
                private: answer.planned_private,
                replaces: answer.requires_replace.iter().map(path).collect(),
            },
            diagnostics: answer.diagnostics,
        }
    }

    /// Applies what was planned. What comes back is what Terraform would store.
    pub async fn apply(&self, planned: &Planned) -> Answer<Object> {
        let type_name = planned.type_name.as_str();
        let block = self.block(type_name);
        let request = wire::apply_resource_change::Request {
            type_name: type_name.into(),
            prior_state: Some(values::encode(block, &planned.prior.state)),
            planned_state: Some(values::encode(block, &planned.state)),
            config: Some(values::encode(block, &planned.config)),
            planned_private: planned.private.clone(),
            planned_identity: values::encode_identity(self.identity(type_name), &planned.identity),
            ..Default::default()
        };
        let answer = self.client.clone().apply_resource_change(request).await;
        let it = answer.expect("an answer").into_inner();
        let object = self.object(type_name, &it.new_state, it.private, &it.new_identity);
        Answer {
            value: object,
            diagnostics: it.diagnostics,
        }
    }

    /// Plans and applies; the plan's errors end it.
    pub async fn change(&self, type_name: &str, prior: &Object, config: Json) -> Answer<Object> {
        let planned = self.plan(type_name, prior, config).await;
        if planned.errors().is_empty() {
            return self.apply(&planned.value).await;
        }
        Answer {
            value: prior.clone(),
            diagnostics: planned.diagnostics,
        }
    }

    pub async fn create(&self, type_name: &str, config: Json) -> Answer<Object> {
        self.change(type_name, &Object::default(), config).await
    }

    pub async fn destroy(&self, type_name: &str, prior: &Object) -> Answer<Object> {
        self.change(type_name, prior, Json::Null).await
    }

    pub async fn read(&self, type_name: &str, current: &Object) -> Answer<Object> {
        let block = self.block(type_name);
        let request = wire::read_resource::Request {
            type_name: type_name.into(),
            current_state: Some(values::encode(block, &current.state)),
            private: current.private.clone(),
            current_identity: values::encode_identity(self.identity(type_name), &current.identity),
            ..Default::default()
        };
        let answer = self.client.clone().read_resource(request).await;
        let it = answer.expect("an answer").into_inner();
        let object = self.object(type_name, &it.new_state, it.private, &it.new_identity);
        Answer {
            value: object,
            diagnostics: it.diagnostics,
        }
    }

    /// By id, or with an empty id by identity. What comes back is still to be
    /// read.
    pub async fn import(
        &self,
        type_name: &str,
        id: &str,
        identity: &Json,
    ) -> Answer<Option<Object>> {
        let request = wire::import_resource_state::Request {
            type_name: type_name.into(),
            id: id.into(),
            identity: values::encode_identity(self.identity(type_name), identity),
            client_capabilities: None,
        };
        let answer = self.client.clone().import_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        let imported = answer.imported_resources.into_iter().next();
        let object = imported.map(|it| self.object(type_name, &it.state, it.private, &it.identity));
        Answer {
            value: object,
            diagnostics: answer.diagnostics,
        }
    }

    /// A state as a state file holds it.
    pub async fn upgrade(&self, type_name: &str, version: i64, state: &str) -> Answer<Json> {
        let raw_state = wire::RawState {
            json: state.into(),
            ..Default::default()
        };
        let request = wire::upgrade_resource_state::Request {
            type_name: type_name.into(),
            version,
            raw_state: Some(raw_state),
        };
        let answer = self.client.clone().upgrade_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        Answer {
            value: values::decode(self.block(type_name), answer.upgraded_state.as_ref()),
            diagnostics: answer.diagnostics,
        }
    }

    /// An object of another provider's that a `moved` block hands over: its
    /// address, type, schema version and state.
    pub async fn move_in(
        &self,
        type_name: &str,
        (provider, source_type, version): (&str, &str, i64),
        state: &Json,
    ) -> Answer<Object> {
        let source_state = wire::RawState {
            json: state.to_string().into(),
            ..Default::default()
        };
        let request = wire::move_resource_state::Request {
            source_provider_address: provider.into(),
            source_type_name: source_type.into(),
            source_schema_version: version,
            source_state: Some(source_state),
            source_private: b"theirs".into(),
            target_type_name: type_name.into(),
            ..Default::default()
        };
        let answer = self.client.clone().move_resource_state(request).await;
        let it = answer.expect("an answer").into_inner();
        let private = it.target_private;
        let object = self.object(type_name, &it.target_state, private, &it.target_identity);
        Answer {
            value: object,
            diagnostics: it.diagnostics,
        }
    }

    /// A data source's answer.
    pub async fn read_data(&self, type_name: &str, config: Json) -> Answer<Json> {
        let block = body(&self.schema.data_source_schemas[type_name]);
        let request = wire::read_data_source::Request {
            type_name: type_name.into(),
            config: Some(values::encode(block, &config)),
            ..Default::default()
        };
        let answer = self.client.clone().read_data_source(request).await;
        let answer = answer.expect("an answer").into_inner();
        Answer {
            value: values::decode(block, answer.state.as_ref()),
            diagnostics: answer.diagnostics,
        }
    }

    /// A function's result.
    ///
    /// # Errors
    /// The function's own error.
    pub async fn call(&self, name: &str, arguments: &[Json]) -> Result<Json, wire::FunctionError> {
        let function = &self.schema.functions[name];
        let parameters = function.parameters.iter().zip(arguments);
        let request = wire::call_function::Request {
            name: name.into(),
            arguments: parameters
                .map(|(parameter, argument)| values::encode_any(&parameter.r#type, argument))
                .collect(),
        };
        let answer = self.client.clone().call_function(request).await;
        let answer = answer.expect("an answer").into_inner();
        let ty = &function.r#return.as_ref().expect("a result").r#type;
        match answer.error {
            Some(error) => Err(error),
            None => Ok(values::decode_any(ty, answer.result.as_ref())),
        }
    }

    /// What Ctrl-C in Terraform asks.
    pub async fn stop(&self) {
        let request = wire::stop_provider::Request {};
        let answer = self.client.clone().stop_provider(request).await;
        assert_eq!(answer.expect("an answer").into_inner().error, "");
    }

    /// Asks for the end and waits for it; how long it took.
    pub async fn shutdown(&mut self) -> Duration {
        let asked = Instant::now();
        let mut controller = GrpcControllerClient::new(self.channel.clone());
        // The connection may end before the answer is read.
        let _ = controller.shutdown(Empty {}).await;
        let code = self.process.ended(Duration::from_secs(5)).await;
        assert_eq!(code, Some(0), "it ends");
        asked.elapsed()
    }

    fn object(
        &self,
        type_name: &str,
        state: &Option<wire::DynamicValue>,
        private: Vec<u8>,
        identity: &Option<wire::ResourceIdentityData>,
    ) -> Object {
        Object {
            state: values::decode(self.block(type_name), state.as_ref()),
            identity: values::decode_identity(self.identity(type_name), identity.as_ref()),
            private,
        }
    }
}

fn body(schema: &wire::Schema) -> &wire::schema::Block {
    schema.block.as_ref().expect("a schema has a body")
}

/// A place as HCL writes it.
pub fn path(path: &wire::AttributePath) -> String {
    let mut text = String::new();
    for step in &path.steps {
        match &step.selector {
            Some(Selector::AttributeName(name)) if text.is_empty() => text += name,
            Some(Selector::AttributeName(name)) => text += &format!(".{name}"),
            Some(Selector::ElementKeyString(key)) => text += &format!("[{key:?}]"),
            Some(Selector::ElementKeyInt(index)) => text += &format!("[{index}]"),
            None => text += "[?]",
        }
    }
    text
}
