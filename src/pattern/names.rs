//! Names that are nearly the same, and the names that events from AWS have.
//!
//! The lists are incomplete and always will be: a name that is not in them
//! proves nothing. They serve only to say "did you mean".

/// Returns whether two words are one edit apart: a character put in, left out,
/// changed, or two neighbours swapped.
pub(crate) fn is_near(left: &str, right: &str) -> bool {
    // Nearly all pairs are told apart by this: one character has four bytes at most.
    if left.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let (left, right) = differing(left, right);
    let (mut left, mut right) = (left.chars(), right.chars());
    match (
        [left.next(), left.next(), left.next()],
        [right.next(), right.next(), right.next()],
    ) {
        ([Some(_), None, _], [None, ..]) | ([None, ..], [Some(_), None, _]) => true,
        ([Some(_), None, _], [Some(_), None, _]) => true,
        ([Some(a), Some(b), None], [Some(c), Some(d), None]) => (a, b) == (d, c),
        _ => false,
    }
}

/// Two texts without what both begin with and what both end with.
fn differing<'t>(left: &'t str, right: &'t str) -> (&'t str, &'t str) {
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        let same = pairs.take_while(|(left, right)| left == right);
        same.map(|(character, _)| character.len_utf8()).sum()
    };
    let head = same(&mut left.chars().zip(right.chars()));
    let (left, right) = (&left[head..], &right[head..]);
    let tail = same(&mut left.chars().rev().zip(right.chars().rev()));
    (&left[..left.len() - tail], &right[..right.len() - tail])
}

/// Sources of events from AWS services. See "AWS service events" in the user guide.
const SOURCES: [&str; 124] = [
    "aws.a4b",
    "aws.access-analyzer",
    "aws.account",
    "aws.acm",
    "aws.aoss",
    "aws.amplify",
    "aws.apigateway",
    "aws.appconfig",
    "aws.appfabric",
    "aws.appflow",
    "aws.application-autoscaling",
    "aws.application-signals",
    "aws.appsync",
    "aws.aps",
    "aws.artifact",
    "aws.athena",
    "aws.auditmanager",
    "aws.autoscaling",
    "aws.backup",
    "aws.batch",
    "aws.bedrock",
    "aws.bedrock-agentcore",
    "aws.braket",
    "aws.budgets",
    "aws.cases",
    "aws.ce",
    "aws.chatbot",
    "aws.chime",
    "aws.cloud9",
    "aws.cloudformation",
    "aws.cloudfront",
    "aws.cloudshell",
    "aws.cloudtrail",
    "aws.cloudwatch",
    "aws.codeartifact",
    "aws.codebuild",
    "aws.codecommit",
    "aws.codeconnections",
    "aws.codedeploy",
    "aws.codeguru-profiler",
    "aws.codeguru-reviewer",
    "aws.codepipeline",
    "aws.cognito-idp",
    "aws.compute-optimizer",
    "aws.config",
    "aws.connect",
    "aws.controltower",
    "aws.customer-profiles",
    "aws.dataexchange",
    "aws.datasync",
    "aws.deadline",
    "aws.detective",
    "aws.devops-guru",
    "aws.discovery",
    "aws.dlm",
    "aws.dms",
    "aws.drs",
    "aws.ds",
    "aws.dynamodb",
    "aws.ebs",
    "aws.ec2",
    "aws.ec2fleet",
    "aws.ec2spotfleet",
    "aws.ecr",
    "aws.ecr-public",
    "aws.ecs",
    "aws.efs",
    "aws.eks",
    "aws.elasticache",
    "aws.elasticbeanstalk",
    "aws.elasticfilesystem",
    "aws.elasticloadbalancing",
    "aws.elasticmapreduce",
    "aws.emr",
    "aws.emr-containers",
    "aws.emr-serverless",
    "aws.es",
    "aws.events",
    "aws.fargate",
    "aws.fis",
    "aws.fms",
    "aws.forecast",
    "aws.fsx",
    "aws.gamelift",
    "aws.geo",
    "aws.glacier",
    "aws.globalaccelerator",
    "aws.glue",
    "aws.greengrass",
    "aws.groundstation",
    "aws.guardduty",
    "aws.health",
    "aws.healthlake",
    "aws.iam",
    "aws.imagebuilder",
    "aws.inspector",
    "aws.inspector2",
    "aws.internetmonitor",
    "aws.iot",
    "aws.ivs",
    "aws.kinesis",
    "aws.kms",
    "aws.lambda",
    "aws.logs",
    "aws.macie",
    "aws.mediaconnect",
    "aws.mediaconvert",
    "aws.medialive",
    "aws.mediapackage",
    "aws.mediastore",
    "aws.mediatailor",
    "aws.monitoring",
    "aws.organizations",
    "aws.rds",
    "aws.redshift",
    "aws.s3",
    "aws.sagemaker",
    "aws.secretsmanager",
    "aws.securityhub",
    "aws.signin",
    "aws.states",
    "aws.ssm",
    "aws.tag",
    "aws.trustedadvisor",
];

