//! The generated messages and services of proto/, nothing else.
//!
//! Held to the contract's table by the test below: every message, field number,
//! type, enum value and call.

/// The Terraform plugin protocol, 6.11.
#[allow(
    missing_docs,
    clippy::all,
    reason = "generated from proto/tfplugin6.proto"
)]
pub mod tfplugin6 {
    tonic::include_proto!("tfplugin6");
}

/// go-plugin's own services.
#[allow(
    missing_docs,
    clippy::all,
    reason = "generated from proto/plugin.proto"
)]
pub mod go_plugin {
    tonic::include_proto!("plugin");
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use prost_types::field_descriptor_proto::{Label, Type};
    use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto};
    use prost_types::{FileDescriptorProto, FileDescriptorSet};
    use serde_json::{Map, Value, json};

    const TABLE: &str = include_str!("../../tests/corpus/tfplugin6.json");
    const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

    fn file(package: &str) -> FileDescriptorProto {
        FileDescriptorSet::decode(DESCRIPTORS)
            .unwrap()
            .file
            .into_iter()
            .find(|file| file.package() == package)
            .unwrap()
    }

    /// The table writes types as `string` or as `tfplugin6.Schema`.
    fn type_name(field: &FieldDescriptorProto) -> String {
        match field.r#type() {
            Type::Message | Type::Enum => field.type_name().trim_start_matches('.').to_owned(),
            scalar => scalar
                .as_str_name()
                .trim_start_matches("TYPE_")
                .to_lowercase(),
        }
    }

    fn field(message: &DescriptorProto, field: &FieldDescriptorProto) -> Value {
        let mut row = json!({ "number": field.number(), "type": type_name(field) });
        if field.label() == Label::Repeated {
            row["repeated"] = json!(true);
        }
        if field.proto3_optional() {
            row["optional"] = json!(true);
        } else if let Some(index) = field.oneof_index {
            row["oneof"] = json!(message.oneof_decl[index as usize].name());
        }
        row
    }

    fn enumeration(descriptor: &EnumDescriptorProto) -> Value {
        let values = descriptor.value.iter();
        values
            .map(|value| (value.name().to_owned(), json!(value.number())))
            .collect::<Map<_, _>>()
            .into()
    }

    fn flatten(
        prefix: &str,
        message: &DescriptorProto,
        messages: &mut Map<String, Value>,
        enums: &mut Map<String, Value>,
    ) {
        let name = format!("{prefix}{}", message.name());
        let fields: Map<_, _> = message
            .field
            .iter()
            .map(|each| (each.name().to_owned(), field(message, each)))
            .collect();
        let mut row = json!({ "fields": fields });
        if message.options.as_ref().is_some_and(|o| o.map_entry()) {
            row["map_entry"] = json!(true);
        }
        messages.insert(name.clone(), row);
        let inner = format!("{name}.");
        for each in &message.enum_type {
            enums.insert(format!("{inner}{}", each.name()), enumeration(each));
        }
        for each in &message.nested_type {
            flatten(&inner, each, messages, enums);
        }
    }

    fn services(file: &FileDescriptorProto) -> Value {
        let mut services = json!({});
        for service in &file.service {
            for method in &service.method {
                let mut row = json!({
                    "request": method.input_type().trim_start_matches('.'),
                    "response": method.output_type().trim_start_matches('.'),
                });
                if method.client_streaming() {
                    row["client_stream"] = json!(true);
                }
                if method.server_streaming() {
                    row["server_stream"] = json!(true);
                }
                services[service.name()][method.name()] = row;
            }
        }
        services
    }

    #[test]
    fn the_compiled_protocol_is_the_contracts_table() {
        let table: Value = serde_json::from_str(TABLE).unwrap();
        let file = file("tfplugin6");
        let (mut messages, mut enums) = (Map::new(), Map::new());
        for message in &file.message_type {
            flatten("", message, &mut messages, &mut enums);
        }
        for each in &file.enum_type {
            enums.insert(each.name().to_owned(), enumeration(each));
        }
        for (name, row) in table["messages"].as_object().unwrap() {
            assert_eq!(messages.get(name), Some(row), "message {name}");
        }
        assert_eq!(messages.len(), table["messages"].as_object().unwrap().len());
        assert_eq!(Value::from(enums), table["enums"]);
        assert_eq!(services(&file), table["services"]);
    }

    #[test]
    fn go_plugins_services_have_their_names() {
        let services = services(&file("plugin"));
        assert_eq!(
            services["GRPCBroker"]["StartStream"],
            json!({
                "request": "plugin.ConnInfo", "response": "plugin.ConnInfo",
                "client_stream": true, "server_stream": true,
            })
        );
        assert_eq!(
            services["GRPCController"]["Shutdown"],
            json!({ "request": "plugin.Empty", "response": "plugin.Empty" })
        );
        assert_eq!(
            services["GRPCStdio"]["StreamStdio"],
            json!({
                "request": "google.protobuf.Empty", "response": "plugin.StdioData",
                "server_stream": true,
            })
        );
    }
}
