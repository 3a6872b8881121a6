package scheduler

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"sagehost/kit/cron"
	"sagehost/localaws/protocol"
	"sagehost/localaws/services/eventbridge/deliveries"
)

// schedule is a schedule that can fire.
type schedule struct {
	key, group, name string
	region, arn      string
	times            cron.Schedule
	end              time.Time
	enabled          bool
	// deletes says that the schedule is deleted when it has completed.
	deletes bool
	target  types.Target
}

// scheduleOf reads a schedule as the API describes it. Start and end are ignored where it is for one time only.
func scheduleOf(d *awsscheduler.GetScheduleOutput, region string, m mark) (schedule, error) {
	if d.Target == nil {
		return schedule{}, fmt.Errorf("it has no target")
	}
	zone, err := cron.Zone(aws.ToString(d.ScheduleExpressionTimezone))
	if err != nil {
		return schedule{}, err
	}
	start := m.Since
	if d.StartDate != nil {
		start = *d.StartDate
	}
	times, err := cron.Scheduler.Parse(aws.ToString(d.ScheduleExpression),
		cron.Options{Zone: zone, Start: start, Once: true})
	if err != nil {
		return schedule{}, err
	}
	one := schedule{
		group: aws.ToString(d.GroupName), name: aws.ToString(d.Name), region: region, arn: aws.ToString(d.Arn),
		times: times, enabled: d.State != types.ScheduleStateDisabled, target: *d.Target,
		deletes: d.ActionAfterCompletion == types.ActionAfterCompletionDelete,
	}
	one.key = key(one.group, one.name)
	if !times.OneTime() {
		one.end = aws.ToTime(d.EndDate)
		one.times = times.Within(aws.ToTime(d.StartDate), one.end)
	}
	return one, nil
}

// attemptMark stands for the number of the attempt in inputs.
const attemptMark = "<aws.scheduler.attempt-number>"

// delivery is what is to be done at a time at which the schedule is due. Its ID is that of the time, so that it can be
// handed over again without harm.
func (o schedule) delivery(due time.Time) deliveries.Delivery {
	at := due.UTC().Format("2006-01-02T15:04:05Z")
	id := deliveries.UUIDOf(o.arn, due.UTC().Format(time.RFC3339Nano))
	d := deliveries.Delivery{
		ID: deliveries.ID(id, deliveries.UUIDOf(id)), Kind: deliveries.Schedule, Maker: o.key, Dimension: o.group,
		Region: o.region, TargetARN: aws.ToString(o.target.Arn), AttemptMark: attemptMark, Made: due,
		MaxAge: deliveries.DefaultMaxAge, MaxRetries: deliveries.DefaultMaxRetries,
	}
	d.Input = strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", o.arn,
		"<aws.scheduler.scheduled-time>", at,
		"<aws.scheduler.execution-id>", id,
	).Replace(aws.ToString(o.target.Input))
	if o.target.Input == nil {
		d.Input = o.notice(id, at)
	}
	if o.target.SqsParameters != nil {
		d.MessageGroup = aws.ToString(o.target.SqsParameters.MessageGroupId)
	}
	if policy := o.target.RetryPolicy; policy != nil {
		if policy.MaximumEventAgeInSeconds != nil {
			d.MaxAge = time.Duration(*policy.MaximumEventAgeInSeconds) * time.Second
		}
		if policy.MaximumRetryAttempts != nil {
			d.MaxRetries = int(*policy.MaximumRetryAttempts)
		}
	}
	return d
}

// notice is what a target without an input gets. Its detail is a string, other than in events of rules.
func (o schedule) notice(id, at string) string {
	return fmt.Sprintf(`{"version":"0","id":%q,"detail-type":"Scheduled Event","source":"aws.scheduler","account":%q,`+
		`"time":%q,"region":%q,"resources":[%s],"detail":"{}"}`, id, protocol.Account, at, o.region, quoted(o.arn))
}

func quoted(text string) string {
	// Strings can always be written.
	written, _ := json.Marshal(text)
	return string(written)
}
