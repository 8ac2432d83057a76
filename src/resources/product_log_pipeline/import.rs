//! Import: `NAME`, or `BUS/NAME`. Parts with other names are found through the
//! rule's target and the function's environment.

use super::documents::split_qualifier;
use super::life::filled;
use super::names::{PIPELINE_TAG, bus_of, partition};
use super::schema;
use crate::aws::{Arn, AwsError, Tags};
use crate::provider::{Call, Diagnostics, ImportBy, State, Value, fill_defaults};
use crate::resources::context::{At, Context};
use crate::resources::shared::failed;
use crate::resources::shared::import::{Named, import as named};

pub async fn import(
    call: Call<'_, Context>,
    by: &ImportBy,
    out: &mut Diagnostics,
) -> Option<State> {
    let mut state = named(by, out, |named| match named {
        Named::Id(id) => match id.rsplit_once('/') {
            Some((bus, name)) if !bus.is_empty() && !name.is_empty() => Ok(start(name, Some(bus))),
            None if !id.is_empty() => Ok(start(id, None)),
            _ => Err("write NAME or BUS/NAME".to_owned()),
        },
        Named::Identity(identity) => match identity.get("name").as_set_str() {
            Some(name) => Ok(start(name, identity.get("event_bus_name").as_set_str())),
            None => Err("its `name` is missing".to_owned()),
        },
    })?;
    let at = call.ctx.at(call, &state.value, out).await?;
    let name = state.value.get("name").as_str().unwrap_or_default();
    let doing = format!("importing product log pipeline {name:?}");
    let given = state.value.get("event_bus_name").as_str();
    match is_there(&at, given).await {
        Ok(true) => {}
        Ok(false) => {
            out.error(
                format!("There is no event bus {:?}", given.unwrap_or_default()),
                format!("{doing}: write BUS/NAME with the bus that its rule is on, or NAME alone to have the bus found."),
            );
            return None;
        }
        Err(error) => {
            failed(out, &doing, &error);
            return None;
        }
    }
    if let Err(error) = find_parts(&at, &mut state.value).await {
        failed(out, &doing, &error);
        return None;
    }
    Some(state)
}

/// Whether the bus that the id names, if it names one, exists.
async fn is_there(at: &At<'_>, bus: Option<&str>) -> Result<bool, AwsError> {
    match bus {
        Some(bus) => Ok(at.events().describe_bus(bus).await?.is_some()),
        None => Ok(true),
    }
}

/// What is planned, with the parts that the pipeline of that name has: its own, or of
/// the user's.
pub async fn as_found(at: &At<'_>, planned: &Value, bus: Option<&str>) -> Result<Value, AwsError> {
    let name = planned.get("name").as_str().unwrap_or_default();
    let mut found = start(name, bus);
    find_parts(at, &mut found).await?;
    let mut like = filled(planned);
    for argument in ["log_table", "log_function"] {
        let arn = |value: &Value| {
            value
                .get(argument)
                .get("arn")
                .as_set_str()
                .map(str::to_owned)
        };
        let is_told = argument != "log_table" || tells_of_table(at, &found).await?;
        if is_told && arn(planned) != arn(&found) {
            like.set(argument, found.get(argument).clone());
        }
    }
    let mut function = like.get("log_function").clone();
    function.set(
        "role_arn",
        found.get("log_function").get("role_arn").clone(),
    );
    like.set("log_function", function);
    for argument in ["event_bus_name", "owns_event_bus", "dead_letter_queue_arn"] {
        like.set(argument, found.get(argument).clone());
    }
    Ok(like)
}

/// Whether anything tells of the pipeline's table: to which one of the user's a function of the
/// user's writes is nowhere to be seen.
async fn tells_of_table(at: &At<'_>, found: &Value) -> Result<bool, AwsError> {
    if found.get("log_function").get("arn").as_set_str().is_none() {
        return Ok(true);
    }
    let name = found.get("name").as_str().unwrap_or_default();
    match tags_of_table(at, name).await {
        Ok(tags) => Ok(!of_pipeline(tags, name).is_empty()),
        // Of an operator with no right to tables, and so with none of the pipeline's own.
        Err(error) if error.is_access_denied() => Ok(false),
        Err(error) => Err(error),
    }
}

/// What is planned, with all parts the pipeline's own.
pub fn with_own_parts(planned: &Value) -> Value {
    let name = planned.get("name").as_str().unwrap_or_default();
    let mut like = start(name, Some(name));
    like.set("owns_event_bus", true);
    for argument in ["region", "force_destroy", "retain_table", "timeouts"] {
        like.set(argument, planned.get(argument).clone());
    }
    like
}

/// What is planned, with a function of the user's.
pub fn with_function(planned: &Value, arn: &str) -> Value {
    let mut like = filled(planned);
    only(&mut like, "log_function", arn);
    like
}

