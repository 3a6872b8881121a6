package dataplane_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// step is a state that makes a request with the AWS SDK and keeps its answer, or its error, in the data.
func step(name, action, parameters, next string) string {
	return fmt.Sprintf(`%q:{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:%s","Parameters":%s,"ResultPath":"$.%s",
		"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.%s","Next":%q}],"Next":%q}`,
		name, action, parameters, name, name, next, next)
}

func TestAStateMachineReadsAndWritesObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	topic, arrived := w.topic("alerts")
	w.upload("in/a.csv", []byte("1,2\n"))
	w.machine(`{"StartAt":"listed","States":{` + strings.Join([]string{
		step("listed", "s3:listObjectsV2", `{"Bucket":"models","Prefix":"in/","MaxKeys":1}`, "nothing"),
		step("nothing", "s3:listObjectsV2", `{"Bucket":"models","Prefix":"none/"}`, "put"),
		step("put", "s3:putObject", `{"Bucket":"models","Key":"runs/_SUCCESS","Body":{"job.$":"$$.Execution.Name"}}`, "text"),
		step("text", "s3:putObject", `{"Bucket":"models","Key":"runs/text","Body":"words"}`, "head"),
		step("head", "s3:headObject", `{"Bucket":"models","Key":"runs/_SUCCESS"}`, "gone"),
		step("gone", "s3:headObject", `{"Bucket":"models","Key":"none"}`, "lost"),
		step("lost", "s3:listObjectsV2", `{"Bucket":"no-such-bucket"}`, "deleted"),
		step("deleted", "s3:deleteObject", `{"Bucket":"models","Key":"runs/text"}`, "told"),
		step("told", "sns:publish", `{"TopicArn":"`+topic+`","Subject":"s","Message":"done"}`, "mute"),
		step("mute", "sns:publish", `{"TopicArn":"`+topic+`x","Message":"done"}`, "end"),
	}, ",") + `,"end":{"Type":"Succeed"}}}`)
	ended := w.outcome(w.begin("objects"))
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, ended.Status, aws.ToString(ended.Cause))
	var out struct {
		Listed, Nothing struct {
			KeyCount int
			Contents []struct {
				Key, ETag, LastModified string
				Size                    int
			}
		}
		Head             struct{ ContentLength int }
		Put, Told        map[string]any
		Gone, Lost, Mute struct{ Error, Cause string }
	}
	decode(t, *ended.Output, &out)
	require.Len(t, out.Listed.Contents, 1)
	assert.Equal(t, "in/a.csv", out.Listed.Contents[0].Key)
	assert.Equal(t, 4, out.Listed.Contents[0].Size)
	assert.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`, out.Listed.Contents[0].LastModified)
	assert.Equal(t, 1, out.Listed.KeyCount)
	assert.Equal(t, 0, out.Nothing.KeyCount)
	assert.Regexp(t, `^"[0-9a-f]{32}"$`, out.Put["ETag"])
	assert.Equal(t, len(`{"job":"objects"}`), out.Head.ContentLength)
	content, _ := w.object("s3://models/runs/_SUCCESS")
	assert.JSONEq(t, `{"job":"objects"}`, content)
	assert.Equal(t, []string{"runs/_SUCCESS"}, w.keys("runs/"))
	assert.Equal(t, "S3.NoSuchKeyException", out.Gone.Error)
	assert.Regexp(t, `^null \(Service: S3, Status Code: 404, Request ID: `, out.Gone.Cause)
	assert.Equal(t, "S3.NoSuchBucketException", out.Lost.Error)
	assert.Regexp(t, `^The specified bucket does not exist \(Service: S3, Status Code: 404, Request ID: `, out.Lost.Cause)
	assert.NotEmpty(t, out.Told["MessageId"])
	assert.Equal(t, "done", w.await(arrived).Message)
	assert.Equal(t, "Sns.NotFoundException", out.Mute.Error)
}

func TestABodyThatIsATextHasQuotes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	put := step("text", "s3:putObject", `{"Bucket":"models","Key":"text","Body":"text data"}`, "end")
	w.machine(`{"StartAt":"text","States":{` + put + `,"end":{"Type":"Succeed"}}}`)
	require.Equal(t, sfntypes.ExecutionStatusSucceeded, w.outcome(w.begin("text")).Status)
	content, _ := w.object("s3://models/text")
	assert.Equal(t, `"text data"`, content)
}

func TestAThrottledObjectIsAnErrorOfItsService(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.script("PUT", "/_local/faults/slow", `{"service": "s3", "operation": "PutObject", "error": "SlowDown"}`)
	w.machine(`{"StartAt":"text","States":{"text":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:putObject",
		"Parameters":{"Bucket":"models","Key":"text","Body":1},"End":true}}}`)
	ended := w.outcome(w.begin("slow"))
	assert.Equal(t, "FAILED S3.S3Exception", string(ended.Status)+" "+aws.ToString(ended.Error))
	assert.Regexp(t, `^Please reduce your request rate. \(Service: S3, Status Code: 503, Request ID: `, *ended.Cause)
}
