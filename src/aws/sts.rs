//! STS: who the credentials belong to.

use super::call::Operation;
use super::client::Region;
use super::error::AwsError;
use super::service::Service;

const GET_CALLER_IDENTITY: Operation = Operation::read(Service::Sts, "GetCallerIdentity");

/// The account that the credentials belong to. Needs no permission.
pub(super) async fn caller_account(region: &Region) -> Result<String, AwsError> {
    let request = region.sdk_sts().await?.get_caller_identity();
    let answer = region
        .call(GET_CALLER_IDENTITY, || request.clone().send())
        .await?;
    Ok(answer.account.unwrap_or_default())
}
