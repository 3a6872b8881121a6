package settings

import "testing"

const spanExample = `expected one like "90s", "5m" or "1h30m"`

func TestUnknownKeysAreRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []row{
		{
			name: "at the top, near another", set: change{"model": "{}"},
			want: []string{`sagehost:model: is an unknown key; did you mean "models"?`},
		},
		{
			name: "at the top, near none", set: change{"frobnicate": "true"},
			want: []string{
				"sagehost:frobnicate: is an unknown key; expected one of pinned, permissionsBoundary, storage, alerts, " +
					"encryption, logs, network, models, endpoints, batch, promotion",
			},
		},
		{
			name: "in another case", set: change{"endpoints.flowers.variants[0].instancetype": "ml.m5.large"},
			want: []string{
				`sagehost:endpoints.flowers.variants[0].instancetype: is an unknown key; did you mean "instanceType"?`,
			},
		},
		{
			name: "in a struct near none", set: change{"storage.colour": "blue"},
			want: []string{"sagehost:storage.colour: is an unknown key; expected one of " +
				"protect, forceDestroy, captureRetentionDays, batchRetentionDays, noncurrentRetentionDays"},
		},
		{
			name: "deep down", set: change{"endpoints.flowers.variants[0].scaling": "{min: 1, max: 1, loadTest: " +
				"{maxRequestsPerSecond: 20, savetyFactor: 1}}"},
			want: []string{`sagehost:endpoints.flowers.variants[0].scaling.loadTest.savetyFactor: is an unknown key; ` +
				`did you mean "safetyFactor"?`},
		},
		{
			name: "that need quotes", set: change{`storage["capture.retention"]`: "7"},
			want: []string{
				`sagehost:storage["capture.retention"]: is an unknown key; did you mean "captureRetentionDays"?`,
			},
		},
	})
}

// A value in the place of text, an object or a list could be a secret, so it is not repeated.
func TestAValueOfAnotherTypeIsReportedOnce(t *testing.T) {
	t.Parallel()
	const (
		model   = "models.flowers."
		variant = "endpoints.flowers.variants[0]."
		latency = "endpoints.flowers.alarms.modelLatency"
	)
	for _, r := range []struct{ name, path, value, want string }{
		{"text for true or false", "pinned", `"yes"`, `"yes" is not true or false`},
		{"a number for true or false", "pinned", "1", "1 is not true or false"},
		{"something after true or false", "pinned", `"true false"`, `"true false" is not true or false`},
		{"a number for an object", "storage", "5", "a number is not an object"},
		{"a list for an object", "storage", "[]", "a list is not an object"},
		{"text for an object", "storage", "big", "text is not an object"},
		{"nothing for an object", "storage", "null", "has no value"},
		{"text for named objects", "models", "flowers", "text is not an object"},
		{"a list for named objects", "models", "[]", "a list is not an object"},
		{"text for one of them", "models.flowers", "flowers", "text is not an object"},
		{"nothing for one of them", "models.flowers", "null", "has no value"},
		{"a number for text", model + "image", "5", "a number is not text; put it in quotes"},
		{"true for text", model + "image", "true", "true is not text; put it in quotes"},
		{"an object for text", model + "image", "{}", "an object is not text"},
		{"a list for text", model + "image", "[]", "a list is not text"},
		{"nothing for text", model + "image", "null", "has no value"},
		{"a number in the environment", model + "environment.WORKERS", "2", "a number is not text; put it in quotes"},
		{"true in the environment", model + "environment.DEBUG", "true", "true is not text; put it in quotes"},
		{"a list for the environment", model + "environment", "[A=1]", "a list is not an object"},
		{"an object for a list", "endpoints.flowers.variants", "{}", "an object is not a list"},
		{"text for a list", "alerts.emails", "a@example.com", "text is not a list"},
		{"text for an element", "endpoints.flowers.variants[0]", "main", "text is not an object"},
		{"text for a whole number", variant + "initialInstanceCount", `"2"`, `"2" is not a whole number`},
		{"a fraction for a whole number", variant + "initialInstanceCount", "1.5", "1.5 is not a whole number"},
		{"a list for a whole number", variant + "initialInstanceCount", "[1]", "a list is not a whole number"},
		{"nothing for a whole number", variant + "initialInstanceCount", "null", "has no value"},
		{"text for a number", variant + "weight", `"1"`, `"1" is not a number`},
		{"true for a number", variant + "weight", "true", "true is not a number"},
		{"a span without unit", latency, "500", "500 has no unit; " + spanExample},
		{"a span without unit, as text", latency, `"500"`, `"500" is not a span of time; ` + spanExample},
		{"a span of an unknown unit", latency, "1d", `"1d" is not a span of time; ` + spanExample},
		{"a span with a space", latency, "5 s", `"5 s" is not a span of time; ` + spanExample},
		{"true for a span", latency, "true", "true is not a span of time; " + spanExample},
		{"an object for a span", latency, "{}", "an object is not a span of time; " + spanExample},
		{"nothing for a span", latency, "null", "has no value"},
	} {
		want := []string{Namespace + ":" + r.path + ": " + r.want}
		refuse(t, []row{{name: r.name, set: change{r.path: r.value}, want: want}})
	}
}

func TestAnElementOfAnotherTypeIsReportedAtItsIndex(t *testing.T) {
	t.Parallel()
	refuse(t, []row{{
		name: "a number among texts", set: change{"alerts.emails": "[a@example.com, 5]"},
		want: []string{"sagehost:alerts.emails[1]: a number is not text; put it in quotes"},
	}})
}
