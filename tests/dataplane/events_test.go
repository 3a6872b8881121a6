package dataplane_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
	"sagehost/localaws/services/objects"
)

// seen is an event as a target gets it.
type seen struct {
	Version    string
	ID         string
	DetailType string `json:"detail-type"`
	Source     string
	Account    string
	Time       time.Time
	Region     string
	Resources  []string
	Detail     struct {
		Bucket struct{ Name string }
		Object struct {
			Key             string
			Size            *int64
			ETag, Sequencer string
			VersionID       string `json:"version-id"`
		}
		Reason, Requester string
		DeletionType      string `json:"deletion-type"`
	}
}

// events makes a topic for what a rule with a pattern matches.
func (w *world) events(rule, pattern string) <-chan notification {
	w.tb.Helper()
	topicARN, arrived := w.topic(rule)
	w.rule(rule, pattern, eventtypes.Target{Id: aws.String("topic"), Arn: &topicARN})
	return arrived
}

func (w *world) rule(name, pattern string, targets ...eventtypes.Target) {
	w.tb.Helper()
	_, err := w.eventbridge.PutRule(w.tb.Context(), &eventbridge.PutRuleInput{Name: &name, EventPattern: &pattern})
	require.NoError(w.tb, err)
	_, err = w.eventbridge.PutTargets(w.tb.Context(), &eventbridge.PutTargetsInput{Rule: &name, Targets: targets})
	require.NoError(w.tb, err)
}

// notify switches the bucket's events on or off.
func (w *world) notify(on bool) {
	w.tb.Helper()
	configuration := &s3types.NotificationConfiguration{}
	if on {
		configuration.EventBridgeConfiguration = &s3types.EventBridgeConfiguration{}
	}
	_, err := w.s3.PutBucketNotificationConfiguration(w.tb.Context(), &s3.PutBucketNotificationConfigurationInput{
		Bucket: aws.String(bucket), NotificationConfiguration: configuration,
	})
	require.NoError(w.tb, err)
}

func (w *world) awaitEvent(arrived <-chan notification) seen {
	w.tb.Helper()
	var event seen
	require.NoError(w.tb, json.Unmarshal([]byte(w.await(arrived).Message), &event))
	return event
}

const created = `{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["models"]},` +
	`"object":{"key":[{"prefix":"in/"}]}}}`

func TestAnObjectThatArrivesIsAnEventAsAWSWritesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := w.events("arrivals", created)
	w.notify(true)
	configuration, err := w.s3.GetBucketNotificationConfiguration(t.Context(),
		&s3.GetBucketNotificationConfigurationInput{Bucket: aws.String(bucket)})
	require.NoError(t, err)
	assert.NotNil(t, configuration.EventBridgeConfiguration)

	w.upload("out/a.csv", []byte("elsewhere"))
	w.upload("in/a b+ü%41.csv", []byte("5.1,3.5\n"))
	event := w.awaitEvent(arrived)
	assert.Equal(t, "in/a b+ü%41.csv", event.Detail.Object.Key)
	assert.Equal(t, int64(8), *event.Detail.Object.Size)
	assert.Equal(t, "3c830c3cbc428077101a4d09ef168713", event.Detail.Object.ETag)
	assert.Equal(t, "models", event.Detail.Bucket.Name)
	assert.Equal(t, "PutObject", event.Detail.Reason)
	assert.Equal(t, "123456789012", event.Detail.Requester)
	assert.Regexp(t, `^[0-9A-F]{18}$`, event.Detail.Object.Sequencer)
	assert.Equal(t, []string{"0", "Object Created", "aws.s3", "123456789012", region},
		[]string{event.Version, event.DetailType, event.Source, event.Account, event.Region})
	assert.Equal(t, []string{"arn:aws:s3:::models"}, event.Resources)
	assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, event.ID)
	assert.WithinDuration(t, w.clock.Now(), event.Time, soon)
	assert.Empty(t, arrived)
}

func TestEveryWayToMakeAnObjectIsAnEvent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *localaws.Options) { o.Log = t.Output() })
	arrived := w.events("arrivals", created)
	w.notify(true)
	made := func(key, reason string, size int64) {
		t.Helper()
		event := w.awaitEvent(arrived)
		assert.Equal(t, key, event.Detail.Object.Key)
		assert.Equal(t, reason, event.Detail.Reason)
		require.NotNil(t, event.Detail.Object.Size)
		assert.Equal(t, size, *event.Detail.Object.Size)
		assert.NotEmpty(t, event.Detail.Object.ETag)
	}
	source := w.upload("from", []byte("1234"))
	_, err := w.s3.CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("in/copy"), CopySource: aws.String(strings.TrimPrefix(source, "s3://")),
	})
	require.NoError(t, err)
	made("in/copy", "CopyObject", 4)

	// More than a part, so that the services of the local AWS upload it in parts.
	store := objects.New(w.url)
	require.NoError(t, store.Put(t.Context(), region, "s3://models/in/parts", bytes.NewReader(make([]byte, 6<<20)),
		objects.Meta{}))
	made("in/parts", "CompleteMultipartUpload", 6<<20)
	require.NoError(t, store.Put(t.Context(), region, "s3://models/in/one", strings.NewReader("one"), objects.Meta{}))
	made("in/one", "PutObject", 3)

	var form bytes.Buffer
	fields := multipart.NewWriter(&form)
	require.NoError(t, fields.WriteField("key", "in/form"))
	file, err := fields.CreateFormFile("file", "rows.csv")
	require.NoError(t, err)
	_, err = file.Write([]byte("12345"))
	require.NoError(t, err)
	require.NoError(t, fields.Close())
	answer, err := http.Post(w.url+"/"+bucket, fields.FormDataContentType(), &form)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
	made("in/form", "POST Object", 5)
}

func TestObjectsThatAreDeletedAreEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := w.events("deletions", `{"source":["aws.s3"],"detail-type":["Object Deleted"]}`)
	for _, key := range []string{"a", "b", "c", "d"} {
		w.upload(key, []byte(key))
	}
	w.notify(true)
	_, err := w.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String("a")})
	require.NoError(t, err)
	event := w.awaitEvent(arrived)
	assert.Equal(t, "a", event.Detail.Object.Key)
	assert.Equal(t, "DeleteObject", event.Detail.Reason)
	assert.Equal(t, "Permanently Deleted", event.Detail.DeletionType)

	for _, quiet := range []bool{false, true} {
		key := map[bool]string{false: "b", true: "c"}[quiet]
		_, err = w.s3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String(bucket), Delete: &s3types.Delete{
			Objects: []s3types.ObjectIdentifier{{Key: &key}}, Quiet: &quiet,
		}})
		require.NoError(t, err)
		assert.Equal(t, key, w.awaitEvent(arrived).Detail.Object.Key)
	}
	_, err = w.s3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket:                  aws.String(bucket),
		VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled},
	})
	require.NoError(t, err)
	_, err = w.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(bucket), Key: aws.String("d")})
	require.NoError(t, err)
	marked := w.awaitEvent(arrived)
	assert.Equal(t, "Delete Marker Created", marked.Detail.DeletionType)
	assert.NotEmpty(t, marked.Detail.Object.VersionID)
}

func TestOnlyBucketsThatSaySoSendEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := w.events("arrivals", created)
	w.upload("in/before", []byte("1"))
	w.notify(true)
	w.upload("in/on", []byte("1"))
	w.notify(false)
	w.upload("in/off", []byte("1"))
	w.notify(true)
	w.upload("in/again", []byte("1"))
	keys := []string{w.awaitEvent(arrived).Detail.Object.Key, w.awaitEvent(arrived).Detail.Object.Key}
	assert.ElementsMatch(t, []string{"in/on", "in/again"}, keys)
}

// askSQS sends a request to the local SQS.
func (w *world) askSQS(operation string, input map[string]any) map[string]any {
	w.tb.Helper()
	body, err := json.Marshal(input)
	require.NoError(w.tb, err)
	request, err := http.NewRequestWithContext(w.tb.Context(), http.MethodPost, w.url, bytes.NewReader(body))
	require.NoError(w.tb, err)
	request.Header.Set("X-Amz-Target", "AmazonSQS."+operation)
	request.Header.Set("Content-Type", "application/x-amz-json-1.0")
	request.Header.Set("Authorization", fmt.Sprintf(
		"AWS4-HMAC-SHA256 Credential=test/20260101/%s/sqs/aws4_request, SignedHeaders=host, Signature=0", region))
	answer, err := http.DefaultClient.Do(request)
	require.NoError(w.tb, err)
	defer answer.Body.Close()
	require.Equal(w.tb, http.StatusOK, answer.StatusCode)
	var output map[string]any
	require.NoError(w.tb, json.NewDecoder(answer.Body).Decode(&output))
	return output
}

func TestAQueueGetsEachEventOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	queueURL := w.askSQS("CreateQueue", map[string]any{"QueueName": "arrivals"})["QueueUrl"]
	topicARN, arrived := w.topic("last")
	const prefix = "arn:aws:sqs:" + region + ":123456789012:"
	w.rule("arrivals", created, eventtypes.Target{
		Id: aws.String("queue"), Arn: aws.String(prefix + "arrivals"), InputPath: aws.String("$.detail.object.key"),
	}, eventtypes.Target{Id: aws.String("topic"), Arn: &topicARN})
	w.notify(true)
	w.upload("in/a", []byte("1"))
	w.await(arrived)
	w.askSQS("SendMessage", map[string]any{"QueueUrl": queueURL, "MessageBody": "end"})
	var bodies []any
	require.Eventually(t, func() bool {
		answer := w.askSQS("ReceiveMessage", map[string]any{"QueueUrl": queueURL, "MaxNumberOfMessages": 10})
		list, _ := answer["Messages"].([]any)
		for _, message := range list {
			bodies = append(bodies, message.(map[string]any)["Body"])
		}
		return len(bodies) >= 2
	}, soon, often)
	assert.ElementsMatch(t, []any{`"in/a"`, "end"}, bodies)
}
