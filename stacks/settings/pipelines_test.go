package settings

import (
	"slices"
	"strings"
	"testing"
)

// pipelined is a model of these containers and other members.
func pipelined(containers []string, members ...string) change {
	list := strings.Join(containers, ", ")
	return change{"models.flowers": "{" + strings.Join(append(members, "containers: ["+list+"]"), ", ") + "}"}
}

// stage is a container of a pipeline with these members beside its image.
func stage(members ...string) string {
	return "{" + strings.Join(append([]string{"image: '" + repository + ":1'"}, members...), ", ") + "}"
}

func TestPipelinesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:models.flowers."
	two := []string{stage(), stage()}
	refuse(t, []row{
		{
			name: "one container", set: pipelined(two[:1]),
			want: []string{at + "containers: has 1 entry; 2 to 15 are allowed"},
		},
		{
			name: "no container", set: pipelined(nil),
			want: []string{at + "containers: has 0 entries; 2 to 15 are allowed"},
		},
		{
			name: "a container too many", set: pipelined(slices.Repeat(two[:1], 16)),
			want: []string{at + "containers: has 16 entries; 2 to 15 are allowed"},
		},
		{
			name: "what belongs to one of the containers",
			set: pipelined(two, "image: '"+repository+":1'", "artifact: s3://models/m.tar.gz", "environment: {A: b}",
				"multiModel: {}", "imageConfig: {repositoryAccessMode: Platform}"),
			want: []string{
				at + "artifact: contradicts containers; give it to one of them",
				at + "environment: contradicts containers; give it to one of them",
				at + "image: contradicts containers; give it to one of them",
				at + "imageConfig: contradicts containers; give it to one of them",
				at + "multiModel: contradicts containers; give it to one of them",
			},
		},
		{
			name: "a hostname", set: pipelined([]string{stage("hostname: a_b"), stage("hostname: c")}),
			want: []string{at + `containers[0].hostname: "a_b" may only have letters, ` +
				`digits and hyphens, and no hyphen at its start or end`},
		},
		{
			name: "a hostname too long",
			set:  pipelined([]string{stage("hostname: " + strings.Repeat("h", 64)), stage("hostname: c")}),
			want: []string{at + `containers[0].hostname: "` + strings.Repeat("h", 64) +
				`" has 64 characters; at most 63 are allowed`},
		},
		{
			name: "a hostname of two", set: pipelined([]string{stage("hostname: a"), stage("hostname: a")}),
			want: []string{at + `containers[1].hostname: "a" stands at sagehost:models.flowers.containers[0] too`},
		},
		{
			name: "a hostname of one", set: pipelined([]string{stage("hostname: a"), stage()}),
			want: []string{at + "containers[1].hostname: is required: the containers of a pipeline have hostnames all, or none"},
		},
		{
			name: "direct requests without hostnames", set: pipelined([]string{stage("hostname: a"), stage()}, "direct: true"),
			want: []string{at + "containers[1].hostname: is required for direct requests"},
		},
		{
			name: "two containers of many models", set: pipelined([]string{stage("multiModel: {}"), stage("multiModel: {}")}),
			want: []string{at + "containers[1].multiModel: stands at containers[0] too; " +
				"one container can serve many models"},
		},
		{
			name: "a container without an image", set: pipelined([]string{stage(), "{}"}),
			want: []string{at + "containers[1].image: is required"},
		},
		{
			name: "tags where images are pinned", set: withPinned(pipelined(two)),
			want: []string{
				at + `containers[0].image: "` + repository + `:1" is not pinned; this stack demands a digest (name@sha256:…)`,
				at + `containers[1].image: "` + repository + `:1" is not pinned; this stack demands a digest (name@sha256:…)`,
			},
		},
		{
			name: "a secret", set: pipelined([]string{stage(), stage("environment: {HF_TOKEN: " + plainSecret + "}")}),
			want: []string{at + "containers[1].environment.HF_TOKEN: " + looksSecret + `its name ends in "TOKEN"` + whatToDo},
		},
		{
			name: "a secret's ARN that the isolated container could not use",
			set:  pipelined([]string{stage(), stage("environment: {API_KEY: '" + secretARN + "'}")}),
			want: []string{at + "networkIsolation: " +
				"must be false for the container to read the secrets its environment names"},
		},
		{
			name: "a file that is not there", set: pipelined([]string{stage(), stage("artifactFile: x.tar.gz")}),
			dir:  project(t),
			want: []string{at + `containers[1].artifactFile: there is no file "x.tar.gz" in the folder of Pulumi.yaml`},
		},
	})
}

func withPinned(set change) change {
	set["pinned"] = "true"
	return set
}
