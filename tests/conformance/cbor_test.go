package conformance_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/smithy-go"
	"github.com/fxamacker/cbor/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/protocol/rpccbor"
)

// The SDK for Go speaks CBOR with CloudWatch from version 1.53 of its module on.
func TestCloudWatchSpeaksCBOR(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client := cloudwatch.NewFromConfig(aws.Config{
		Region: "eu-west-3", BaseEndpoint: &w.url, Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""),
	})
	minute := time.Now().UTC().Truncate(time.Minute).Add(-10 * time.Minute)
	t.Run("metrics", func(t *testing.T) {
		t.Parallel()
		measureInCBOR(t, client, minute)
	})
	t.Run("percentiles", func(t *testing.T) {
		t.Parallel()
		askPercentiles(t, client, minute)
	})
	t.Run("alarms", func(t *testing.T) {
		t.Parallel()
		alarmInCBOR(t, client, minute)
	})
	t.Run("dashboards", func(t *testing.T) {
		t.Parallel()
		drawInCBOR(t, client)
	})
	t.Run("a failure on demand", func(t *testing.T) {
		t.Parallel()
		w.setFault(t, `{"service": "cloudwatch", "operation": "DescribeAlarmsForMetric", "error": "ThrottlingException"}`)
		_, err := client.DescribeAlarmsForMetric(t.Context(), &cloudwatch.DescribeAlarmsForMetricInput{
			Namespace: aws.String("cbor"), MetricName: aws.String("m"),
		}, func(o *cloudwatch.Options) { o.RetryMaxAttempts = 1 })
		assertCode(t, "ThrottlingException", err)
	})
}

func measureInCBOR(t *testing.T, client *cloudwatch.Client, minute time.Time) {
	t.Helper()
	ctx := t.Context()
	data := make([]types.MetricDatum, 200)
	for i := range data {
		// So many that the SDK compresses the request.
		data[i] = types.MetricDatum{MetricName: aws.String("m"), Timestamp: &minute, Value: aws.Float64(float64(i))}
	}
	_, err := client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("cbor"), MetricData: data})
	require.NoError(t, err)
	listed, err := client.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: aws.String("cbor")})
	require.NoError(t, err)
	require.NotEmpty(t, listed.Metrics)
	assert.Equal(t, "m", *listed.Metrics[0].MetricName)
	statistics, err := client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("cbor"), MetricName: aws.String("m"), Period: aws.Int32(60),
		StartTime: &minute, EndTime: aws.Time(minute.Add(time.Minute)),
		Statistics: []types.Statistic{types.StatisticSum, types.StatisticSampleCount},
	})
	require.NoError(t, err)
	require.Len(t, statistics.Datapoints, 1)
	assert.InDelta(t, 19900, *statistics.Datapoints[0].Sum, 0)
	assert.InDelta(t, 200, *statistics.Datapoints[0].SampleCount, 0)
	assert.True(t, minute.Equal(*statistics.Datapoints[0].Timestamp))
	got, err := client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
		StartTime: &minute, EndTime: aws.Time(minute.Add(time.Minute)),
		MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("q"), MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String("cbor"), MetricName: aws.String("m")},
			Period: aws.Int32(60), Stat: aws.String("Maximum"),
		}}},
	})
	require.NoError(t, err)
	require.Len(t, got.MetricDataResults, 1)
	assert.Equal(t, []float64{199}, got.MetricDataResults[0].Values)
	require.Len(t, got.MetricDataResults[0].Timestamps, 1)
	assert.True(t, minute.Equal(got.MetricDataResults[0].Timestamps[0]))
}

