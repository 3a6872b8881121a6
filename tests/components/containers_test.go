package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/model"
	"sagehost/tests/harness"
)

// The ways a container gets its model and its image are the same alone and in a pipeline.
func TestAContainerIsWhatItsSpecSays(t *testing.T) {
	t.Parallel()
	const prefix = "s3://models/garden/"
	private := "registry.example.com/team/flowers@" + digest
	for _, test := range []struct {
		name      string
		container model.Container
		uri       pulumi.StringInput
		want      string
	}{
		{"with an archive", model.Container{Image: image, Artifact: artifact}, nil, `{
			"image": "` + image + `", "modelDataUrl": "` + artifact + `"
		}`},
		{"with files that are not compressed", model.Container{Image: image, ArtifactPrefix: prefix}, nil, `{
			"image": "` + image + `", "modelDataSource": {"s3DataSources": [
				{"s3Uri": "` + prefix + `", "s3DataType": "S3Prefix", "compressionType": "None"}
			]}
		}`},
		{"with many models", model.Container{
			Image: image, MultiModel: &model.MultiModel{Prefix: prefix},
		}, nil, `{
			"image": "` + image + `", "modelDataUrl": "` + prefix + `", "mode": "MultiModel",
			"multiModelConfig": {"modelCacheSetting": "Enabled"}
		}`},
		{"with many models in a place that is found for it, and not kept", model.Container{
			Image: image, MultiModel: &model.MultiModel{Cache: new(false)},
		}, pulumi.String(prefix), `{
			"image": "` + image + `", "modelDataUrl": "` + prefix + `", "mode": "MultiModel",
			"multiModelConfig": {"modelCacheSetting": "Disabled"}
		}`},
		{"from Amazon ECR, explicitly", model.Container{
			Image: image, ImageConfig: &model.ImageConfig{RepositoryAccessMode: "Platform"},
		}, nil, `{"image": "` + image + `", "imageConfig": {"repositoryAccessMode": "Platform"}}`},
		{"from a private registry", model.Container{Image: private, ImageConfig: &model.ImageConfig{
			RepositoryAccessMode: "Vpc", RepositoryCredentialsProviderARN: lambdaARN,
		}}, nil, `{"image": "` + private + `", "imageConfig": {
			"repositoryAccessMode": "Vpc",
			"repositoryAuthConfig": {"repositoryCredentialsProviderArn": "` + lambdaARN + `"}
		}}`},
	} {
		for _, pipeline := range []bool{false, true} {
			t.Run(test.name+map[bool]string{false: ", alone", true: ", in a pipeline"}[pipeline], func(t *testing.T) {
				t.Parallel()
				args := model.Args{
					Spec: model.Spec{Container: test.container}, Network: inVPC(),
					ArtifactURIs: []pulumi.StringInput{test.uri},
				}
				want := `"primaryContainer": ` + test.want
				if pipeline {
					args.Spec = model.Spec{Containers: []model.Stage{
						{Container: test.container}, {Container: model.Container{Image: image}},
					}}
					want = `"containers": [` + test.want + `, {"image": "` + image + `"}]`
				}
				inputs := readable(t, harness.Run(t, modelOf(args)).One(t, modelType))
				assert.JSONEq(t, `{
					"executionRoleArn": "`+roleARN+`", "enableNetworkIsolation": true, `+wantVPC+`, `+want+`, `+wantTags+`
				}`, inputs)
			})
		}
	}
}

const (
	lambdaARN = "arn:aws-cn:lambda:cn-north-1:123456789012:function:credentials"
	wantVPC   = `"vpcConfig": {"subnets": ["subnet-a", "subnet-b"], "securityGroupIds": ["sg-a"]}`
)

func inVPC() *model.Network {
	return &model.Network{
		SubnetIDs:        pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		SecurityGroupIDs: pulumi.ToStringArray([]string{"sg-a"}),
	}
}

// pipeline is a model of two containers with hostnames, whose archives are uploaded.
func pipeline(direct bool) model.Args {
	return model.Args{
		Spec: model.Spec{Direct: direct, Containers: []model.Stage{
			{Hostname: "preprocess", Container: model.Container{Image: image, ArtifactFile: "preprocess.tar.gz"}},
			{Hostname: "score", Container: model.Container{
				Image: image, ArtifactFile: "score.tar.gz", Environment: map[string]string{"LOG_LEVEL": "debug"},
			}},
		}},
		ArtifactURIs: []pulumi.StringInput{
			pulumi.String("s3://models/1.tar.gz"), pulumi.String("s3://models/2.tar.gz"),
		},
	}
}

func TestAPipelineIsItsContainersInTheirOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, want string
		direct     bool
	}{
		{"that pass their answers on", "", false},
		{"that answer for themselves", `"inferenceExecutionConfig": {"mode": "Direct"},`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			graph := harness.Run(t, modelOf(pipeline(test.direct)))
			requireUnder(t, graph, model.Type)
			requireDeclares(t, graph, declaration{
				model.Type + " flowers": `{"containers": [
					{"image": "` + image + `", "artifact": "s3://models/1.tar.gz"},
					{"image": "` + image + `", "artifact": "s3://models/2.tar.gz"}
				]}`,
				modelType + " flowers": `{
					"executionRoleArn": "` + roleARN + `", "enableNetworkIsolation": true, ` + test.want + `
					"containers": [
						{"containerHostname": "preprocess", "image": "` + image + `", "modelDataUrl": "s3://models/1.tar.gz"},
						{
							"containerHostname": "score", "image": "` + image + `", "modelDataUrl": "s3://models/2.tar.gz",
							"environment": {"LOG_LEVEL": "debug"}
						}
					], ` + wantTags + `
				}`,
			})
		})
	}
}
