package components_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"sagehost/components/execrole"
	"sagehost/components/model"
)

func TestWhatAModelNeedsFollowsFromItsSpec(t *testing.T) {
	t.Parallel()
	const (
		prefix  = "s3://models/garden/"
		private = "registry.example.com/flowers:1"
	)
	uri := inputs("s3://models/2.tar.gz")[0]
	vpc := &model.ImageConfig{RepositoryAccessMode: "Vpc", RepositoryCredentialsProviderARN: lambdaARN}
	for _, test := range []struct {
		name string
		args model.Args
		want []execrole.Container
	}{
		{"of one container", model.Args{Spec: model.Spec{Container: model.Container{
			Image: image, Artifact: artifact, Environment: map[string]string{"API_KEY": secretARN},
		}}}, []execrole.Container{
			{Image: image, ArtifactURI: pulumi.String(artifact), ForeignKey: true, SecretARNs: []string{secretARN}},
		}},
		{"of a pipeline", model.Args{
			ArtifactURIs: []pulumi.StringInput{nil, uri, inputs(prefix)[0]},
			Spec: model.Spec{Containers: []model.Stage{
				{Container: model.Container{Image: image, ArtifactPrefix: prefix}},
				{Container: model.Container{Image: image, ArtifactFile: "2.tar.gz"}},
				{Container: model.Container{Image: image, MultiModel: &model.MultiModel{}}},
			}},
		}, []execrole.Container{
			{Image: image, PrefixURI: pulumi.String(prefix), ForeignKey: true},
			{Image: image, ArtifactURI: uri},
			{Image: image, PrefixURI: pulumi.String(prefix)},
		}},
		{
			"of a private image",
			model.Args{Spec: model.Spec{Container: model.Container{Image: private, ImageConfig: vpc}}},
			[]execrole.Container{{CredentialsProviderARN: lambdaARN}},
		},
		{"of a package", model.Args{Spec: model.Spec{
			PackageARN: "arn", PackageImages: []string{image}, PackagePrefixes: []string{prefix},
		}}, []execrole.Container{{Image: image}, {PrefixURI: pulumi.String(prefix), ForeignKey: true}}},
		{"of a package with secrets", model.Args{Spec: model.Spec{
			PackageARN: "arn", Container: model.Container{Environment: map[string]string{"API_KEY": secretARN}},
		}}, []execrole.Container{{SecretARNs: []string{secretARN}}}},
		{"of a package of AWS Marketplace", model.Args{Spec: model.Spec{PackageARN: "arn"}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, test.args.Needs())
		})
	}
}
