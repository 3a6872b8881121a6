package dataplane_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// now is the time of a local AWS in another process.
func (g *gateway) now() time.Time {
	g.tb.Helper()
	status, text := g.admin(http.MethodGet, "/_local/clock", "")
	require.Equal(g.tb, http.StatusOK, status, text)
	var clock struct{ Now time.Time }
	require.NoError(g.tb, json.Unmarshal([]byte(text), &clock))
	return clock.Now
}

func TestTimeNeverRunsBackwardsOverAKill(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.setSpeed(2000)
	goal := g.now().Add(time.Hour)
	require.Eventually(t, func() bool { return g.now().After(goal) }, soon, often)
	g.setSpeed(1)
	g.serve("v1", told("v1"))
	made := *g.describe("v1").CreationTime
	g.kill()
	g.start()
	assert.False(t, g.now().Before(made), "%v is before %v", g.now(), made)
}

func TestAnAlarmThatStaysAsItWasIsNotToldAgainAfterAKill(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	topic, arrived := g.topic("alerts")
	g.serve("v1", told("v1"))
	by := dimensions("EndpointName", "v1", "VariantName", "main")
	g.alarm("first", "Invocation5XXErrors", by, topic)
	g.setSpeed(60)
	assert.Contains(t, g.await(arrived).Message, `"AlarmName":"first"`)
	g.kill()
	g.start()
	g.setSpeed(60)
	// The alarm that is new is looked at together with the old one, or after it.
	g.alarm("second", "Invocation5XXErrors", by, topic)
	require.Eventually(t, func() bool { return g.state("second") == cwtypes.StateValueOk }, soon, often)
	assert.Equal(t, cwtypes.StateValueOk, g.state("first"))
	assert.Contains(t, g.await(arrived).Message, `"AlarmName":"second"`)
}

func TestAJobThatWasKilledFails(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.model("slow", told("v1"))
	began := filepath.Join(g.dir, "began")
	g.upload("in/a.csv", []byte(order{Began: began, Until: filepath.Join(g.dir, "never")}.String()))
	g.transform("slow")
	awaitFile(t, began)
	g.kill()
	g.start()
	ended := g.ended()
	assert.Equal(t, types.TransformJobStatusFailed, ended.TransformJobStatus)
	assert.Equal(t, "InternalServerError: The service was restarted while the job was running. Please try again.",
		aws.ToString(ended.FailureReason))
}

func TestWhatWasAcknowledgedOutlivesAKill(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	// Several clients, so that the kill comes in the middle of something.
	const writers = 4
	acknowledged := make([]int, writers)
	var writing sync.WaitGroup
	enough := make(chan struct{}, writers)
	for writer := range writers {
		writing.Go(func() {
			for {
				container := told("v1")
				_, err := g.sagemaker.CreateModel(t.Context(), &sagemaker.CreateModelInput{
					ModelName: aws.String(modelName(writer, acknowledged[writer])), ExecutionRoleArn: aws.String(roleARN),
					PrimaryContainer: &container,
				})
				if err != nil {
					return
				}
				if acknowledged[writer]++; acknowledged[writer] == 20 {
					enough <- struct{}{}
				}
			}
		})
	}
	<-enough
	g.kill()
	writing.Wait()
	g.start()
	for writer, count := range acknowledged {
		for n := range count {
			_, err := g.sagemaker.DescribeModel(t.Context(),
				&sagemaker.DescribeModelInput{ModelName: aws.String(modelName(writer, n))})
			assert.NoError(t, err)
		}
	}
}

func modelName(writer, n int) string { return fmt.Sprintf("model-%d-%d", writer, n) }

func TestScalingGoesOnAfterAKill(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.serve("v1", told("v1"))
	g.register("v1", 1, 4)
	g.track("v1", 0.5)
	g.kill()
	g.start()
	g.assertAnswer("v1", "v1", "anything")
	g.setSpeed(300)
	stop := g.client("v1")
	require.Eventually(t, func() bool { return g.desired("v1") == 4 }, soon, often)
	stop()
	require.Eventually(t, func() bool { return g.desired("v1") == 1 }, soon, often)
}

func TestAScheduledActionThatWasMissedIsMadeUpFor(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.serve("v1", told("v1"))
	g.register("v1", 1, 4)
	at := time.Now().UTC().Add(3 * time.Second).Truncate(time.Second)
	g.schedule("v1", at, 3, 5)
	g.kill()
	time.Sleep(time.Until(at))
	g.start()
	require.Eventually(t, func() bool { return g.desired("v1") == 3 }, soon, often)
}

func TestAnEndpointThatMissesItsArchiveAfterAKillRecoversWithIt(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.serve("flowers", scoring(g.uploadExample("flowers/model.tar.gz")))
	_, err := g.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: aws.String(bucket), Key: aws.String("flowers/model.tar.gz"),
	})
	require.NoError(t, err)
	g.kill()
	g.start()
	_, err = g.invoke(t.Context(), "flowers", flower)
	assert.Equal(t, http.StatusServiceUnavailable, statusOf(err))
	g.uploadExample("flowers/model.tar.gz")
	require.Eventually(t, func() bool {
		answer, err := g.invoke(t.Context(), "flowers", flower)
		return err == nil && string(answer.Body) == flowerSeen
	}, soon, often)
}
