package settings

import "testing"

func TestStorageThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []row{
		{
			name: "protected and to be destroyed", set: change{"storage": "{protect: true, forceDestroy: true}"},
			want: []string{"sagehost:storage.forceDestroy: true contradicts protect; at most one of the two can be"},
		},
		{
			name: "capture kept for no time", set: change{"storage.captureRetentionDays": "0"},
			want: []string{"sagehost:storage.captureRetentionDays: 0 is not between 1 and 3650"},
		},
		{
			name: "batches kept for more than ten years", set: change{"storage.batchRetentionDays": "3651"},
			want: []string{"sagehost:storage.batchRetentionDays: 3651 is not between 1 and 3650"},
		},
		{
			name: "versions kept for less than no time", set: change{"storage.noncurrentRetentionDays": "-1"},
			want: []string{"sagehost:storage.noncurrentRetentionDays: -1 is not between 1 and 3650"},
		},
	})
}

func TestEncryptionThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	const needless = ": belongs to a key; set enabled to true, or leave it out"
	for _, r := range []struct {
		name, encryption string
		want             []string
	}{
		{
			"back within too few days", "{enabled: true, deletionWindowDays: 6}",
			[]string{"deletionWindowDays: 6 is not between 7 and 30"},
		},
		{
			"back within too many days", "{enabled: true, deletionWindowDays: 31}",
			[]string{"deletionWindowDays: 31 is not between 7 and 30"},
		},
		{"no key to bring back", "{deletionWindowDays: 7}", []string{"deletionWindowDays" + needless}},
		{"no key to protect", "{protect: true}", []string{"protect" + needless}},
		{
			"no key, and nothing that fits one", "{enabled: false, protect: true, deletionWindowDays: 0}",
			[]string{
				"deletionWindowDays: 0 is not between 7 and 30", "deletionWindowDays" + needless, "protect" + needless,
			},
		},
	} {
		want := make([]string, len(r.want))
		for i := range want {
			want[i] = "sagehost:encryption." + r.want[i]
		}
		refuse(t, []row{{name: r.name, set: change{"encryption": r.encryption}, want: want}})
	}
}

func TestAlertsThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	refuse(t, []row{
		{
			name: "no address", set: change{"alerts.emails": "[on-call]"},
			want: []string{`sagehost:alerts.emails[0]: "on-call" is not an e-mail address`},
		},
		{
			name: "an empty address", set: change{"alerts.emails": `[a@example.com, ""]`},
			want: []string{`sagehost:alerts.emails[1]: is empty; give a value, or leave the key out`},
		},
		{
			name: "an address twice", set: change{"alerts.emails": "[a@example.com, b@example.com, a@example.com]"},
			want: []string{`sagehost:alerts.emails[2]: "a@example.com" stands at sagehost:alerts.emails[0] too`},
		},
	})
}

func TestAlarmsThatCouldNeverGoOffAreRefused(t *testing.T) {
	t.Parallel()
	const path = "endpoints.flowers.alarms."
	for _, r := range []struct{ name, key, value, want string }{
		{"a server error rate of zero", "errorRate5xx", "0", "0 is not above 0 and below 1"},
		{"a server error rate of one", "errorRate5xx", "1", "1 is not above 0 and below 1"},
		{"a client error rate in percent", "errorRate4xx", "5", "5 is not above 0 and below 1"},
		{"a client error rate below zero", "errorRate4xx", "-0.1", "-0.1 is not above 0 and below 1"},
		{"use of CPU of zero", "cpuUtilization", "0", "0 is not above 0 and below 100"},
		{"use of CPU of all", "cpuUtilization", "100", "100 is not above 0 and below 100"},
		{"use of memory of all", "memoryUtilization", "100", "100 is not above 0 and below 100"},
		{"use of disk of more than all", "diskUtilization", "100.5", "100.5 is not above 0 and below 100"},
		{"a model latency of zero", "modelLatency", "0s", "0s is not at least 100µs and below 60s"},
		{"a model latency beyond SageMaker's limit", "modelLatency", "60s", "1m is not at least 100µs and below 60s"},
		{"an overhead below zero", "overheadLatency", "-1ms", "-1ms is not at least 100µs and below 60s"},
		{"an overhead beyond SageMaker's limit", "overheadLatency", "2m", "2m is not at least 100µs and below 60s"},
	} {
		refuse(t, []row{{
			name: r.name, set: change{path + r.key: r.value},
			want: []string{Namespace + ":" + path + r.key + ": " + r.want},
		}})
	}
}
