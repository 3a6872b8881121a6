package logs_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/logs"
	"sagehost/kit/check"
)

func TestLogsAreKeptForAPeriodOfCloudWatchLogs(t *testing.T) {
	t.Parallel()
	for _, days := range []*int{nil, new(1), new(7), new(365), new(3653)} {
		at := check.New("")
		(&logs.Spec{RetentionDays: days}).Check(at)
		assert.NoError(t, at.Err())
	}
	for _, days := range []int{-1, 0, 2, 364, 366, 3654} {
		at := check.New("")
		(&logs.Spec{RetentionDays: &days}).Check(at.Key("logs"))
		require.ErrorContains(t, at.Err(), "logs.retentionDays: ")
		assert.ErrorContains(t, at.Err(), " is not a period of CloudWatch Logs; expected one of [1 3 5 7 14 30 60 90 120 "+
			"150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653]")
	}
}
