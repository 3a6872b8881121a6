package components_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/endpoint"
	"sagehost/components/logs"
	"sagehost/components/model"
	"sagehost/components/scaling"
	"sagehost/tests/harness"
)

const (
	configType   = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
	endpointType = "aws:sagemaker/endpoint:Endpoint"
	fleetsType   = "pulumi:index:Stash"
)

// variant is a variant with all defaults.
func variant() endpoint.Variant {
	spec := endpoint.VariantSpec{Name: "main", InstanceType: "ml.m5.large"}
	return endpoint.Variant{VariantSpec: spec, ModelName: pulumi.String("flowers-1")}
}

func newEndpoint(args endpoint.Args) pulumi.RunFunc {
	args.Tags = tags
	return func(ctx *pulumi.Context) error {
		_, err := endpoint.New(ctx, "flowers", &args)
		return err
	}
}

// wantLogGroup is the endpoint's log group.
const wantLogGroup = `{"name": "/aws/sagemaker/Endpoints/flowers-test", "retentionInDays": 365, ` + wantTags + `}`

func TestAnEndpointServesItsConfiguration(t *testing.T) {
	t.Parallel()
	dark := endpoint.Variant{ModelName: pulumi.String("flowers-2"), VariantSpec: endpoint.VariantSpec{
		Name: "dark", InstanceType: "ml.c5.xlarge", InitialInstanceCount: new(3), Weight: new(0.0),
		ContainerStartupHealthCheckTimeout: new(90 * time.Second),
	}}
	program := newEndpoint(endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant(), dark}})
	component := `{"name": "flowers-test"}`
	config := `{
		"productionVariants": [{
			"variantName": "main", "modelName": "flowers-1", "instanceType": "ml.m5.large",
			"initialInstanceCount": 1, "initialVariantWeight": 1
		}, {
			"variantName": "dark", "modelName": "flowers-2", "instanceType": "ml.c5.xlarge",
			"initialInstanceCount": 3, "initialVariantWeight": 0, "containerStartupHealthCheckTimeoutInSeconds": 90
		}],
		` + wantTags + `
	}`
	t.Run("when it is created", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program)
		requireUnder(t, graph, endpoint.Type)
		requireDeclares(t, graph, declaration{
			endpoint.Type + " flowers": component,
			configType + " flowers":    config,
			logGroupType + " flowers":  wantLogGroup,
			fleetsType + " flowers":    `{"input": {"main": "ml.m5.large", "dark": "ml.c5.xlarge"}}`,
			endpointType + " flowers": `{
				"name": "flowers-test", "endpointConfigName": "flowers-endpointconfiguration", ` + wantTags + `
			}`,
		})
	})
	t.Run("in a preview", func(t *testing.T) {
		t.Parallel()
		graph := harness.Run(t, program, harness.Preview())
		requireUnder(t, graph, endpoint.Type)
		requireDeclares(t, graph, declaration{
			endpoint.Type + " flowers": component,
			configType + " flowers":    config,
			logGroupType + " flowers":  wantLogGroup,
			fleetsType + " flowers":    `{"input": {"main": "ml.m5.large", "dark": "ml.c5.xlarge"}}`,
			endpointType + " flowers":  `{"name": "flowers-test", "endpointConfigName": ` + unknown + `, ` + wantTags + `}`,
		})
	})
}

func TestEachGenerationWaitsForTheNext(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		m, err := model.New(ctx, "flowers", &model.Args{
			Spec: model.Spec{Container: model.Container{Image: image}}, RoleARN: pulumi.String(roleARN), Tags: tags,
		})
		if err != nil {
			return err
		}
		served := variant()
		served.ModelName = m.Name
		_, err = endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers-test", Variants: []endpoint.Variant{served}, Tags: tags,
		})
		return err
	})
	config := graph.One(t, configType)
	assert.Contains(t, config.Dependencies, graph.One(t, modelType).URN)
	assert.Contains(t, graph.One(t, endpointType).Dependencies, config.URN)
}

// SageMaker makes the log group of an endpoint that finds none, and keeps everything in it for ever.
func TestTheLogsOfAnEndpointAreThereBeforeIt(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, newEndpoint(endpoint.Args{
		Name: "flowers-test", Variants: []endpoint.Variant{variant()},
		Logs: logs.Spec{RetentionDays: new(7)}, LogsKMSKeyARN: pulumi.String(stackKey),
	}))
	group := graph.One(t, logGroupType)
	assert.Contains(t, graph.One(t, endpointType).Dependencies, group.URN)
	assert.InDelta(t, 7, group.Inputs["retentionInDays"], 0)
	assert.Equal(t, stackKey, group.Inputs["kmsKeyId"])
}

func TestProtectionHoldsTheEndpointItsLogsAndLetsItsConfigurationGo(t *testing.T) {
	t.Parallel()
	args := endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}}
	assert.Empty(t, protected(harness.Run(t, newEndpoint(args))))
	args.Protect = true
	assert.Equal(t, []string{logGroupType, endpointType}, protected(harness.Run(t, newEndpoint(args))))
}

