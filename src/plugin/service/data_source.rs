//! Data sources: a question and its answer.

use super::answer::{answer, data_source_span, read as value, write};
use super::{Reply, Service};
use crate::plugin::codec::diagnostic::encode_all;
use crate::plugin::proto::tfplugin6 as wire;

/// Answers a data block.
pub async fn read(
    service: &Service,
    request: wire::read_data_source::Request,
) -> Reply<wire::read_data_source::Response> {
    let type_name = &request.type_name;
    let work = async {
        let block = &service.data_source(type_name)?.block;
        let config = value("configuration", block, request.config.as_ref())?;
        let (state, found) = service.server.read_data_source(type_name, config).await;
        let mut diagnostics = encode_all(found);
        Ok(wire::read_data_source::Response {
            state: Some(write("answer", block, state, &mut diagnostics)),
            diagnostics,
            deferred: None,
        })
    };
    let span = data_source_span("ReadDataSource", type_name);
    answer(span, Default::default(), work).await
}
