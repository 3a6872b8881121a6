// Package settings turns Pulumi.<stack>.yaml into typed values, and says everything that is wrong with it at once.
package settings

import (
	"sagehost/components/access"
	"sagehost/components/alarms"
	"sagehost/components/alerts"
	"sagehost/components/artifacts"
	"sagehost/components/batch"
	"sagehost/components/encryption"
	"sagehost/components/endpoint"
	"sagehost/components/logs"
	"sagehost/components/model"
	"sagehost/components/network"
	"sagehost/components/scaling"
)

// Namespace begins every key of these settings in a stack's configuration: the name of the Pulumi project.
const Namespace = "sagehost"

// Settings is what a stack consists of.
type Settings struct {
	// Pinned demands that a deployment serves the same tomorrow: every model is a release, or has its images by digest and
	// its archives by artifactFile, not by artifact or artifactPrefix, or is a model package with a version. What comes
	// and goes beneath the prefix of a multi-model container is left out. Default: false.
	Pinned bool `json:"pinned"`

	// PermissionsBoundary is the ARN of a managed policy of IAM that limits what the stack's roles may do, whatever their
	// own policies say. A deployer's policies demand the one that `bootstrap` makes. Default: the one that `bootstrap`
	// makes for the stack, if the account has it: `arn:<partition>:iam::<account>:policy/permissions-boundary/` and
	// `sagehost-<stack>`; otherwise none.
	PermissionsBoundary string `json:"permissionsBoundary" aws:"policy"`

	// Storage configures the stack's buckets: for model archives, captured data and batch data. Default: all defaults.
	Storage artifacts.Spec `json:"storage"`

	// Alerts configures the topic to which all alarms report. Default: a topic without subscribers.
	Alerts alerts.Spec `json:"alerts"`

	// Encryption configures a key for the stack. Default: no key of its own.
	Encryption encryption.Spec `json:"encryption"`

	// Logs says how long the logs of endpoints, of batch transforms' runs and of the network's connections are kept.
	// Default: all defaults.
	Logs logs.Spec `json:"logs"`

	// Network puts the models into a VPC, but for those whose joinNetwork is false. Default: none, they run in
	// SageMaker's own.
	Network *network.Spec `json:"network"`

	// Models are the stack's models by name. Names have at most 55 letters, digits and hyphens. Default: none.
	Models map[string]Model `json:"models"`

	// Endpoints are the stack's endpoints by name; in SageMaker, an endpoint is called `<name>-<stack>`. Default: none.
	Endpoints map[string]Endpoint `json:"endpoints"`

	// Batch are the stack's batch transforms by name: on a schedule, on arrival of files, or on demand; in AWS, the state
	// machine of one is called `<name>-<stack>`. Names have at most 50 letters, digits and hyphens. Default: none.
	Batch map[string]Batch `json:"batch"`

	// Promotion is what is demanded of a release before it is promoted to this stack. Default: none.
	Promotion *Promotion `json:"promotion"`
}

// Model is a model: described here, or as a release.
type Model struct {
	model.Spec

	// Release is the id of a release of this model, all 64 digits: its manifest under `releases/<model>/` says what the
	// containers are, in place of the keys that describe them here. Default: unset.
	Release string `json:"release"`
}

// Endpoint is an endpoint: in real time on instances, serverless, or asynchronous.
type Endpoint struct {
	endpoint.Spec

	// Variants share the endpoint's traffic. Range: 1 to 10 of them. Required.
	Variants []Variant `json:"variants"`

	// Shadow is a variant that is sent copies of the requests to the endpoint's only variant, and whose answers are
	// dropped. Default: none.
	Shadow *Shadow `json:"shadow"`

	// Alarms are the thresholds of the endpoint's alarms. Default: all defaults.
	Alarms alarms.Spec `json:"alarms"`

	// Callers are those for whom a policy is made that allows them to invoke this endpoint and nothing else, by a name for
	// them. Default: none.
	Callers map[string]access.CallerSpec `json:"callers"`
}

// Variant is a fleet of equal instances, or a serverless one, that serves one model.
type Variant struct {
	endpoint.VariantSpec

	// Model is the name of one of the stack's models. Required.
	Model string `json:"model"`

	// Scaling keeps the number of instances in step with the load. Default: none, the number stays as it is.
	Scaling *scaling.Spec `json:"scaling"`

	// ConcurrencyScaling keeps the provisioned concurrency of a serverless variant in step with the load. Default: none,
	// it stays as it is.
	ConcurrencyScaling *scaling.ConcurrencySpec `json:"concurrencyScaling"`
}

// Shadow is a variant that answers nobody.
type Shadow struct {
	endpoint.VariantSpec `refuses:"serverless"`

	// Model is the name of one of the stack's models. Required.
	Model string `json:"model"`
}

// Batch is a batch transform.
type Batch struct {
	batch.Spec

	// Model is the name of one of the stack's models, which endpoints may serve, too. Not one of many models, nor of
	// uncompressed data, nor a pipeline whose containers answer for themselves. Required.
	Model string `json:"model"`
}

// BatchName is the name in AWS of the batch transform with this key: stacks can share an account and region.
func BatchName(key, stack string) string { return key + "-" + stack }

// EndpointName is the name in SageMaker of the endpoint with this key: stacks can share an account and region.
func EndpointName(key, stack string) string { return key + "-" + stack }
