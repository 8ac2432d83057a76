//! Functions: pure, and called before the provider is configured.

use tonic::Response;

use super::answer::{span, watched};
use super::{Reply, Service};
use crate::plugin::codec::value::{decode, encode};
use crate::plugin::proto::tfplugin6 as wire;
use crate::provider::{FunctionError, Value};

/// Calls a function.
pub async fn call(
    service: &Service,
    request: wire::call_function::Request,
) -> Reply<wire::call_function::Response> {
    let span = span("CallFunction");
    let work = async { result(service, &request) };
    let done = watched(span, work).await.unwrap_or_else(|panicked| {
        let text = format!("the provider has a bug: {panicked}; please report it");
        Err(failure(text))
    });
    let response = match done {
        Ok(result) => wire::call_function::Response {
            result: Some(result),
            error: None,
        },
        Err(FunctionError { argument, text }) => {
            let function_argument = argument.and_then(|at| i64::try_from(at).ok());
            let error = wire::FunctionError {
                text,
                function_argument,
            };
            wire::call_function::Response {
                result: None,
                error: Some(error),
            }
        }
    };
    Ok(Response::new(response))
}

fn result(
    service: &Service,
    request: &wire::call_function::Request,
) -> Result<wire::DynamicValue, FunctionError> {
    let name = request.name.as_str();
    let signature = service.server.schemas().functions.get(name);
    let signature =
        signature.ok_or_else(|| failure(format!("this provider has no function {name:?}")))?;
    let (wanted, given) = (signature.parameters.len(), request.arguments.len());
    if wanted != given {
        let text = format!("{name} takes {wanted} arguments, not {given}");
        return Err(failure(text));
    }
    let parameters = signature.parameters.iter().zip(&request.arguments);
    let arguments: Vec<Value> = parameters
        .enumerate()
        .map(|(at, (parameter, argument))| {
            let value = decode(&parameter.ty, Some(argument));
            value.map_err(|fault| FunctionError::at(at, fault.problem))
        })
        .collect::<Result<_, _>>()?;
    let result = service.server.call_function(name, &arguments)?;
    encode(&signature.result, &result).map_err(|fault| failure(fault.problem))
}

fn failure(text: String) -> FunctionError {
    FunctionError {
        argument: None,
        text,
    }
}
