package autoscaling

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"

	"sagehost/localaws/protocol"
	"sagehost/localaws/protocol/awsjson"
)

// CloudWatch is what the fake asks of the CloudWatch of a region; *cloudwatch.Client does it.
type CloudWatch interface {
	PutMetricAlarm(
		context.Context, *cloudwatch.PutMetricAlarmInput, ...func(*cloudwatch.Options),
	) (*cloudwatch.PutMetricAlarmOutput, error)
	DeleteAlarms(
		context.Context, *cloudwatch.DeleteAlarmsInput, ...func(*cloudwatch.Options),
	) (*cloudwatch.DeleteAlarmsOutput, error)
}

const (
	// patience bounds what CloudWatch may take for one request.
	patience = 30 * time.Second
	// maxDelete is how many alarms one DeleteAlarms takes (API reference of CloudWatch).
	maxDelete = 100
)

// The two alarms of a target tracking policy, by the part of their names that tells them apart.
const (
	alarmHigh = "AlarmHigh"
	alarmLow  = "AlarmLow"
)

// alarms are the alarms that a policy is to have, as descriptions of policies list them. They keep their names when the
// policy changes. New names are random: an old alarm that is deleted late must not take a new one with it.
func (c call) alarms(policy, old awsjson.Object) []any {
	list := []any{}
	if c.options.CloudWatch == nil || policy.Text("PolicyType") != targetTracking {
		return list
	}
	kinds := []string{alarmHigh}
	if !policy.Object("TargetTrackingScalingPolicyConfiguration").Flag("DisableScaleIn") {
		kinds = append(kinds, alarmLow)
	}
	for _, kind := range kinds {
		name := fmt.Sprintf("TargetTracking-%s-%s-%s", c.key().Resource, kind, newID())
		for _, kept := range alarmNames(old) {
			if isKind(kept, kind) {
				name = kept
			}
		}
		list = append(list, map[string]any{
			"AlarmName": name, "AlarmARN": protocol.ARN("cloudwatch", c.region, "alarm:"+name),
		})
	}
	return list
}

// alarmNames are the names of the alarms that a policy has.
func alarmNames(policy awsjson.Object) []string {
	var list []string
	for _, alarm := range policy.Objects("Alarms") {
		list = append(list, alarm.Text("AlarmName"))
	}
	return list
}

// isKind tells the high alarm from the low one. Names of endpoints and variants may look like a kind, but not at the
// place before the id, which is always 36 characters long.
func isKind(name, kind string) bool {
	const id = 36
	return len(name) > id && strings.HasSuffix(name[:len(name)-id], "-"+kind+"-")
}

// putAlarms makes or changes the alarms of a policy in CloudWatch. No lock but policing is held.
func (f *Fake) putAlarms(region string, policy awsjson.Object) error {
	for _, name := range alarmNames(policy) {
		input := alarmInput(policy, name)
		err := f.ask(context.Background(), region, func(ctx context.Context, client CloudWatch) error {
			_, err := client.PutMetricAlarm(ctx, input)
			return err
		})
		if err != nil {
			return awsjson.Errorf("FailedResourceAccessException", "Unable to create alarm %s: %v", name, err)
		}
	}
	return nil
}

// doom notes alarms to be deleted. The lock is held.
func (f *Fake) doom(region string, names ...string) {
	if len(names) > 0 {
		f.doomed[region] = append(f.doomed[region], names...)
	}
}

// bury deletes the alarms that are doomed. Those that CloudWatch keeps stay doomed. No lock but policing is held.
func (f *Fake) bury(ctx context.Context) {
	if f.options.CloudWatch == nil {
		return
	}
	f.mu.Lock()
	doomed := f.doomed
	f.doomed = map[string][]string{}
	f.mu.Unlock()
	if len(doomed) == 0 {
		return
	}
	kept := map[string][]string{}
	for region, names := range doomed {
		for part := range slices.Chunk(names, maxDelete) {
			err := f.ask(ctx, region, func(ctx context.Context, client CloudWatch) error {
				_, err := client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: part})
				return err
			})
			if err != nil {
				f.logf("alarms %v were not deleted: %v", part, err)
				kept[region] = append(kept[region], part...)
			}
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for region, names := range kept {
		f.doom(region, names...)
	}
	f.saveOrLog()
}

// burying is for operations that doom alarms.
func (f *Fake) burying(run func(call) (awsjson.Object, error)) func(awsjson.Call) (awsjson.Object, error) {
	return func(request awsjson.Call) (awsjson.Object, error) {
		f.policing.Lock()
		defer f.policing.Unlock()
		out, err := f.changing(run)(request)
		f.bury(context.Background())
		return out, err
	}
}

// ask sends one request to the CloudWatch of a region.
func (f *Fake) ask(ctx context.Context, region string, request func(context.Context, CloudWatch) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return request(ctx, f.options.CloudWatch(region))
}

// newID is a random UUID.
func newID() string {
	var b [16]byte
	// crypto/rand.Read never fails.
	_, _ = rand.Read(b[:])
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// text is a string member for the client of CloudWatch; nil when there is none.
func text(o awsjson.Object, name string) *string {
	if !o.Has(name) {
		return nil
	}
	return aws.String(o.Text(name))
}
