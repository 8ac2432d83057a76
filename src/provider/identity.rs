//! Resource identity (Terraform 1.12): the few attributes that tell an object
//! from all others of its type, and by which it can be imported.

use std::sync::OnceLock;

use super::types::Type;

/// The identity of a resource type.
#[derive(Clone, Debug, Default)]
pub struct IdentitySchema {
    pub version: i64,
    pub attributes: Vec<IdentityAttribute>,
    /// Made once, as a block's.
    ty: OnceLock<Type>,
}

/// One identity attribute; always a string with us.
#[derive(Clone, Debug)]
pub struct IdentityAttribute {
    pub name: &'static str,
    /// Whether an import by identity must give it; optional otherwise.
    pub required: bool,
    pub description: &'static str,
}

impl IdentitySchema {
    /// `account_id` and `region`, optional, as every object here has them.
    pub fn regional() -> Self {
        Self::default()
            .optional("account_id", "The AWS account; the provider's when absent.")
            .optional("region", "The AWS region; the provider's when absent.")
    }

    #[must_use]
    pub fn required(mut self, name: &'static str, description: &'static str) -> Self {
        self.attributes.push(IdentityAttribute {
            name,
            required: true,
            description,
        });
        self
    }

    #[must_use]
    pub fn optional(mut self, name: &'static str, description: &'static str) -> Self {
        self.attributes.push(IdentityAttribute {
            name,
            required: false,
            description,
        });
        self
    }

    /// The type of an identity as a value.
    pub fn ty(&self) -> &Type {
        self.ty.get_or_init(|| {
            let fields = self.attributes.iter();
            Type::Object(fields.map(|a| (a.name.into(), Type::String)).collect())
        })
    }
}
