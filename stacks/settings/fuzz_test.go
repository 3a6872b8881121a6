package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sound expects of any configuration either settings or an error of one line for each problem, under a path of ours.
func sound(t tester, config map[string]string) {
	t.Helper()
	config[regionKey] = "eu-west-1"
	s, err := Parse(Source{Stack: "dev", Config: config})
	if err == nil {
		require.NotNil(t, s)
		return
	}
	require.Nil(t, s)
	problems := lines(t, err)
	require.NotEmpty(t, problems)
	for _, problem := range problems {
		require.True(t, strings.HasPrefix(problem, Namespace+":"), problem)
	}
	require.Len(t, strings.Split(err.Error(), "\n"), 1+len(problems))
}

func FuzzParse(f *testing.F) {
	for key, text := range configured(f, change{
		"pinned": "true", "storage": "{protect: true}", "alerts.emails": "[a@example.com]",
		"endpoints.flowers.variants[0].scaling": scaled, "endpoints.flowers.alarms.modelLatency": "500ms",
		"endpoints.flowers.update":  "{strategy: linear, stepSize: {percent: 25}, wait: 1m}",
		"encryption":                "{enabled: true, deletionWindowDays: 7}",
		"endpoints.flowers.callers": "{website: {targetModels: [a], trustedRoles: [b]}}",
		"endpoints.flowers.shadow":  shadowed, "endpoints.flowers.dataCapture": "{percentage: 50}",
	}).Config {
		f.Add(strings.TrimPrefix(key, Namespace+":"), text)
	}
	f.Add("models", `{"a\nb":{"image":"x\ny","environment":{"A":"`+plainSecret+`"}}}`)
	f.Add("models", `{"a":{"image":"x","artifactFile":"a\u0000\nb.tar.gz"}}`)
	f.Add("endpoints", `{"":{"variants":[{},null,5,[],"",{"scaling":{"schedules":[{}]}}]}}`)
	f.Add("models", `{"a":{"release":"`+strings.Repeat("0", 64)+`"},"b":{"release":"\n"},"c":{"release":"x","image":"y"}}`)
	f.Add("endpoints", `{"a":{"callers":{"b\nc":null}}}`)
	f.Add("endpoints", `{"a":{"variants":[{"model":"d","serverless":{},"concurrencyScaling":{}}]}}`)
	f.Add("storage", `{"captureRetentionDays":1e400}`)
	f.Add("a\nb", "{}")
	f.Fuzz(func(t *testing.T, key, text string) {
		sound(t, map[string]string{Namespace + ":" + key: text})
	})
}
