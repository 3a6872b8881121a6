package settings

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// variants is a list of variants that differ in their names.
func variants(names ...string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = fmt.Sprintf("{name: %s, model: flowers, instanceType: ml.m5.large}", name)
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func TestEndpointsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const at = "sagehost:endpoints.flowers"
	long := strings.Repeat("e", 55)
	one := "{variants: " + variants("main") + "}"
	eleven := variants("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k")
	refuse(t, []row{
		{
			name: "no variants", set: change{"endpoints.flowers.variants": ""},
			want: []string{at + ".variants: has 0 entries; 1 to 10 are allowed"},
		},
		{
			name: "eleven variants", set: change{"endpoints.flowers.variants": eleven},
			want: []string{at + ".variants: has 11 entries; 1 to 10 are allowed"},
		},
		{
			name: "two variants of one name", set: change{"endpoints.flowers.variants": variants("a", "b", "a")},
			want: []string{at + `.variants[2].name: "a" stands at ` + at + ".variants[0] too"},
		},
		{
			name: "a name that cannot be", set: change{"endpoints.my_flowers": one},
			want: []string{`sagehost:endpoints.my_flowers: the name "my_flowers" may only have letters, digits and hyphens, ` +
				"and no hyphen at its start or end"},
		},
		{
			name: "a name too long for its suffix", set: change{"endpoints." + long + "e": one},
			want: []string{"sagehost:endpoints." + long + "e: the name has 56 characters; " +
				"at most 55 leave room for the generated suffix in SageMaker's 63"},
		},
		{
			name: "a name too long with the stack's", set: change{"endpoints." + long: one}, stack: "europe-1",
			want: []string{"sagehost:endpoints." + long + `: the endpoint's name "` + long +
				`-europe-1" has 64 characters; at most 63 are allowed`},
		},
		{
			name: "names that differ in case", set: change{"endpoints.Flowers": one},
			want: []string{at + `: the name differs from "Flowers" in case only, which SageMaker ignores`},
		},
		{
			name: "three names that differ in case", set: change{"endpoints.Flowers": one, "endpoints.FLOWERS": one},
			want: []string{
				`sagehost:endpoints.Flowers: the name differs from "FLOWERS" in case only, which SageMaker ignores`,
				at + `: the name differs from "Flowers" in case only, which SageMaker ignores`,
			},
		},
	})
}

func TestVariantsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	const (
		path    = "endpoints.flowers.variants[0]."
		at      = "sagehost:" + path
		timeout = "containerStartupHealthCheckTimeout"
		rounded = " is rounded by SageMaker; use a whole number or a fraction such as 0.5 or 0.25"
	)
	for _, r := range []struct{ name, key, value, want string }{
		{"no name", "name", "", "is required"},
		{"a name that cannot be", "name", "a b", `"a b" may only have letters, ` +
			`digits and hyphens, and no hyphen at its start or end`},
		{"no model", "model", "", "is required"},
		{
			"a model misspelt", "model", "flower",
			`"flower" is not among the stack's models; did you mean "flowers"?`,
		},
		{"a model of another stack", "model", "churn", `"churn" is not among the stack's models`},
		{"no instance type", "instanceType", "", "is required"},
		{
			"an instance type without prefix", "instanceType", "m5.large",
			`"m5.large" is not a SageMaker hosting instance type; did you mean "ml.m5.large"?`,
		},
		{
			"an instance type of a family that stands later in the list", "instanceType", "m6i.large",
			`"m6i.large" is not a SageMaker hosting instance type; did you mean "ml.m6i.large"?`,
		},
		{
			"an instance type near none", "instanceType", "large",
			`"large" is not a SageMaker hosting instance type`,
		},
		{
			"an instance type of no such size", "instanceType", "ml.m4.huge",
			`"ml.m4.huge" is not a SageMaker hosting instance type; did you mean "ml.m4.xlarge"?`,
		},
		{"no instances", "initialInstanceCount", "0", "0 is less than 1"},
		{"fewer instances than none", "initialInstanceCount", "-1", "-1 is less than 1"},
		{"a negative weight", "weight", "-1", "-1 is negative or not a number; use 0 to send no traffic"},
		{"a weight between two floats", "weight", "0.8", "0.8" + rounded},
		{"a weight too large", "weight", "1.0e+39", "1e+39" + rounded},
		{"a weight too small", "weight", "1.0e-50", "1e-50" + rounded},
		{"a timeout too short", timeout, "59s", "59s is not between 1m and 1h"},
		{"a timeout too long", timeout, "1h1s", "1h0m1s is not between 1m and 1h"},
		{"a timeout of part of a second", timeout, "90500ms", "1m30.5s is not a whole number of seconds"},
		{"a timeout below zero", timeout, "-1m", "-1m is not between 1m and 1h"},
		{"a timeout of nothing", timeout, "0s", "0s is not between 1m and 1h"},
	} {
		refuse(t, []row{{name: r.name, set: change{path + r.key: r.value}, want: []string{at + r.key + ": " + r.want}}})
	}
}

func TestHighAvailabilityDemandsTwoInstances(t *testing.T) {
	t.Parallel()
	const (
		at     = "sagehost:endpoints.flowers.variants[0]."
		reason = ", which highAvailability needs to span availability zones"
	)
	available := func(set change) change {
		set["endpoints.flowers.highAvailability"] = "true"
		return set
	}
	two := change{"endpoints.flowers.variants[0].initialInstanceCount": "2"}
	accept(t, available(two))
	refuse(t, []row{
		{
			name: "at the start", set: available(change{}),
			want: []string{at + "initialInstanceCount: 1, its default, is less than 2" + reason},
		},
		{
			name: "of the scaling", set: available(change{
				"endpoints.flowers.variants[0].initialInstanceCount": "2",
				"endpoints.flowers.variants[0].scaling":              scaled,
			}),
			want: []string{at + "scaling.min: 1 is less than 2" + reason},
		},
		{
			name: "of each schedule", set: available(change{
				"endpoints.flowers.variants[0].initialInstanceCount": "2",
				"endpoints.flowers.variants[0].scaling": "{min: 2, max: 4, invocationsPerInstance: 600, schedules: " +
					"[{name: night, schedule: rate(1 day), min: 1, max: 4}]}",
			}),
			want: []string{at + "scaling.schedules[0].min: 1 is less than 2" + reason},
		},
	})
}

func TestAWeightIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"0": 0, "0.25": 0.25, "1": 1, "80": 80, "16777216": 16777216} {
		s := accept(t, change{
			"endpoints.flowers.variants": "[{name: main, model: flowers, instanceType: ml.m5.large, weight: " + text +
				"}, {name: next, model: flowers, instanceType: ml.m5.large}]",
		})
		assert.InDelta(t, want, s.Endpoints["flowers"].Variants[0].TrafficWeight(), 0, text)
	}
}

func TestTheLongestNamesAreAccepted(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("e", 55)
	accept(t, change{"endpoints." + name: "{variants: " + variants(strings.Repeat("v", 63)) + "}"})
	assert.Len(t, EndpointName(name, "example"), 63)
}
