package settings

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// broken has a problem of each kind: unknown keys, values of another type, and values that cannot work.
const broken = `
pined: true
storage:
  protect: true
  forceDestroy: true
alerts:
  emails: [on-call]
models:
  flowers:
    image: nginx
    environments: {}
endpoints:
  flowers:
    variants:
      - name: main
        model: flower
        instanceType: m5.large
        weight: -1
      - name: main
        model: flowers
        instanceType: ml.m5.large
        scaling: {min: 2, max: 1, invocationsPerInstance: 600}
    alarms:
      errorRate5xx: 5
`

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	_, err := Parse(source(t, tree(t, broken)))
	require.EqualError(t, err, join(
		`Pulumi.dev.yaml: 11 problems`,
		`  sagehost:alerts.emails[0]: "on-call" is not an e-mail address`,
		`  sagehost:endpoints.flowers.alarms.errorRate5xx: 5 is not above 0 and below 1`,
		`  sagehost:endpoints.flowers.variants[0].instanceType: "m5.large" is not a SageMaker hosting instance type; `+
			`did you mean "ml.m5.large"?`,
		`  sagehost:endpoints.flowers.variants[0].model: "flower" is not among the stack's models; did you mean "flowers"?`,
		`  sagehost:endpoints.flowers.variants[0].weight: -1 is negative or not a number; use 0 to send no traffic`,
		`  sagehost:endpoints.flowers.variants[1].name: "main" stands at sagehost:endpoints.flowers.variants[0] too`,
		`  sagehost:endpoints.flowers.variants[1].scaling.max: 1 is less than min (2)`,
		`  sagehost:models.flowers.environments: is an unknown key; did you mean "environment"?`,
		`  sagehost:models.flowers.image: "nginx" is not an image in Amazon ECR; expected one like `+
			`"123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:…"`,
		`  sagehost:pined: is an unknown key; did you mean "pinned"?`,
		`  sagehost:storage.forceDestroy: true contradicts protect; at most one of the two can be`,
	))
}

func TestOneProblemIsCountedAsOne(t *testing.T) {
	t.Parallel()
	source := configured(t, change{"storage.captureRetentionDays": "0"})
	source.Stack = "prod"
	_, err := Parse(source)
	assert.EqualError(t, err, join(
		"Pulumi.prod.yaml: 1 problem",
		"  sagehost:storage.captureRetentionDays: 0 is not between 1 and 3650",
	))
}

func TestTheReportIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	_, first := Parse(source(t, tree(t, broken)))
	for range 50 {
		_, again := Parse(source(t, tree(t, broken)))
		require.EqualError(t, again, first.Error())
	}
}

func TestAnEncryptedKeyOfAnotherNamespaceIsPassedOver(t *testing.T) {
	t.Parallel()
	source := configured(t, nil)
	source.Config["aws:secretKey"] = plainSecret
	source.Secret = func(key string) bool { return key == "aws:secretKey" }
	_, err := Parse(source)
	assert.NoError(t, err)
}

func TestTheStacksNameIsPartOfTheEndpoints(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "flowers-prod", EndpointName("flowers", "prod"))
}
