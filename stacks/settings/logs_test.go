package settings

import "testing"

func TestLogsThatCannotBeKeptAreRefused(t *testing.T) {
	t.Parallel()
	const periods = " is not a period of CloudWatch Logs; expected one of [1 3 5 7 14 30 60 90 120 150 180 365 400 545 " +
		"731 1096 1827 2192 2557 2922 3288 3653]"
	refuse(t, []row{
		{
			name: "for a period that there is not", set: change{"logs": "{retentionDays: 8}"},
			want: []string{"sagehost:logs.retentionDays: 8" + periods},
		},
		{
			name: "of connections", set: change{"network": "{flowLogs: {retentionDays: 0}}"},
			want: []string{"sagehost:network.flowLogs.retentionDays: 0" + periods},
		},
	})
}