fn start(name: &str, bus: Option<&str>) -> Value {
    let mut state = Value::map([("name", Value::from(name)), ("event_bus_name", bus.into())]);
    fill_defaults(&schema::schema().block, &mut state);
    state
}

async fn find_parts(at: &At<'_>, state: &mut Value) -> Result<(), AwsError> {
    let name = state.get("name").as_str().unwrap_or_default().to_owned();
    let function = match at.region().lambda().get_function(&name).await {
        // Of an operator with a function of the user's, and no right to others.
        Err(error) if error.is_access_denied() => None,
        function => function?,
    };
    let function = function.filter(|f| f.tags.get(PIPELINE_TAG) == Some(&name));
    if state.get("event_bus_name").is_null() {
        let mut tags = function
            .as_ref()
            .map(|f| f.tags.clone())
            .unwrap_or_default();
        // Of a pipeline with a function of the user's, queue or table tell.
        if tags.is_empty() {
            tags = of_pipeline(tags_of_queue(at, &name).await?, &name);
        }
        if tags.is_empty() {
            tags = of_pipeline(tags_of_table(at, &name).await?, &name);
        }
        state.set("event_bus_name", bus_of(&tags).unwrap_or(&name));
    }
    let bus = state
        .get("event_bus_name")
        .as_str()
        .unwrap_or_default()
        .to_owned();
    state.set("owns_event_bus", owns(at, &bus, &name).await?);
    let targets = at
        .events()
        .list_targets(&bus, &name)
        .await?
        .unwrap_or_default();
    let target = targets.iter().find(|target| target.id == name);
    // One of the name on another bus may have it, and this one a function of the user's.
    let function = function.filter(|function| {
        bus_of(&function.tags) == Some(&bus) || target.is_none_or(|own| own.arn == function.arn)
    });
    if let Some(function) = &function {
        let account = Arn::parse(&function.arn)
            .map(|arn| arn.account)
            .unwrap_or_default();
        let table = function
            .settings
            .environment
            .get("LOG_TABLE")
            .filter(|table| **table != name);
        if let Some(table) = table {
            let region = at.region_name();
            let arn = format!(
                "arn:{}:dynamodb:{region}:{account}:table/{table}",
                partition(region)
            );
            only(state, "log_table", &arn);
        }
        let role = Arn::parse(&function.settings.role_arn)
            .map(|arn| arn.resource)
            .unwrap_or_default();
        let own = format!("{name}-{}", at.region_name());
        let role_name = role.rsplit('/').next().unwrap_or_default();
        if role_name != own && role_name != format!("{own}-b") {
            let mut settings = state.get("log_function").clone();
            settings.set("role_arn", function.settings.role_arn.as_str());
            state.set("log_function", settings);
        }
    }
    if let Some(target) = target {
        let (invoked, qualifier) = split_qualifier(&target.arn);
        if qualifier.is_some()
            || !invoked.ends_with(&format!(":function:{name}"))
            || function.is_none()
        {
            only(state, "log_function", &target.arn);
        }
        let letters = target.dead_letter.as_ref().and_then(|d| d.arn.as_deref());
        if let Some(arn) = letters.filter(|arn| Arn::parse(arn).is_some_and(|a| a.resource != name))
        {
            state.set("dead_letter_queue_arn", arn);
        }
    }
    Ok(())
}

/// Whether the bus has the pipeline's tag.
async fn owns(at: &At<'_>, bus: &str, name: &str) -> Result<bool, AwsError> {
    let Some(bus) = at.events().describe_bus(bus).await? else {
        return Ok(false);
    };
    let tags = at.events().list_tags(&bus.arn).await?.unwrap_or_default();
    Ok(tags.get(PIPELINE_TAG).is_some_and(|owner| owner == name))
}

async fn tags_of_queue(at: &At<'_>, name: &str) -> Result<Tags, AwsError> {
    let sqs = at.region().sqs();
    match sqs.queue_url(name, None).await? {
        Some(url) => Ok(sqs.list_tags(&url).await?.unwrap_or_default()),
        None => Ok(Tags::new()),
    }
}

async fn tags_of_table(at: &At<'_>, name: &str) -> Result<Tags, AwsError> {
    let dynamodb = at.region().dynamodb();
    match dynamodb.describe_table(name).await? {
        Some(table) => Ok(dynamodb.list_tags(&table.arn).await?.unwrap_or_default()),
        None => Ok(Tags::new()),
    }
}

/// The tags, if they are of a part of this pipeline.
fn of_pipeline(tags: Tags, name: &str) -> Tags {
    match tags.get(PIPELINE_TAG).is_some_and(|owner| owner == name) {
        true => tags,
        false => Tags::new(),
    }
}

/// An argument of which only `arn` is set.
fn only(state: &mut Value, argument: &str, arn: &str) {
    let mut value = state.get(argument).clone();
    let fields: Vec<String> = value
        .entries()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.to_string())
        .collect();
    for field in fields {
        value.set(&field, Value::Null);
    }
    value.set("arn", arn);
    state.set(argument, value);
}
