package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/components/batch"
	"sagehost/components/model"
	"sagehost/stacks/settings"
)

func TestVariablesThatTheLocalAWSRefusesAreReportedByTheirPath(t *testing.T) {
	t.Parallel()
	one := map[string]string{"LD_PRELOAD": "/x.so", "LOG_LEVEL": "debug"}
	const refused = " is refused by the local AWS: it is read by the dynamic loader, and can make a program run other " +
		"code; what an image sets itself goes into .sagehost/images.yaml, under environment"
	pipeline := model.Spec{Containers: []model.Stage{{}, {Container: model.Container{Environment: one}}}}
	require.EqualError(t, checkLocal("dev", &settings.Settings{
		Models: map[string]settings.Model{
			"flowers": {Spec: model.Spec{Container: model.Container{Environment: one}}}, "penguins": {Spec: pipeline},
		},
		Batch: map[string]settings.Batch{"nightly": {Spec: batch.Spec{Environment: one}}},
	}), "Pulumi.dev.yaml: 3 problems"+
		"\n  sagehost:batch.nightly.environment.LD_PRELOAD:"+refused+
		"\n  sagehost:models.flowers.environment.LD_PRELOAD:"+refused+
		"\n  sagehost:models.penguins.containers[1].environment.LD_PRELOAD:"+refused)
	require.NoError(t, checkLocal("dev", &settings.Settings{}))
}
