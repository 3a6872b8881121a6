package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const callers = "endpoints.flowers.callers"

func TestCallersThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:" + callers + ".website"
	long := strings.Repeat("m", 1025)
	for _, r := range []struct{ name, caller, want string }{
		{"no model", `{targetModels: [""]}`, `.targetModels[0]: is empty; give a value, or leave the key out`},
		{
			"a model of a name with a line break", `{targetModels: [a, "b\nc"]}`,
			`.targetModels[1]: "b\nc" is not a model's name or the pattern of one`,
		},
		{
			"a model of a name too long", "{targetModels: [" + long + "]}",
			`.targetModels[0]: "` + long + `" is not a model's name or the pattern of one`,
		},
		{
			"a variable of IAM", "{targetModels: ['${aws:username}/*']}",
			`.targetModels[0]: "${aws:username}/*" is not a model's name or the pattern of one`,
		},
		{
			"a model twice", "{targetModels: [a, a]}",
			`.targetModels[1]: "a" stands at ` + at + ".targetModels[0] too",
		},
		{
			"a user", "{trustedRoles: ['arn:aws:iam::123456789012:user/web']}",
			`.trustedRoles[0]: "arn:aws:iam::123456789012:user/web" is not the ARN of a role`,
		},
		{"anybody", "{trustedRoles: ['*']}", `.trustedRoles[0]: "*" is not the ARN of a role`},
		{
			"a role twice", "{trustedRoles: ['arn:aws:iam::123456789012:role/web', 'arn:aws:iam::123456789012:role/web']}",
			`.trustedRoles[1]: "arn:aws:iam::123456789012:role/web" stands at ` + at + ".trustedRoles[0] too",
		},
		{"a misspelt key", "{targetModel: [a]}", `.targetModel: is an unknown key; did you mean "targetModels"?`},
	} {
		refuse(t, []row{{name: r.name, set: change{callers + ".website": r.caller}, want: []string{at + r.want}}})
	}
	name := strings.Repeat("c", 56)
	refuse(t, []row{
		{
			name: "of models behind an asynchronous endpoint",
			set:  change{"endpoints.flowers.async": "{}", callers + ".website": "{targetModels: [a]}"},
			want: []string{at + ".targetModels: contradicts async: a multi-model endpoint answers at once"},
		},
		{
			name: "of a name that cannot be", set: change{callers: "{my_site: {}}"},
			want: []string{"sagehost:" + callers + `.my_site: the name "my_site" may only have letters, digits and ` +
				"hyphens, and no hyphen at its start or end"},
		},
		{
			name: "of a name too long", set: change{callers: "{" + name + ": {}}"},
			want: []string{"sagehost:" + callers + "." + name + ": the name has 56 characters; " +
				"at most 55 leave room for the generated suffix in SageMaker's 63"},
		},
		{
			name: "whose role would have a name too long",
			set:  change{callers: "{" + name[:49] + ": {trustedRoles: ['arn:aws:iam::123456789012:role/web']}}"},
			want: []string{"sagehost:" + callers + "." + name[:49] + ": the role's name, flowers." + name[:49] + ", has 57 " +
				"characters; at most 56 leave room for the generated suffix in IAM's 64"},
		},
	})
}

func TestCallersAreAccepted(t *testing.T) {
	t.Parallel()
	s := accept(t, change{callers: "{website: {}, " + strings.Repeat("c", 48) + ": " +
		"{targetModels: ['acme/*', 'b?.tar.gz'], trustedRoles: " +
		"['arn:aws:iam::999999999999:role/team/web', 'arn:aws:iam::123456789012:role/web']}}"})
	assert.Len(t, s.Endpoints["flowers"].Callers, 2)
}
