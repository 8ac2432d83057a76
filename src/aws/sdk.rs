//! The SDK's clients of one region, made at first use.

use std::sync::OnceLock;

use super::client::Region;
use super::error::AwsError;

macro_rules! clients {
    ($($name:ident: $sdk:ident;)*) => {
        /// One client a service.
        #[derive(Debug, Default)]
        pub(super) struct SdkClients {
            $($name: OnceLock<$sdk::Client>,)*
        }

        impl Region {
            $(pub(super) async fn $name(&self) -> Result<$sdk::Client, AwsError> {
                let config = self.config().await?;
                let client = &self.sdk_clients().$name;
                Ok(client.get_or_init(|| config.$name(self.name())).clone())
            })*
        }
    };
}

clients! {
    sdk_events: aws_sdk_eventbridge;
    sdk_dynamodb: aws_sdk_dynamodb;
    sdk_lambda: aws_sdk_lambda;
    sdk_iam: aws_sdk_iam;
    sdk_sqs: aws_sdk_sqs;
    sdk_sts: aws_sdk_sts;
    sdk_logs: aws_sdk_cloudwatchlogs;
    sdk_tagging: aws_sdk_resourcegroupstagging;
}
