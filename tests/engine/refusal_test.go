package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/localaws/services/sagemaker"
)

func TestBadSettingsCreateNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sagemaker.Durations{})
	bad := w.file("bad", `config:
  aws:region: eu-west-1
  sagehost:models:
    flowers:
      image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:latest
  sagehost:endpoints:
    flowers:
      variants:
        - name: main
          model: flowers
          instanceType: m5.large
`)
	_, _, err := w.open(bad).Up(t.Context())

	require.Error(t, err)
	require.Contains(t, w.out.String(), "Pulumi.bad.yaml: 2 problems")
	require.Contains(t, w.out.String(), `sagehost:endpoints.flowers.variants[0].instanceType: "m5.large" is not a `+
		`SageMaker hosting instance type; did you mean "ml.m5.large"?`)
	require.Contains(t, w.out.String(), "sagehost:models.flowers.image: ")
	require.Empty(t, w.clients.count(t))
}

func TestAnInstanceTypeThatTheProviderDoesNotKnowCreatesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sagemaker.Durations{})
	early := w.file("early", `config:
  aws:region: eu-west-1
  sagehost:models:
    flowers:
      image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/flowers:1.0.0
  sagehost:endpoints:
    flowers:
      variants:
        - name: main
          model: flowers
          instanceType: ml.p6e-gb200.36xlarge
`)
	_, err := w.open(early).Preview(t.Context())

	require.Error(t, err)
	require.Contains(t, w.out.String(), "Pulumi.early.yaml: 1 problem\n")
	require.Contains(t, w.out.String(), `sagehost:endpoints.flowers.variants[0].instanceType: "ml.p6e-gb200.36xlarge" `+
		"is known to SageMaker, but not to the AWS provider (pulumi-aws) that deploys it; use another one\n")
	require.Empty(t, w.clients.count(t))
}
