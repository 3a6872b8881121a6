package dataplane_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scheduling is a schedule that tells a topic when it was due, with changes.
func scheduling(name, expression, topicARN string, changes ...func(*scheduler.CreateScheduleInput),
) *scheduler.CreateScheduleInput {
	input := &scheduler.CreateScheduleInput{
		Name: &name, ScheduleExpression: &expression,
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn: &topicARN, RoleArn: aws.String(roleARN), Input: aws.String("<aws.scheduler.scheduled-time>"),
		},
	}
	for _, change := range changes {
		change(input)
	}
	return input
}

func (w *world) createSchedule(input *scheduler.CreateScheduleInput) {
	w.tb.Helper()
	_, err := w.scheduler.CreateSchedule(w.tb.Context(), input)
	require.NoError(w.tb, err)
}

// awaitTimes takes the next n times that a topic is told, in their order.
func (w *world) awaitTimes(arrived <-chan notification, n int) []time.Time {
	w.tb.Helper()
	var times []time.Time
	for range n {
		at, err := time.Parse(time.RFC3339, w.await(arrived).Message)
		require.NoError(w.tb, err)
		times = append(times, at)
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

func TestASchedulesTimesAreNeitherMissedNorDoubledOnAFastClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topicARN, arrived := w.topic("due")
	w.createSchedule(scheduling("often", "cron(0/10 * * * ? *)", topicARN))
	first := w.clock.Now().Truncate(10 * time.Minute).Add(10 * time.Minute)
	w.speed(2000)
	times := w.awaitTimes(arrived, 20)
	w.speed(1)
	for i, at := range times {
		assert.Equal(t, first.Add(time.Duration(i)*10*time.Minute).UTC(), at.UTC())
	}
}

func TestAScheduleFollowsItsTimeZone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topicARN, arrived := w.topic("due")
	zone, err := time.LoadLocation("Asia/Kathmandu")
	require.NoError(t, err)
	due := w.clock.Now().In(zone).Add(2 * time.Hour).Truncate(time.Second)
	w.createSchedule(scheduling("once", "at("+due.Format("2006-01-02T15:04:05")+")", topicARN,
		func(in *scheduler.CreateScheduleInput) {
			in.ScheduleExpressionTimezone = aws.String("Asia/Kathmandu")
			in.ActionAfterCompletion = types.ActionAfterCompletionDelete
		}))
	w.createSchedule(scheduling("disabled", "rate(1 minute)", topicARN, func(in *scheduler.CreateScheduleInput) {
		in.State = types.ScheduleStateDisabled
	}))
	w.createSchedule(scheduling("passed", "at(2020-01-01T00:00:00)", topicARN))
	w.speed(2000)
	assert.Equal(t, due.UTC(), w.awaitTimes(arrived, 1)[0].UTC())
	require.Eventually(t, func() bool {
		_, err := w.scheduler.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("once")})
		_, gone := errors.AsType[*types.ResourceNotFoundException](err)
		return gone
	}, soon, often)
	assert.Empty(t, arrived)
}

func TestARateBeginsAtOnceAndEndsInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topicARN, arrived := w.topic("due")
	before := w.clock.Now()
	end := before.Add(150 * time.Minute)
	w.createSchedule(scheduling("hourly", "rate(1 hour)", topicARN, func(in *scheduler.CreateScheduleInput) {
		in.EndDate = &end
	}))
	w.createSchedule(scheduling("last", "rate(5 hours)", topicARN, func(in *scheduler.CreateScheduleInput) {
		in.StartDate = aws.Time(before.Add(5 * time.Hour))
		in.Target.Input = aws.String("last")
	}))
	w.speed(2000)
	times := w.awaitTimes(arrived, 3)
	assert.WithinRange(t, times[0], before.Truncate(time.Second), before.Add(soon))
	assert.Equal(t, []time.Duration{time.Hour, time.Hour}, []time.Duration{times[1].Sub(times[0]), times[2].Sub(times[1])})
	assert.Equal(t, "last", w.await(arrived).Message)
}

func TestSchedulesThatAWSRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	expression := func(text string) func(*scheduler.CreateScheduleInput) {
		return func(in *scheduler.CreateScheduleInput) { in.ScheduleExpression = &text }
	}
	tests := []struct {
		change func(*scheduler.CreateScheduleInput)
		want   string
	}{
		{expression("cron(0 3 * * *)"), "Invalid Schedule Expression cron(0 3 * * *)."},
		{expression("rate(0 days)"), "Invalid Schedule Expression rate(0 days)."},
		{expression("at(2026-13-01T00:00:00)"), "Invalid Schedule Expression at(2026-13-01T00:00:00)."},
		{
			func(in *scheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = aws.String("Mars") },
			"Invalid Schedule Expression Timezone Mars.",
		},
		{
			func(in *scheduler.CreateScheduleInput) { in.StartDate = aws.Time(w.clock.Now().Add(-time.Hour)) },
			"The StartDate you specify cannot be earlier than 5 minutes ago.",
		},
		{
			func(in *scheduler.CreateScheduleInput) { in.EndDate = aws.Time(w.clock.Now().Add(-time.Hour)) },
			"The EndDate you specify cannot be earlier than now.",
		},
		{
			func(in *scheduler.CreateScheduleInput) {
				in.StartDate, in.EndDate = aws.Time(w.clock.Now().Add(time.Hour)), aws.Time(w.clock.Now().Add(time.Minute))
			},
			"The StartDate you specify must come before the EndDate you specify.",
		},
		{
			func(in *scheduler.CreateScheduleInput) { in.Target.RoleArn = aws.String("runner") },
			"1 validation error detected: Value 'runner' at 'target.roleArn' failed to satisfy constraint: Member must " +
				`satisfy regular expression pattern: ^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@\/-]+$`,
		},
		{
			func(in *scheduler.CreateScheduleInput) { in.Target.Arn = aws.String("x") },
			"Provided Arn is not in correct format.",
		},
		{
			func(in *scheduler.CreateScheduleInput) {
				in.Target.Arn = aws.String("arn:aws:states:eu-west-1:123456789012:stateMachine:m")
				in.Target.Input = aws.String("{")
			},
			"The Input of a Step Functions target must be well-formed JSON.",
		},
		{
			func(in *scheduler.CreateScheduleInput) {
				in.FlexibleTimeWindow.Mode = types.FlexibleTimeWindowModeFlexible
			},
			"MaximumWindowInMinutes must be given with the flexible time window mode FLEXIBLE only.",
		},
	}
	for _, test := range tests {
		input := scheduling("refused", "rate(1 day)", "arn:aws:sns:eu-west-1:123456789012:t", test.change)
		_, err := w.scheduler.CreateSchedule(t.Context(), input)
		told, ok := errors.AsType[*types.ValidationException](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, test.want, *told.Message)
	}
	grouped := scheduling("grouped", "rate(1 day)", "arn:aws:sns:eu-west-1:123456789012:t")
	grouped.GroupName = aws.String("none")
	_, err := w.scheduler.CreateSchedule(t.Context(), grouped)
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	assert.True(t, missing, "%v", err)
	listed, err := w.scheduler.ListSchedules(t.Context(), &scheduler.ListSchedulesInput{})
	require.NoError(t, err)
	assert.Empty(t, listed.Schedules)
}

