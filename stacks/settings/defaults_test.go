package settings

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/components/scaling"
)

func TestAStackOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	s, err := Parse(Source{Stack: "dev", Config: map[string]string{regionKey: "eu-west-1", "sagehost:models": "{}"}})
	require.NoError(t, err)
	assert.Equal(t, &Settings{Models: map[string]Model{}}, s)
}

func TestWhatIsNotGivenHasItsDefault(t *testing.T) {
	t.Parallel()
	s := accept(t, change{
		"endpoints.flowers.variants[0].scaling": "{min: 1, max: 4, loadTest: {maxRequestsPerSecond: 20}}",
	})
	require.Len(t, s.Models, 1)
	require.Len(t, s.Endpoints, 1)
	require.Len(t, s.Endpoints["flowers"].Variants, 1)
	model, endpoint := s.Models["flowers"], s.Endpoints["flowers"]
	variant := endpoint.Variants[0]
	for _, test := range []struct {
		name       string
		have, want any
	}{
		{"images need no digest", s.Pinned, false},
		{"buckets are not protected", s.Storage.Protect, false},
		{"buckets with objects stay", s.Storage.ForceDestroy, false},
		{"nobody is mailed", s.Alerts.Emails, []string(nil)},
		{"the model is part of the image", model.Artifact, ""},
		{"no file is uploaded", model.ArtifactFile, ""},
		{"the environment is empty", model.Environment, map[string]string(nil)},
		{"the container has no network", model.Isolated(), true},
		{"one instance will do", endpoint.HighAvailability, false},
		{"the endpoint is not protected", endpoint.Protect, false},
		{"a variant starts with one instance", variant.InstanceCount(), 1},
		{"a variant weighs 1", variant.TrafficWeight(), 1.0},
		{"SageMaker decides how long a start may take", variant.ContainerStartupHealthCheckTimeout, (*time.Duration)(nil)},
		{"half of the measured load is held", variant.Scaling.LoadTest.Target(), 600.0},
		{"nothing is scheduled", variant.Scaling.Schedules, []scaling.Schedule(nil)},
	} {
		assert.Equal(t, test.want, test.have, test.name)
	}
}

func TestWhatIsGivenIsTaken(t *testing.T) {
	t.Parallel()
	s := accept(t, change{
		"storage": "{protect: true, captureRetentionDays: 1, batchRetentionDays: 3650, noncurrentRetentionDays: 7}",
		"alerts":  "{emails: [a@example.com, b@example.com]}",
		"models.flowers": "{image: '" + repository + ":2', artifact: s3://models/flowers/2/model.tar.gz, " +
			"environment: {LOG_LEVEL: debug, WORKERS: '2'}, networkIsolation: false}",
		"endpoints.flowers.highAvailability": "true",
		"endpoints.flowers.protect":          "true",
		"endpoints.flowers.alarms":           "{modelLatency: 1s500ms, cpuUtilization: 70.5}",
		"endpoints.flowers.variants": "[{name: main, model: flowers, instanceType: ml.c5.xlarge, " +
			"initialInstanceCount: 2, weight: 4, containerStartupHealthCheckTimeout: 1h}]",
	})
	model, endpoint := s.Models["flowers"], s.Endpoints["flowers"]
	variant := endpoint.Variants[0]
	for _, test := range []struct {
		name       string
		have, want any
	}{
		{"protect", s.Storage.Protect, true},
		{"captureRetentionDays", *s.Storage.CaptureRetentionDays, 1},
		{"batchRetentionDays", *s.Storage.BatchRetentionDays, 3650},
		{"noncurrentRetentionDays", *s.Storage.NoncurrentRetentionDays, 7},
		{"emails", s.Alerts.Emails, []string{"a@example.com", "b@example.com"}},
		{"image", model.Image, repository + ":2"},
		{"artifact", model.Artifact, "s3://models/flowers/2/model.tar.gz"},
		{"environment", model.Environment, map[string]string{"LOG_LEVEL": "debug", "WORKERS": "2"}},
		{"networkIsolation", model.Isolated(), false},
		{"highAvailability", endpoint.HighAvailability, true},
		{"protect of the endpoint", endpoint.Protect, true},
		{"modelLatency", *endpoint.Alarms.ModelLatency, 1500 * time.Millisecond},
		{"cpuUtilization", *endpoint.Alarms.CPUUtilization, 70.5},
		{"initialInstanceCount", variant.InstanceCount(), 2},
		{"weight", variant.TrafficWeight(), 4.0},
		{"containerStartupHealthCheckTimeout", *variant.ContainerStartupHealthCheckTimeout, time.Hour},
	} {
		assert.Equal(t, test.want, test.have, test.name)
	}
}
