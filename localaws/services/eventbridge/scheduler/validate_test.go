package scheduler_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol/awsjson"
	"sagehost/localaws/services/eventbridge/scheduler"
)

// FuzzValidate holds that what is taken has a schedule that can be followed.
func FuzzValidate(f *testing.F) {
	for _, body := range []string{
		`{"Name":"n","ScheduleExpression":"rate(1 day)","FlexibleTimeWindow":{"Mode":"OFF"},` +
			`"Target":{"Arn":"arn:aws:sns:eu-west-1:123456789012:t","RoleArn":"arn:aws:iam::123456789012:role/r"}}`,
		`{"Name":"n","ScheduleExpression":"cron(0 3 * * ? *)","ScheduleExpressionTimezone":"Europe/Berlin",` +
			`"StartDate":1767225600,"EndDate":1.8e9,"State":"DISABLED","ActionAfterCompletion":"DELETE",` +
			`"FlexibleTimeWindow":{"Mode":"FLEXIBLE","MaximumWindowInMinutes":5},"Target":{"Arn":` +
			`"arn:aws:states:eu-west-1:123456789012:stateMachine:m","RoleArn":"arn:aws:iam::123456789012:role/r",` +
			`"Input":"{}","RetryPolicy":{"MaximumRetryAttempts":0,"MaximumEventAgeInSeconds":60}}}`,
		`{"StartDate":1e400}`, `{"Target":[]}`, `{`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		input, err := awsjson.Decode(body)
		if err != nil {
			return
		}
		if err := scheduler.Validate(input, time.Unix(1767225600, 0)); err != nil {
			_, told := errors.AsType[*awsjson.Error](err)
			require.True(t, told, "%T", err)
			return
		}
		zone, err := cron.Zone(input.Text("ScheduleExpressionTimezone"))
		require.NoError(t, err)
		_, err = cron.Scheduler.Parse(input.Text("ScheduleExpression"), cron.Options{Zone: zone})
		require.NoError(t, err)
	})
}

func TestRolesAndKeysOfEveryPartitionAreTaken(t *testing.T) {
	t.Parallel()
	for partition, region := range map[string]string{
		"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1",
	} {
		input, err := awsjson.Decode(fmt.Appendf(nil, `{"Name":"n","ScheduleExpression":"rate(1 day)",
			"FlexibleTimeWindow":{"Mode":"OFF"},"KmsKeyArn":"arn:%[1]s:kms:%[2]s:123456789012:key/k",
			"Target":{"Arn":"arn:%[1]s:sns:%[2]s:123456789012:t","RoleArn":"arn:%[1]s:iam::123456789012:role/r"}}`,
			partition, region))
		require.NoError(t, err)
		require.NoError(t, scheduler.Validate(input, time.Unix(1767225600, 0)), partition)
	}
}
