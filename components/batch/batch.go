// Package batch declares the means to transform data in bulk: a state machine that runs SageMaker's transform jobs, and
// what starts and watches it.
package batch

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sfn"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"sagehost/components/internal/account"
	"sagehost/components/logs"
	"sagehost/kit/check"
	"sagehost/kit/s3uri"
)

// Type is the component's resource type token. It is part of every child's URN: changing it replaces the batch.
const Type = "sagehost:batch:Batch"

// Args configures a Batch.
type Args struct {
	Spec

	// Name is the name of the state machine and of what starts it, the first part of the names of jobs, and the batch's
	// folder in the bucket. At most 64 letters, digits and hyphens; 80 for a batch that only runs on demand. Required.
	Name string
	// ModelName is the model's name in SageMaker. Its role must be allowed to read the input and the manifests of runs,
	// and to write their output. Required.
	ModelName pulumi.StringInput
	// Model is what the batch must know of the model.
	Model ModelTraits
	// Bucket is the bucket in which runs write, and in which the input is unless the Spec names another place. With
	// Arrivals, the input's bucket must send its events to Amazon EventBridge. Required.
	Bucket pulumi.StringInput
	// Logs says how long the log of executions is kept. Default: all defaults.
	Logs logs.Spec

	// KMSKeyARN is the key that encrypts volumes, predictions, logs and the schedule. Default: none, keys of AWS's.
	KMSKeyARN pulumi.StringInput
	// TopicARN is the SNS topic that alarms tell. Required.
	TopicARN pulumi.StringInput

	// PermissionsBoundary is the ARN of the managed policy that limits what the roles may do, whatever their policies say.
	// Default: none.
	PermissionsBoundary string

	// RolePath is the path in IAM of the roles, such as "/vision/": changing it replaces them. Default: "/".
	RolePath string

	// Tags are added to everything that takes tags, jobs included; on resources on top of the provider's default tags.
	Tags pulumi.StringMap
}

// Batch is a state machine with its role and log, what starts it, and its alarms.
type Batch struct {
	pulumi.ResourceState

	// StateMachineARN is the state machine's ARN.
	StateMachineARN pulumi.StringOutput `pulumi:"stateMachineArn"`
	// InputURI is the s3:// URI of a run's default input: a prefix, ending in "/", or one object.
	InputURI pulumi.StringOutput `pulumi:"inputUri"`
	// RunsURI is the s3:// prefix beneath which every run has a folder of its name.
	RunsURI pulumi.StringOutput `pulumi:"runsUri"`
}

// New creates the batch. Nothing runs before its schedule, a file or somebody starts it.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Batch, error) {
	if err := args.check(name); err != nil {
		return nil, fmt.Errorf("batch %q: %w", name, err)
	}
	b := &Batch{}
	props := pulumi.Map{"name": pulumi.String(args.Name)}
	if len(args.NotSecret) > 0 {
		props["notSecret"] = pulumi.ToStringArray(args.NotSecret)
	}
	if err := ctx.RegisterComponentResourceV2(Type, name, props, b, opts...); err != nil {
		return nil, fmt.Errorf("batch %q: %w", name, err)
	}
	here, parent := account.Of(ctx, b), pulumi.Parent(b)
	log, err := logs.NewGroup(ctx, name, &logs.Args{
		Spec: args.Logs, GroupName: logs.OfStateMachine(args.Name), KMSKeyARN: args.KMSKeyARN, Tags: args.Tags,
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("batch %q: log: %w", name, err)
	}
	role, err := args.newRole(ctx, name, here, parent)
	if err != nil {
		return nil, fmt.Errorf("batch %q: role: %w", name, err)
	}
	machine, err := sfn.NewStateMachine(ctx, name, &sfn.StateMachineArgs{
		Name:       pulumi.String(args.Name),
		Definition: args.definition(here),
		RoleArn:    role,
		LoggingConfiguration: sfn.StateMachineLoggingConfigurationArgs{
			// What executions are given and pass on are places, not data.
			IncludeExecutionData: pulumi.Bool(true),
			Level:                pulumi.String("ALL"),
			LogDestination:       pulumi.Sprintf("%s:*", log.Arn),
		},
		TracingConfiguration: sfn.StateMachineTracingConfigurationArgs{Enabled: pulumi.Bool(true)},
		Tags:                 args.Tags,
	}, parent)
	if err != nil {
		return nil, fmt.Errorf("batch %q: state machine: %w", name, err)
	}
	b.StateMachineARN = machine.Arn
	if err := args.newTrigger(ctx, name, machine, here, parent); err != nil {
		return nil, fmt.Errorf("batch %q: %w", name, err)
	}
	if err := args.newAlarms(ctx, name, machine, parent); err != nil {
		return nil, fmt.Errorf("batch %q: %w", name, err)
	}
	bucket, input := args.input()
	b.InputURI = pulumi.Sprintf("s3://%s/%s", bucket, input)
	b.RunsURI = pulumi.Sprintf("s3://%s/%s", args.Bucket, RunsPrefix(args.Name))
	return b, ctx.RegisterResourceOutputs(b, pulumi.Map{
		"stateMachineArn": b.StateMachineARN, "inputUri": b.InputURI, "runsUri": b.RunsURI,
	})
}

func (a *Args) check(name string) error {
	at := check.New("")
	CheckLogicalName(at, name)
	if at.Key("name").Required(a.Name) {
		a.Check(at, Surroundings{Name: a.Name, Model: a.Model})
	}
	a.Logs.Check(at.Key("logs"))
	for _, row := range []struct {
		key   string
		value pulumi.StringInput
	}{{"modelName", a.ModelName}, {"bucket", a.Bucket}, {"topicArn", a.TopicARN}} {
		if row.value == nil {
			at.Key(row.key).Addf("is required")
		}
	}
	return at.Err()
}

// input is the bucket of the declared input, and its prefix or key.
func (a *Args) input() (bucket pulumi.StringInput, key string) {
	if a.Input == "" {
		return a.Bucket, InputPrefix(a.Name)
	}
	named, key, _ := s3uri.Split(a.Input)
	return pulumi.String(named), key
}

// definition is the state machine's, once everything in it is known.
func (a *Args) definition(here account.Account) pulumi.StringOutput {
	bucket, input := a.input()
	var key pulumi.StringInput = pulumi.String("")
	if a.KMSKeyARN != nil {
		key = a.KMSKeyARN
	}
	known := pulumi.All(here.Partition, a.ModelName, a.Bucket, bucket, key, a.Tags)
	return known.ApplyT(func(all []any) (string, error) {
		tags, _ := all[5].(map[string]string)
		p := &program{
			spec: &a.Spec, name: a.Name, partition: all[0].(string), model: all[1].(string), bucket: all[2].(string),
			inputBucket: all[3].(string), input: input, keyARN: all[4].(string), tags: tags,
		}
		return p.definition()
	}).(pulumi.StringOutput)
}