func TestSchedulesAreKeptAsTheyArePut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, group := t.Context(), aws.String("batch")
	_, err := w.scheduler.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{
		Name: group, Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("ml")}},
	})
	require.NoError(t, err)
	_, err = w.scheduler.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: group})
	_, exists := errors.AsType[*types.ConflictException](err)
	require.True(t, exists, "%v", err)
	const target = "arn:aws:sns:eu-west-1:123456789012:t"
	input := scheduling("nightly", "cron(0 3 * * ? *)", target, func(in *scheduler.CreateScheduleInput) {
		in.GroupName = group
		in.Target.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(3)}
	})
	w.createSchedule(input)
	_, err = w.scheduler.CreateSchedule(ctx, input)
	_, exists = errors.AsType[*types.ConflictException](err)
	require.True(t, exists, "%v", err)
	get := func() *scheduler.GetScheduleOutput {
		t.Helper()
		out, err := w.scheduler.GetSchedule(ctx, &scheduler.GetScheduleInput{GroupName: group, Name: input.Name})
		require.NoError(t, err)
		return out
	}
	made := get()
	assert.Equal(t, "arn:aws:scheduler:eu-west-1:123456789012:schedule/batch/nightly", *made.Arn)
	assert.Equal(t, types.ScheduleStateEnabled, made.State)
	assert.Equal(t, "UTC", *made.ScheduleExpressionTimezone)
	assert.Equal(t, types.ActionAfterCompletionNone, made.ActionAfterCompletion)
	assert.Equal(t, int32(3), *made.Target.RetryPolicy.MaximumRetryAttempts)
	assert.Equal(t, int32(86400), *made.Target.RetryPolicy.MaximumEventAgeInSeconds)

	_, err = w.scheduler.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
		GroupName: group, Name: input.Name, ScheduleExpression: aws.String("rate(2 days)"),
		FlexibleTimeWindow: input.FlexibleTimeWindow, Target: input.Target,
		ActionAfterCompletion: types.ActionAfterCompletionDelete,
	})
	require.NoError(t, err)
	updated := get()
	assert.Equal(t, "rate(2 days)", *updated.ScheduleExpression)
	assert.Equal(t, types.ActionAfterCompletionDelete, updated.ActionAfterCompletion)
	assert.Equal(t, types.ScheduleStateEnabled, updated.State)
	_, err = w.scheduler.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: group})
	require.NoError(t, err)
	_, err = w.scheduler.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: group})
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	assert.True(t, missing, "%v", err)
}

func TestASchedulesDefaultInputIsANotice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topicARN, arrived := w.topic("due")
	w.createSchedule(scheduling("plain", "rate(1 day)", topicARN, func(in *scheduler.CreateScheduleInput) {
		in.Target.Input = nil
	}))
	var notice map[string]any
	require.NoError(t, json.Unmarshal([]byte(w.await(arrived).Message), &notice))
	delete(notice, "id")
	delete(notice, "time")
	assert.Equal(t, map[string]any{
		"version": "0", "detail-type": "Scheduled Event", "source": "aws.scheduler", "account": "123456789012",
		"region": region, "detail": "{}",
		"resources": []any{"arn:aws:scheduler:eu-west-1:123456789012:schedule/default/plain"},
	}, notice)
}

// A topic may be told again what the killed process was telling it, under the same id: a state machine refuses that.
func TestSchedulesOutliveAKilledProcess(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	topicARN, arrived := g.topic("due")
	g.createSchedule(scheduling("often", "cron(0/10 * * * ? *)", topicARN, func(in *scheduler.CreateScheduleInput) {
		in.Target.Input = aws.String("<aws.scheduler.execution-id> <aws.scheduler.scheduled-time>")
	}))
	times := map[string]time.Time{}
	collect := func(n int) {
		t.Helper()
		g.setSpeed(2000)
		for len(times) < n {
			id, text, _ := strings.Cut(g.await(arrived).Message, " ")
			at, err := time.Parse(time.RFC3339, text)
			require.NoError(t, err)
			times[id] = at
		}
	}
	collect(3)
	g.kill()
	g.start()
	collect(9)
	g.setSpeed(1)
	sorted := slices.SortedFunc(maps.Values(times), time.Time.Compare)
	for i := 1; i < len(sorted); i++ {
		assert.Equal(t, 10*time.Minute, sorted[i].Sub(sorted[i-1]), sorted)
	}
}