func TestAConfigurationIsReplaceableUnderAProtectedParent(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		args := &endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}, Tags: tags}
		_, err := endpoint.New(ctx, "flowers", args, pulumi.Protect(true))
		return err
	})
	assert.False(t, graph.One(t, configType).Protect)
}

// What a target is made of is deleted before it when the fleets change, and the endpoint waits for that.
func TestAScalableTargetIsMadeOfTheFleetsThatTheEndpointWaitsFor(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		e, err := endpoint.New(ctx, "flowers", &endpoint.Args{
			Name: "flowers-test", Variants: []endpoint.Variant{variant()}, Tags: tags,
		}, pulumi.Protect(true))
		if err != nil {
			return err
		}
		_, err = scaling.New(ctx, "flowers.main", &scaling.Args{
			Spec:         scaling.Spec{Min: 1, Max: 2, InvocationsPerInstance: new(60.0)},
			EndpointName: e.Name, VariantName: "main", Variant: scaling.Variant{InitialInstanceCount: 1}, Tags: tags,
		})
		return err
	})
	fleets, serving := graph.One(t, fleetsType), graph.One(t, endpointType)
	assert.Equal(t, []string{graph.One(t, configType).URN}, fleets.Dependencies, "after everything that can be refused")
	assert.False(t, fleets.Protect)
	assert.Contains(t, serving.Dependencies, fleets.URN)
	target := graph.One(t, targetType)
	assert.Contains(t, target.Dependencies, fleets.URN)
	assert.Equal(t, "endpoint/flowers-test/variant/main", target.Inputs["resourceId"])
}

func TestTheConfigurationInServiceIsAnOutput(t *testing.T) {
	t.Parallel()
	graph := harness.Run(t, func(ctx *pulumi.Context) error {
		args := &endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}, Tags: tags}
		e, err := endpoint.New(ctx, "flowers", args)
		if err != nil {
			return err
		}
		ctx.Export("endpoint", pulumi.Map{"name": e.Name, "arn": e.ARN, "configName": e.ConfigName})
		return nil
	})
	assert.Equal(t, map[string]any{"endpoint": map[string]any{
		"name":       "flowers-test",
		"arn":        "arn:aws-cn:test:cn-north-1:123456789012:flowers-endpoint",
		"configName": "flowers-endpointconfiguration",
	}}, graph.Exports)
}

func TestAnUpdateThatWasRolledBackIsAnError(t *testing.T) {
	t.Parallel()
	args := endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}}
	err := harness.RunError(t, newEndpoint(args), harness.Reports(endpointType, "endpointConfigName", "flowers-old"))
	assert.ErrorContains(t, err, `endpoint "flowers-test" was rolled back: it serves the configuration "flowers-old", `+
		`not "flowers-endpointconfiguration"; `+
		"its FailureReason (DescribeEndpoint) says why")
}

func TestAnEndpointThatNeverCameIntoServiceIsAnError(t *testing.T) {
	t.Parallel()
	args := endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}}
	err := harness.RunError(t, newEndpoint(args), harness.Reports(endpointType, "arn", ""))
	assert.ErrorContains(t, err, `endpoint "flowers-test" has never come into service; `+
		"its FailureReason (DescribeEndpoint) says why; delete it")
}

func TestAPreviewCannotTellWhetherAnUpdateWillBeRolledBack(t *testing.T) {
	t.Parallel()
	args := endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}}
	graph := harness.Run(t, newEndpoint(args), harness.Preview(),
		harness.Reports(endpointType, "endpointConfigName", "flowers-old"))
	require.Len(t, graph.Resources, 5)
}

func TestAnEndpointThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	unserved := variant()
	unserved.ModelName = nil
	for _, test := range []struct {
		name string
		args endpoint.Args
		want []string
	}{
		{
			"without anything",
			endpoint.Args{},
			[]string{`endpoint "flowers": name: is required`, "variants: has 0 entries; 1 to 10 are allowed"},
		},
		{
			"without a model",
			endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{unserved}},
			[]string{`endpoint "flowers": variants[0].modelName: is required`},
		},
		{
			"with a name that cannot be",
			endpoint.Args{Name: "flowers_test", Variants: []endpoint.Variant{variant()}},
			[]string{`endpoint "flowers": name: "flowers_test" may only have letters, ` +
				`digits and hyphens, and no hyphen at its start or end`},
		},
		{
			"with two variants of one name",
			endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant(), variant()}},
			[]string{`endpoint "flowers": variants[1].name: "main" stands at variants[0] too`},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requireFails(t, newEndpoint(test.args), test.want...)
		})
	}
}

func TestALogicalNameThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	requireFails(t, func(ctx *pulumi.Context) error {
		args := &endpoint.Args{Name: "flowers-test", Variants: []endpoint.Variant{variant()}}
		_, err := endpoint.New(ctx, "my_flowers", args)
		return err
	}, `endpoint "my_flowers": the name "my_flowers" may only have letters, `+
		`digits and hyphens, and no hyphen at its start or end`)
}