func askPercentiles(t *testing.T, client *cloudwatch.Client, minute time.Time) {
	t.Helper()
	ctx, end := t.Context(), minute.Add(time.Minute)
	var values, counts []float64
	for v := 1.0; v <= 100; v++ {
		values, counts = append(values, v), append(counts, 1000)
	}
	_, err := client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{
		Namespace: aws.String("percentiles"), MetricData: []types.MetricDatum{
			{MetricName: aws.String("values"), Timestamp: &minute, Values: values, Counts: counts},
			{MetricName: aws.String("sums"), Timestamp: &minute, StatisticValues: &types.StatisticSet{
				SampleCount: aws.Float64(3), Sum: aws.Float64(9), Minimum: aws.Float64(1), Maximum: aws.Float64(5),
			}},
		},
	})
	require.NoError(t, err)
	for metric, want := range map[string]map[string]float64{
		"values": {"p50": 50, "p99": 99, "p99.9": 100, "tm90": 45.5, "PR(:30)": 30}, "sums": nil,
	} {
		got, err := client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
			Namespace: aws.String("percentiles"), MetricName: &metric, Period: aws.Int32(60), StartTime: &minute, EndTime: &end,
			Statistics:         []types.Statistic{types.StatisticSampleCount},
			ExtendedStatistics: []string{"p50", "p99", "p99.9", "tm90", "PR(:30)"},
		})
		require.NoError(t, err)
		require.Len(t, got.Datapoints, 1, metric)
		assert.Equal(t, want, got.Datapoints[0].ExtendedStatistics, metric)
		data, err := client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{
			StartTime: &minute, EndTime: &end, MetricDataQueries: []types.MetricDataQuery{{
				Id: aws.String("q"), MetricStat: &types.MetricStat{
					Metric: &types.Metric{Namespace: aws.String("percentiles"), MetricName: &metric},
					Period: aws.Int32(60), Stat: aws.String("p99"),
				},
			}},
		})
		require.NoError(t, err)
		var points []float64
		if want != nil {
			points = []float64{99}
		}
		assert.ElementsMatch(t, points, data.MetricDataResults[0].Values, metric)
	}
	_, err = client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("percentiles"), MetricName: aws.String("values"), Period: aws.Int32(60), StartTime: &minute,
		EndTime: &end, ExtendedStatistics: []string{"p101"},
	})
	assertCode(t, "InvalidParameterValue", err)
}

func alarmInCBOR(t *testing.T, client *cloudwatch.Client, since time.Time) {
	t.Helper()
	ctx, name := t.Context(), aws.String("cbor")
	_, err := client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: name, Namespace: aws.String("cbor"), MetricName: aws.String("m"), Statistic: types.StatisticSum,
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(2.5), ActionsEnabled: aws.Bool(false),
		ComparisonOperator: types.ComparisonOperatorGreaterThanThreshold,
		Tags:               []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}},
	})
	require.NoError(t, err)
	described, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{*name}})
	require.NoError(t, err)
	require.Len(t, described.MetricAlarms, 1)
	alarm := described.MetricAlarms[0]
	assert.InDelta(t, 2.5, *alarm.Threshold, 0)
	assert.False(t, *alarm.ActionsEnabled)
	assert.Equal(t, int32(60), *alarm.Period)
	assert.True(t, alarm.StateUpdatedTimestamp.After(since))
	tags, err := client.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: alarm.AlarmArn})
	require.NoError(t, err)
	assert.Len(t, tags.Tags, 1)
	_, err = client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{
		AlarmName: name, StateValue: types.StateValueAlarm, StateReason: aws.String("a drill"),
	})
	require.NoError(t, err)
	history, err := client.DescribeAlarmHistory(ctx, &cloudwatch.DescribeAlarmHistoryInput{AlarmName: name})
	require.NoError(t, err)
	require.NotEmpty(t, history.AlarmHistoryItems)
	assert.True(t, history.AlarmHistoryItems[0].Timestamp.After(since))
	_, err = client.DeleteAlarms(ctx, &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{*name}})
	require.NoError(t, err)
	_, err = client.SetAlarmState(ctx, &cloudwatch.SetAlarmStateInput{
		AlarmName: name, StateValue: types.StateValueOk, StateReason: aws.String("a drill"),
	})
	assert.ErrorAs(t, err, new(*types.ResourceNotFound))
	assertCode(t, "ResourceNotFound", err)
}

