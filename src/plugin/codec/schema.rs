//! Schemas, identities and functions, as Terraform reads them.

use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::schema::{Attribute, Block, Kind, NestedBlock, Nesting, Schema};
use crate::provider::types::Type;
use crate::provider::{IdentitySchema, Signature};

const MARKDOWN: i32 = wire::StringKind::Markdown as i32;

/// A schema, its behaviour left out.
#[must_use]
pub fn encode(schema: &Schema) -> wire::Schema {
    wire::Schema {
        version: schema.version,
        block: Some(block(&schema.block, schema.version)),
    }
}

/// An identity's schema.
#[must_use]
pub fn encode_identity(identity: &IdentitySchema) -> wire::ResourceIdentitySchema {
    let attributes = identity.attributes.iter().map(|attribute| {
        wire::resource_identity_schema::IdentityAttribute {
            name: attribute.name.to_owned(),
            r#type: type_bytes(&Type::String),
            required_for_import: attribute.required,
            optional_for_import: !attribute.required,
            description: attribute.description.to_owned(),
        }
    });
    wire::ResourceIdentitySchema {
        version: identity.version,
        identity_attributes: attributes.collect(),
    }
}

/// A function's signature.
#[must_use]
pub fn encode_function(signature: &Signature) -> wire::Function {
    let parameters = signature
        .parameters
        .iter()
        .map(|parameter| wire::function::Parameter {
            name: parameter.name.to_owned(),
            r#type: type_bytes(&parameter.ty),
            allow_null_value: false,
            allow_unknown_values: false,
            description: parameter.description.to_owned(),
            description_kind: MARKDOWN,
        });
    wire::Function {
        parameters: parameters.collect(),
        variadic_parameter: None,
        r#return: Some(wire::function::Return {
            r#type: type_bytes(&signature.result),
        }),
        summary: signature.summary.to_owned(),
        description: signature.description.to_owned(),
        description_kind: MARKDOWN,
        deprecation_message: String::new(),
    }
}

fn block(block: &Block, version: i64) -> wire::schema::Block {
    wire::schema::Block {
        version,
        attributes: block.attributes.iter().map(attribute).collect(),
        block_types: block.blocks.iter().map(nested_block).collect(),
        description: block.description.to_owned(),
        description_kind: MARKDOWN,
        ..wire::schema::Block::default()
    }
}

fn nested_block(nested: &NestedBlock) -> wire::schema::NestedBlock {
    use wire::schema::nested_block::NestingMode;
    let nesting = match nested.nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    wire::schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(block(&nested.block, 0)),
        nesting: nesting.into(),
        min_items: nested.min_items,
        max_items: nested.max_items,
    }
}

fn attribute(attribute: &Attribute) -> wire::schema::Attribute {
    // One or the other: both together make Terraform refuse the provider.
    let (ty, nested_type) = match &attribute.kind {
        Kind::Type(ty) => (type_bytes(ty), None),
        Kind::Nested(nesting, attributes) => (Vec::new(), Some(object(*nesting, attributes))),
    };
    wire::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.description.to_owned(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        description_kind: MARKDOWN,
        deprecated: attribute.deprecated.is_some(),
        write_only: attribute.write_only,
        deprecation_message: attribute.deprecated.unwrap_or_default().to_owned(),
    }
}

fn object(nesting: Nesting, attributes: &[Attribute]) -> wire::schema::Object {
    use wire::schema::object::NestingMode;
    let nesting = match nesting {
        Nesting::Single => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    wire::schema::Object {
        attributes: attributes.iter().map(attribute).collect(),
        nesting: nesting.into(),
        ..wire::schema::Object::default()
    }
}

fn type_bytes(ty: &Type) -> Vec<u8> {
    ty.to_json().to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_attribute_has_no_type_beside() {
        let inner = Attribute::bool("on").optional().sensitive();
        let schema = Schema::new("A *thing*.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .deprecated("Use `title`."),
            )
            .attribute(Attribute::nested("settings", Nesting::Map, [inner]).optional());
        let block = encode(&schema).block.unwrap();
        assert_eq!(
            (block.description_kind, block.description.as_str()),
            (1, "A *thing*.")
        );
        let [name, settings] = &block.attributes[..] else {
            panic!("two attributes");
        };
        assert_eq!(name.r#type, b"\"string\"");
        assert!(name.deprecated && name.deprecation_message == "Use `title`.");
        assert_eq!(settings.r#type, b"");
        let nested = settings.nested_type.as_ref().unwrap();
        assert_eq!(nested.nesting, 4);
        assert!(nested.attributes[0].sensitive);
    }

    #[test]
    fn identity_attributes_are_required_or_optional() {
        let identity = IdentitySchema::regional().required("name", "The name.");
        let attributes = encode_identity(&identity).identity_attributes;
        for each in &attributes {
            assert_ne!(each.required_for_import, each.optional_for_import);
        }
        assert_eq!(attributes.len(), 3);
    }
}