/// Detail types of events from AWS services.
const DETAIL_TYPES: [&str; 60] = [
    "ACM Certificate Approaching Expiration",
    "ACM Certificate Expired",
    "AWS API Call via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Health Abuse Event",
    "AWS Health Event",
    "AWS Service Event via CloudTrail",
    "Access Analyzer Finding",
    "Athena Query State Change",
    "Batch Job State Change",
    "CloudFormation Stack Status Change",
    "CloudWatch Alarm State Change",
    "CodeBuild Build Phase Change",
    "CodeBuild Build State Change",
    "CodeCommit Repository State Change",
    "CodeDeploy Deployment State-change Notification",
    "CodePipeline Action Execution State Change",
    "CodePipeline Pipeline Execution State Change",
    "CodePipeline Stage Execution State Change",
    "Config Rules Compliance Change",
    "DMS Replication Task State Change",
    "EBS Snapshot Notification",
    "EBS Volume Notification",
    "EC2 AMI State Change",
    "EC2 Instance Launch Successful",
    "EC2 Instance Launch Unsuccessful",
    "EC2 Instance Rebalance Recommendation",
    "EC2 Instance State-change Notification",
    "EC2 Instance Terminate Successful",
    "EC2 Instance Terminate Unsuccessful",
    "EC2 Instance-launch Lifecycle Action",
    "EC2 Instance-terminate Lifecycle Action",
    "EC2 Spot Instance Interruption Warning",
    "ECR Image Action",
    "ECR Image Scan",
    "ECS Container Instance State Change",
    "ECS Deployment State Change",
    "ECS Service Action",
    "ECS Task State Change",
    "Glue Crawler State Change",
    "Glue Job State Change",
    "GuardDuty Finding",
    "Inspector2 Finding",
    "Macie Finding",
    "MediaConvert Job State Change",
    "Object ACL Updated",
    "Object Created",
    "Object Deleted",
    "Object Tags Added",
    "Object Tags Deleted",
    "Parameter Store Change",
    "RDS DB Cluster Event",
    "RDS DB Instance Event",
    "SageMaker Training Job State Change",
    "Scheduled Event",
    "Security Hub Findings - Custom Action",
    "Security Hub Findings - Imported",
    "Step Functions Execution Status Change",
    "Tag Change on Resource",
    "Trusted Advisor Check Item Refresh Notification",
];

/// Fields that a CloudTrail record has. See "CloudTrail record contents".
const CLOUDTRAIL_FIELDS: [&str; 31] = [
    "additionalEventData",
    "addendum",
    "apiVersion",
    "awsRegion",
    "edgeDeviceDetails",
    "errorCode",
    "errorMessage",
    "eventCategory",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "insightDetails",
    "managementEvent",
    "readOnly",
    "recipientAccountId",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "sourceIPAddress",
    "tlsDetails",
    "userAgent",
    "userIdentity",
    "vpcEndpointAccountId",
    "vpcEndpointId",
];

/// Returns the AWS source that a literal nearly is. Short names are too near
/// each other, and a digit more or less is often another service.
pub(crate) fn near_source(literal: &str) -> Option<&'static str> {
    if SOURCES.contains(&literal) {
        return None;
    }
    let case = SOURCES
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(literal));
    case.or_else(|| {
        SOURCES
            .into_iter()
            .filter(|known| known.len() >= 10 && !differ_by_digits(known, literal))
            .find(|known| is_near(known, literal))
    })
}

/// Returns the AWS detail type that a literal nearly is: one edit away, digits
/// apart as in [`near_source`], or written with other hyphens and capitals.
pub(crate) fn near_detail_type(literal: &str) -> Option<&'static str> {
    if DETAIL_TYPES.contains(&literal) {
        return None;
    }
    let mut known = DETAIL_TYPES.into_iter();
    let same = known.find(|known| letters(known).eq(letters(literal)));
    same.or_else(|| near(&DETAIL_TYPES, literal).filter(|known| !differ_by_digits(known, literal)))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name
        .chars()
        .filter(|letter| !matches!(letter, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase)
}

/// Whether two names are the same without their digits.
pub(crate) fn differ_by_digits(left: &str, right: &str) -> bool {
    let is_letter = |byte: &u8| !byte.is_ascii_digit();
    let (left, right) = (left.bytes(), right.bytes());
    left.filter(is_letter).eq(right.filter(is_letter))
}

/// Returns whether a CloudTrail record has a field of this name.
pub(crate) fn is_cloudtrail_field(name: &str) -> bool {
    CLOUDTRAIL_FIELDS.contains(&name)
}

/// Returns the CloudTrail field that a name nearly is.
pub(crate) fn near_cloudtrail_field(name: &str) -> Option<&'static str> {
    near(&CLOUDTRAIL_FIELDS, name)
}

fn near(known: &'static [&'static str], name: &str) -> Option<&'static str> {
    if known.contains(&name) {
        return None;
    }
    known
        .iter()
        .copied()
        .find(|known| known.eq_ignore_ascii_case(name) || is_near(known, name))
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn one_edit_is_near() {
        for (left, right) in [
            ("source", "sorce"),
            ("source", "sources"),
            ("source", "soruce"),
            ("source", "xource"),
            ("a", ""),
            ("aab", "aba"),
            ("aa", "aaa"),
            ("größe", "größen"),
            ("größe", "grüße"),
        ] {
            assert!(
                is_near(left, right) && is_near(right, left),
                "{left} {right}"
            );
        }
        for (left, right) in [
            ("source", "source"),
            ("source", "scource x"),
            ("ab", "cd"),
            ("source", "sucroe"),
        ] {
            assert!(!is_near(left, right), "{left} {right}");
        }
    }
}
