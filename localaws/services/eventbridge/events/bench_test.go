package events_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"sagehost/localaws/services/cloudwatch/metrics"
	"sagehost/localaws/services/eventbridge/deliveries"
	"sagehost/localaws/services/eventbridge/events"
	"sagehost/localaws/world/clock"
)

// noMetrics is a sink that keeps nothing.
type noMetrics struct{}

func (noMetrics) Add(metrics.Metric, float64) {}

// BenchmarkWrap is what requests pay that there are no events for.
func BenchmarkWrap(b *testing.B) {
	settings := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<NotificationConfiguration></NotificationConfiguration>")
	}))
	b.Cleanup(settings.Close)
	time := clock.New(time.Now())
	queue, err := deliveries.New(deliveries.Options{URL: settings.URL, Clock: time, Metrics: noMetrics{}, Log: io.Discard})
	if err != nil {
		b.Fatal(err)
	}
	router := events.New(events.Options{
		URL: settings.URL, Clock: time, Deliveries: queue, Metrics: noMetrics{}, Log: io.Discard,
	})
	handler := router.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, request := range map[string]struct{ method, service, target string }{
		"read of S3":    {http.MethodGet, "s3", ""},
		"write to S3":   {http.MethodPut, "s3", ""},
		"other service": {http.MethodPost, "iam", ""},
		"other JSON":    {http.MethodPost, "sqs", "AmazonSQS.SendMessage"},
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(request.method, "/bucket/key", bytes.NewReader(nil))
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260101/eu-west-1/"+request.service+"/aws4_request, x")
			if request.target != "" {
				r.Header.Set("X-Amz-Target", request.target)
			}
			answer := httptest.NewRecorder()
			for b.Loop() {
				handler.ServeHTTP(answer, r)
			}
		})
	}
}
