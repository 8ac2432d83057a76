use std::sync::Mutex;

use tokio_util::sync::CancellationToken;

use super::*;
use crate::aws::{ErrorKind, Service, Settings};
use crate::provider::{Attribute, Conventions};
use crate::resources::context::Context;
use crate::resources::shared::{adopt, import};

/// An object whose looks and writes go as scripted.
struct Scripted {
    /// The looks' answers, in their order; `None` is a look that AWS refuses.
    looks: Mutex<Vec<Option<Option<Value>>>>,
    /// How the write fails, and whether one before it went well.
    write: (AwsError, bool),
}

fn denied(operation: &'static str) -> AwsError {
    AwsError::new(Service::Events, operation, ErrorKind::AccessDenied, "no")
}

fn lost() -> AwsError {
    let mut error = AwsError::new(Service::Events, "Create", ErrorKind::Lost, "cut");
    error.maybe_applied = true;
    error
}

impl Scripted {
    fn write(&self, at: &At<'_>) -> Failure {
        if self.write.1 {
            at.region().remember_written();
        }
        self.write.0.clone().into()
    }
}

#[async_trait]
impl Object for Scripted {
    const TYPE: &'static str = "eventbridge_scripted";
    const AWS_TYPE: Option<&'static str> = None;

    fn schema(&self) -> Schema {
        Schema::new("")
            .attribute(Attribute::string("name").required())
            .attribute(Attribute::string("arn").computed())
            .attribute(adopt::attribute())
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name.")
    }

    fn title(&self, _state: &Value) -> String {
        "thing".into()
    }

    fn key(&self, state: &Value) -> String {
        state.get("name").as_str().unwrap_or_default().to_owned()
    }

    fn identity(&self, _at: &At<'_>, _state: &Value) -> Value {
        Value::Null
    }

    async fn find(
        &self,
        _at: &At<'_>,
        _like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let look = self.looks.lock().unwrap().remove(0);
        look.ok_or_else(|| denied("Describe").into())
    }

    async fn make(
        &self,
        at: &At<'_>,
        _new: Create<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        Err(self.write(at))
    }

    async fn change(
        &self,
        at: &At<'_>,
        _change: Update<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        Err(self.write(at))
    }

    async fn remove(
        &self,
        at: &At<'_>,
        _prior: &Value,
        _out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        Err(self.write(at))
    }

    fn import(&self, _by: &ImportBy, _out: &mut Diagnostics) -> Option<State> {
        None
    }
}

fn thing(arn: Value) -> Value {
    Value::map([("name", Value::from("a")), ("arn", arn)])
}

/// One operation on a scripted object: the ARN in the state that it answers,
/// and whether it told an error.
async fn run(
    operation: &str,
    looks: &[Option<Option<Value>>],
    write: (AwsError, bool),
) -> (Option<Value>, bool) {
    let settings = Settings {
        region: Some("eu-west-1".into()),
        ..Settings::default()
    };
    let (ctx, conventions) = (Context::new(settings, vec![]), Conventions::default());
    let call = Call {
        ctx: &ctx,
        conventions: &conventions,
        cancel: &CancellationToken::new(),
    };
    let served = Managed(Scripted {
        looks: Mutex::new(looks.to_vec()),
        write,
    });
    let (prior, mut out) = (thing("arn:x".into()), Diagnostics::new());
    let planned = thing(Value::unknown());
    let state = match operation {
        "create" => {
            let new = Create {
                planned: &planned,
                config: &planned,
            };
            served.create(call, new, &mut out).await
        }
        "update" => {
            let update = Update {
                prior: &prior,
                planned: &prior,
                config: &prior,
                private: &[],
            };
            served.update(call, update, &mut out).await
        }
        _ => served.delete(call, &prior, &mut out).await,
    };
    let arn = state.map(|state| state.value.get("arn").clone());
    (arn, out.has_errors())
}

#[tokio::test]
async fn a_create_keeps_what_may_be_there() {
    let there = || Some(Some(thing("arn:x".into())));
    let arn = |text: &str| Some(Value::from(text));
    for (last_look, write, kept, told) in [
        // The answer was lost, and the object is as planned.
        (there(), (lost(), false), arn("arn:x"), false),
        // A read after the write was refused.
        (there(), (denied("Describe"), true), arn("arn:x"), true),
        // So was every look after it.
        (None, (denied("Describe"), true), Some(Value::Null), true),
        (None, (lost(), false), Some(Value::Null), true),
        // Nothing was written.
        (None, (denied("Create"), false), None, true),
        (Some(None), (lost(), false), None, true),
    ] {
        let seen = run("create", &[Some(None), last_look.clone()], write.clone()).await;
        assert_eq!(seen, (kept, told), "{last_look:?} {write:?}");
    }
}

#[tokio::test]
async fn an_update_that_failed_tells_what_is_there() {
    let now = thing("arn:now".into());
    let seen = run("update", &[Some(Some(now))], (denied("Tag"), true)).await;
    assert_eq!(seen, (Some("arn:now".into()), true));
    let seen = run("update", &[None], (denied("Tag"), true)).await;
    assert_eq!(seen, (None, true), "Terraform keeps the prior state");
}

#[tokio::test]
async fn what_is_gone_is_deleted() {
    let seen = run("delete", &[Some(None)], (lost(), false)).await;
    assert_eq!(seen, (None, false));
    let there = thing("arn:x".into());
    let seen = run("delete", &[Some(Some(there))], (denied("Delete"), false)).await;
    assert_eq!(seen, (Some("arn:x".into()), true));
    let seen = run("delete", &[None], (lost(), false)).await;
    assert_eq!(seen, (None, true), "Terraform keeps the prior state");
}