func drawInCBOR(t *testing.T, client *cloudwatch.Client) {
	t.Helper()
	ctx, name := t.Context(), aws.String("cbor")
	_, err := client.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: name, DashboardBody: aws.String("{")})
	assert.ErrorAs(t, err, new(*types.DashboardInvalidInputError))
	_, err = client.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: name, DashboardBody: aws.String("{}")})
	require.NoError(t, err)
	listed, err := client.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{})
	require.NoError(t, err)
	require.Len(t, listed.DashboardEntries, 1)
	assert.Equal(t, int64(2), *listed.DashboardEntries[0].Size)
	assert.WithinDuration(t, time.Now(), *listed.DashboardEntries[0].LastModified, time.Hour)
	_, err = client.PutAnomalyDetector(ctx, &cloudwatch.PutAnomalyDetectorInput{})
	assertCode(t, "UnknownOperationException", err)
}

func assertCode(t *testing.T, want string, err error) {
	t.Helper()
	var told smithy.APIError
	if assert.ErrorAs(t, err, &told) {
		assert.Equal(t, want, told.ErrorCode())
	}
}

// setFault has the next requests fail.
func (w *world) setFault(t *testing.T, rule string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.url+"/_local/faults/f", strings.NewReader(rule))
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
}

// Times and blobs cannot be told from numbers and texts in JSON: for each service that speaks CBOR, every member of an
// answer has the type that the service model gives it.
func TestAnswersInCBORHaveTheTypesOfTheServiceModels(t *testing.T) {
	t.Parallel()
	models := cborModels(t)
	require.NotEmpty(t, models)
	for _, m := range models {
		t.Run(m.Metadata.TargetPrefix, func(t *testing.T) {
			t.Parallel()
			for name, kind := range m.answered() {
				sample, want := map[string]string{
					"timestamp": `1`, "blob": `"AQL/"`, "double": `1.5`, "string": `"AQL/"`, "integer": `1`, "long": `1`,
				}[kind], map[string]any{
					"timestamp": time.Unix(1, 0), "blob": []byte{1, 2, 255}, "double": 1.5, "string": "AQL/",
					"integer": uint64(1), "long": uint64(1),
				}[kind]
				if want != nil {
					assert.Equal(t, want, answerInCBOR(t, m.Metadata.TargetPrefix, name, sample), "%s, a %s", name, kind)
				}
			}
		})
	}
}

// answerInCBOR is a member of an answer of a service, which it gives in JSON.
func answerInCBOR(t *testing.T, service, name, value string) any {
	t.Helper()
	handler := rpccbor.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"Within": [{%q: %s}]}`, name, value)
	}))
	r, w := httptest.NewRequest(http.MethodPost, "/service/"+service+"/operation/X", nil), httptest.NewRecorder()
	r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
	handler.ServeHTTP(w, r)
	var content struct{ Within []map[string]any }
	require.NoError(t, cbor.Unmarshal(w.Body.Bytes(), &content))
	return content.Within[0][name]
}

// cborModels are the models of the services that speak CBOR.
func cborModels(t *testing.T) []*model {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(serviceModels(t).data, "*", "*", "service-2.json*"))
	require.NoError(t, err)
	var models []*model
	for _, file := range files {
		// The protocols are at the beginning.
		begins := make([]byte, 2048)
		err := readFile(file, func(text io.Reader) error {
			_, err := io.ReadFull(text, begins)
			if errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			return err
		})
		require.NoError(t, err)
		if strings.Contains(string(begins), "smithy-rpc-v2-cbor") {
			m, err := readModel(file)
			require.NoError(t, err)
			models = append(models, m)
		}
	}
	return models
}

// answered are the members of all answers and errors, each with the type of its values.
func (m *model) answered() map[string]string {
	kinds, seen := map[string]string{}, map[string]bool{}
	var walk func(name string) (kind string)
	walk = func(name string) string {
		s := m.Shapes[name]
		switch s.Type {
		case "list":
			return walk(s.Member.Shape)
		case "map":
			walk(s.Value.Shape)
			return s.Type
		case "structure":
			for member, ref := range s.Members {
				if !seen[name+"."+member] {
					seen[name+"."+member] = true
					kinds[member] = walk(ref.Shape)
				}
			}
		}
		return s.Type
	}
	for _, operation := range m.Operations {
		if operation.Output != nil {
			walk(operation.Output.Shape)
		}
		for _, refusal := range operation.Errors {
			walk(refusal.Shape)
		}
	}
	return kinds
}
