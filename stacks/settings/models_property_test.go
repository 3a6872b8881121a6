package settings

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// container draws a container of a model.
func container(t *rapid.T) object {
	drawn := maybe(t, object{"image": repository + versions.Draw(t, "version")}, object{
		"environment": object{"LOG_LEVEL": "debug"}, "imageConfig": object{"repositoryAccessMode": "Platform"},
	})
	maps.Copy(drawn, rapid.SampledFrom([]object{
		{}, {"artifact": "s3://models/1/model.tar.gz"}, {"artifactPrefix": "s3://models/1/"},
	}).Draw(t, "data"))
	return drawn
}

// pipelineOf draws the containers of a pipeline. One of them may serve many models.
func pipelineOf(t *rapid.T, direct bool) []any {
	var list []any
	count := rapid.IntRange(2, 15).Draw(t, "containers")
	named := direct || rapid.Bool().Draw(t, "named")
	many := rapid.IntRange(0, 30).Draw(t, "many")
	for i := range count {
		drawn := container(t)
		if i == many {
			delete(drawn, "artifact")
			delete(drawn, "artifactPrefix")
			drawn["multiModel"] = object{}
		}
		if named {
			drawn["hostname"] = fmt.Sprintf("h%d-%s", i, names.Draw(t, "hostname"))
		}
		list = append(list, drawn)
	}
	return list
}

// everyModel draws a model of each kind, which only endpoints of its own serve: not every endpoint could.
func everyModel(t *rapid.T) object {
	direct := rapid.Bool().Draw(t, "direct")
	return object{
		"Alone":    container(t),
		"Pipeline": object{"direct": direct, "containers": pipelineOf(t, direct), "joinNetwork": false},
		"Many": object{
			"image": repository + versions.Draw(t, "version"),
			"multiModel": maybe(t, object{}, object{
				"prefix": "s3://models/garden/", "cache": rapid.Bool().Draw(t, "cache"),
			}),
		},
		"Package": maybe(t, object{
			"packageArn": fmt.Sprintf("arn:aws:sagemaker:eu-west-1:123456789012:model-package/%s/%d",
				names.Draw(t, "group"), rapid.IntRange(1, 999999999).Draw(t, "number")),
		}, object{
			"packageImages": []any{repository + versions.Draw(t, "version")}, "packagePrefixes": []any{"s3://models/1/"},
		}),
	}
}

func TestAPipelineIsRefusedForTheContainerThatWasChanged(t *testing.T) {
	t.Parallel()
	mistakes := []struct{ member, value string }{
		{"image", "nginx:1.27"},
		{"hostname", "a_b"},
		{"hostname", strings.Repeat("h", 64)},
		{"artifact", "s3://models/model.zip"},
		{"environment.HF_TOKEN", plainSecret},
		{"imageConfig.repositoryAccessMode", "Vpc"},
		{"misspelt", "true"},
	}
	rapid.Check(t, func(t *rapid.T) {
		config := valid(t)
		containers := config.ObjectValue()["models"].ObjectValue()["Pipeline"].ObjectValue()["containers"].ArrayValue()
		named := containers[0].ObjectValue()["hostname"].HasValue()
		i := rapid.IntRange(0, len(containers)-1).Draw(t, "container")
		for _, key := range []string{"artifact", "artifactPrefix", "multiModel"} {
			delete(containers[i].ObjectValue(), resource.PropertyKey(key))
		}
		mistake := rapid.SampledFrom(mistakes).Draw(t, "mistake")
		if mistake.member == "hostname" && !named {
			t.Skip("a hostname makes one of all containers necessary")
		}
		path := fmt.Sprintf("models.Pipeline.containers[%d].%s", i, mistake.member)
		_, err := Parse(source(t, changed(t, config, change{path: mistake.value})))
		problems := lines(t, err)
		require.Len(t, problems, 1)
		require.True(t, strings.HasPrefix(problems[0], Namespace+":"+path+": "), problems[0])
	})
}
