package dataplane_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

func TestEventsOfProgramsMatchRulesOfTheirBus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topicARN, arrived := w.topic("told")
	w.rule("paid", `{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}]}}`, eventtypes.Target{
		Id: aws.String("1"), Arn: &topicARN, InputTransformer: &eventtypes.InputTransformer{
			InputPathsMap: map[string]string{"who": "$.detail.who", "total": "$.detail.total"},
			InputTemplate: aws.String(`{"text":"<who> paid <total>","who":<who>,"rule":<aws.events.rule-name>}`),
		},
	})
	bus, err := w.eventbridge.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: aws.String("own")})
	require.NoError(t, err)
	_, err = w.eventbridge.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("all"), EventBusName: aws.String("own"), EventPattern: aws.String(`{"source":["shop"]}`),
	})
	require.NoError(t, err)
	_, err = w.eventbridge.PutTargets(t.Context(), &eventbridge.PutTargetsInput{
		Rule: aws.String("all"), EventBusName: aws.String("own"),
		Targets: []eventtypes.Target{{Id: aws.String("1"), Arn: &topicARN, Input: aws.String(`"own"`)}},
	})
	require.NoError(t, err)
	send := func(bus *string, detail string) {
		t.Helper()
		sent, err := w.eventbridge.PutEvents(t.Context(), &eventbridge.PutEventsInput{
			Entries: []eventtypes.PutEventsRequestEntry{{
				EventBusName: bus, Source: aws.String("shop"), DetailType: aws.String("Paid"), Detail: &detail,
			}},
		})
		require.NoError(t, err)
		assert.Zero(t, sent.FailedEntryCount)
	}
	send(nil, `{"who":"A \"B\"","total":99}`)
	send(nil, `{"who":"A \"B\"","total":101}`)
	assert.JSONEq(t, `{"text":"A \"B\" paid 101","who":"A \"B\"","rule":"paid"}`, w.await(arrived).Message)
	send(bus.EventBusArn, `{}`)
	assert.Equal(t, `"own"`, w.await(arrived).Message)
	_, err = w.eventbridge.DisableRule(t.Context(), &eventbridge.DisableRuleInput{Name: aws.String("paid")})
	require.NoError(t, err)
	send(nil, `{"who":"nobody","total":101}`)
	send(bus.EventBusArn, `{}`)
	assert.Equal(t, `"own"`, w.await(arrived).Message)
	assert.Empty(t, arrived)

	for metric, of := range map[string]map[string]float64{
		"MatchedEvents": {"paid": 1, "all": 2}, "Invocations": {"paid": 1, "all": 2},
	} {
		for rule, want := range of {
			require.Eventually(t, func() bool {
				// A delivery is counted after it has arrived, perhaps in the next minute.
				w.pass(minutes(1))
				return w.totalOf("AWS/Events", metric, "RuleName", rule).sum == want
			}, soon, often, "%s of %s", metric, rule)
		}
	}
}

func TestRulesThatCannotWorkAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.eventbridge.PutRule(t.Context(), &eventbridge.PutRuleInput{
		Name: aws.String("wrong"), EventPattern: aws.String(`{"source":[{"begins":"aws"}]}`),
	})
	require.ErrorContains(t, err,
		"InvalidEventPatternException: Event pattern is not valid. Reason: Unrecognized match type begins")
	const invalid, unfollowed = "Parameter ScheduleExpression is not valid.", "the local AWS follows no schedules of rules"
	for expression, want := range map[string]string{
		"rate(5 minutes)": unfollowed, "rate(1 minutes)": invalid, "cron(0 8 * * MON *)": invalid,
		"at(2030-01-31T08:00:00)": invalid,
	} {
		_, err := w.eventbridge.PutRule(t.Context(), &eventbridge.PutRuleInput{
			Name: aws.String("timed"), ScheduleExpression: aws.String(expression),
		})
		require.ErrorContains(t, err, "ValidationException: "+want, expression)
	}
}

func TestStateMachinesAreStartedByRules(t *testing.T) {
	t.Parallel()
	var log safeLog
	w := newWorld(t, func(o *localaws.Options) { o.Log = &log })
	w.machine(`{"StartAt":"Done","States":{"Done":{"Type":"Succeed"}}}`)
	w.rule("arrivals", created, eventtypes.Target{
		Id: aws.String("1"), Arn: aws.String(machineARN), RoleArn: aws.String(roleARN),
		InputTransformer: &eventtypes.InputTransformer{
			InputPathsMap: map[string]string{"bucket": "$.detail.bucket.name", "key": "$.detail.object.key"},
			InputTemplate: aws.String(`{"input":{"bucket":<bucket>,"key":<key>}}`),
		},
	}, eventtypes.Target{Id: aws.String("2"), Arn: aws.String("arn:aws:lambda:" + region + ":123456789012:function:f")})
	w.notify(true)
	w.upload("in/a", []byte("1"))
	const uuid = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`
	require.Eventually(t, func() bool { return len(w.executions()) > 0 }, soon, often)
	ended := w.outcome(w.executions()[0])
	require.Regexp(t, "^"+uuid+"_"+uuid+"$", *ended.Name)
	require.JSONEq(t, `{"input":{"bucket":"models","key":"in/a"}}`, *ended.Input)
	log.await(t, `rule arrivals in eu-west-1: the local AWS does not deliver to `+
		`arn:aws:lambda:eu-west-1:123456789012:function:f`)
}
