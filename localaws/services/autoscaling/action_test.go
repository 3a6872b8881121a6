package autoscaling_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *world) putAction(name string, change func(*sdk.PutScheduledActionInput)) error {
	w.t.Helper()
	in := &sdk.PutScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		ScheduledActionName: aws.String(name), Schedule: aws.String("cron(0 20 ? * MON-FRI *)"),
		Timezone:             aws.String("Europe/Berlin"),
		ScalableTargetAction: &types.ScalableTargetAction{MinCapacity: aws.Int32(0)},
	}
	if change != nil {
		change(in)
	}
	_, err := w.PutScheduledAction(w.t.Context(), in)
	return err
}

func (w *world) actions() []types.ScheduledAction {
	w.t.Helper()
	out, err := w.DescribeScheduledActions(w.t.Context(),
		&sdk.DescribeScheduledActionsInput{ServiceNamespace: types.ServiceNamespaceSagemaker})
	require.NoError(w.t, err)
	return out.ScheduledActions
}

func TestAScheduledActionIsDescribedAsItWasPut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	requireError(t, w.putAction("night", nil), "ObjectNotFoundException", "No scalable target registered for "+named)
	require.NoError(t, w.register(resource))
	require.NoError(t, w.putAction("night", func(in *sdk.PutScheduledActionInput) {
		in.StartTime, in.EndTime = aws.Time(epoch), aws.Time(epoch.Add(time.Hour))
	}))
	require.NoError(t, w.putAction("night", func(in *sdk.PutScheduledActionInput) {
		in.Schedule, in.Timezone, in.ScalableTargetAction = aws.String("rate(1 day)"), nil, nil
	}), "what is not given stays")
	list := w.actions()
	require.Len(t, list, 1)
	assert.Equal(t, "rate(1 day)", *list[0].Schedule)
	assert.Equal(t, "Europe/Berlin", *list[0].Timezone)
	assert.Equal(t, &types.ScalableTargetAction{MinCapacity: aws.Int32(0)}, list[0].ScalableTargetAction)
	assert.Equal(t, epoch, list[0].StartTime.UTC())
	assert.Equal(t, epoch.Add(time.Hour), list[0].EndTime.UTC())
	assert.Regexp(t, `^arn:aws:autoscaling:eu-central-1:123456789012:scheduledAction:[0-9a-f-]{36}:`+
		`resource/sagemaker/endpoint/e/variant/v:scheduledActionName/night$`, *list[0].ScheduledActionARN)

	in := &sdk.DeleteScheduledActionInput{
		ServiceNamespace: types.ServiceNamespaceSagemaker, ResourceId: aws.String(resource), ScalableDimension: count,
		ScheduledActionName: aws.String("night"),
	}
	_, err := w.DeleteScheduledAction(t.Context(), in)
	require.NoError(t, err)
	assert.Empty(t, w.actions())
	_, err = w.DeleteScheduledAction(t.Context(), in)
	requireError(t, err, "ObjectNotFoundException",
		"No scheduled action found for "+named+", scheduled action name: night")
}

func TestScheduledActionsThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.register(resource))
	tests := []struct {
		name    string
		change  func(*sdk.PutScheduledActionInput)
		message string
	}{
		{
			"five fields", func(in *sdk.PutScheduledActionInput) { in.Schedule = aws.String("cron(0 20 * * *)") },
			"Invalid schedule expression. Details: a cron expression has 6 fields " +
				"(minute hour day-of-month month day-of-week year), not 5.",
		},
		{
			"no kind of schedule", func(in *sdk.PutScheduledActionInput) { in.Schedule = aws.String("30 3 * * *") },
			"Invalid schedule expression. Details: Schedule expressions must have the following syntax: " +
				`rate(<number>\s?(minutes?|hours?|days?)), cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss).`,
		},
		{
			"no time zone", func(in *sdk.PutScheduledActionInput) { in.Timezone = aws.String("Europe/Berlino") },
			"Invalid timezone: Europe/Berlino",
		},
		{
			"no bounds", func(in *sdk.PutScheduledActionInput) { in.ScalableTargetAction = nil },
			"At least one of MinCapacity and MaxCapacity must be specified in ScalableTargetAction.",
		},
		{"max below min", func(in *sdk.PutScheduledActionInput) {
			in.ScalableTargetAction = &types.ScalableTargetAction{MinCapacity: aws.Int32(2), MaxCapacity: aws.Int32(1)}
		}, "Maximum capacity cannot be less than minimum capacity"},
		{"end before start", func(in *sdk.PutScheduledActionInput) {
			in.StartTime, in.EndTime = aws.Time(epoch), aws.Time(epoch.Add(-time.Hour))
		}, "The end time must be after the start time."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requireError(t, w.putAction("x", test.change), "ValidationException", test.message)
			assert.Empty(t, w.actions())
		})
	}
}
