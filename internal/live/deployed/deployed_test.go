package deployed_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/live/deployed"
	"sagehost/internal/live/deployed/deployedtest"
	"sagehost/internal/release"
)

const (
	repository = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring"
	archive    = "s3://models/releases/flowers/1/model.tar.gz"
)

var (
	imageA = repository + "@sha256:" + strings.Repeat("a", 64)
	imageB = repository + "@sha256:" + strings.Repeat("b", 64)
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	place  = deployed.Place{Endpoint: "flowers-dev", Variants: []string{"main"}}
)

// world is a cloud whose endpoint flowers-dev serves a release.
func world(t *testing.T) (*deployedtest.Cloud, *deployedtest.Endpoint, *release.Release) {
	t.Helper()
	cloud := deployedtest.New()
	r, err := release.New(release.Subject{Containers: []release.Container{{
		Image: imageA, Artifact: cloud.Artifact(archive, "weights"), Environment: release.Environment{"LOG_LEVEL": "debug"},
	}}})
	require.NoError(t, err)
	return cloud, cloud.Serve("flowers-dev", r), r
}

func TestAnEndpointServesTheReleaseThatWasDeployed(t *testing.T) {
	t.Parallel()
	cloud, _, r := world(t)
	report, err := cloud.Deployed().Check(t.Context(), place, r)
	require.NoError(t, err)
	assert.Equal(t, &deployed.Report{
		Endpoint: "flowers-dev", Status: types.EndpointStatusInService, Config: "flowers-dev-config", Result: release.Pass,
	}, report)
}

func TestADisagreementNamesTheEndpointAndTheRelease(t *testing.T) {
	t.Parallel()
	const tag = repository + ":1.0.0"
	for _, test := range []struct {
		name   string
		change func(*deployedtest.Endpoint)
		result release.Result
		want   []string
	}{
		{
			"another image", func(e *deployedtest.Endpoint) { e.Containers[0].Image, e.Images[imageB] = &imageB, imageB },
			release.Fail,
			[]string{"endpoint flowers-dev, variant main: serves image " + imageB + ", release ID names " +
				imageA},
		},
		{
			"a tag that has moved", func(e *deployedtest.Endpoint) {
				e.Containers[0].Image, e.Images[tag] = aws.String(tag), imageB
			},
			release.Fail,
			[]string{"endpoint flowers-dev, variant main: serves image " + imageB + ", release ID names " +
				imageA +
				" (" + tag + " was looked up at 2026-11-20T12:00:00Z)"},
		},
		{
			"a tag that has not", func(e *deployedtest.Endpoint) {
				e.Containers[0].Image, e.Images[tag] = aws.String(tag), imageA
			},
			release.Pass, nil,
		},
		{
			"the archive by its URL", func(e *deployedtest.Endpoint) {
				e.Containers[0].ModelDataUrl = aws.String(
					"https://models.s3.eu-west-1.amazonaws.com/releases/flowers/1/model.tar.gz")
			},
			release.Pass, nil,
		},
		{
			"another archive and environment", func(e *deployedtest.Endpoint) {
				e.Containers[0].ModelDataUrl = aws.String("s3://models/other.tar.gz")
				e.Containers[0].Environment = map[string]string{"LOG_LEVEL": "hunter2", "MORE": "hunter2"}
			},
			release.Fail,
			[]string{
				"endpoint flowers-dev, variant main: serves archive s3://models/other.tar.gz, release ID names " + archive,
				"endpoint flowers-dev, variant main: its environment variable LOG_LEVEL is not that of release ID",
				"endpoint flowers-dev, variant main: its environment variable MORE is not that of release ID",
			},
		},
		{
			"no archive", func(e *deployedtest.Endpoint) { e.Containers[0].ModelDataUrl = nil },
			release.Fail,
			[]string{"endpoint flowers-dev, variant main: serves archive none, release ID names " + archive},
		},
		{
			"a prefix for an archive", func(e *deployedtest.Endpoint) {
				e.Containers[0].ModelDataUrl = nil
				e.Containers[0].ModelDataSource = &types.ModelDataSource{
					S3DataSource: &types.S3ModelDataSource{S3Uri: aws.String("s3://models/flowers/")},
				}
			},
			release.Fail,
			[]string{
				"endpoint flowers-dev, variant main: serves archive s3://models/flowers/, release ID names " + archive,
			},
		},
		{
			"a pipeline", func(e *deployedtest.Endpoint) { e.Containers = append(e.Containers, e.Containers[0]) },
			release.Fail,
			[]string{"endpoint flowers-dev, variant main: has 2 containers, release ID has 1"},
		},
		{
			"another variant", func(e *deployedtest.Endpoint) { e.Variant = "blue" },
			release.Fail,
			[]string{"endpoint flowers-dev, variant main: is not there; release ID was expected"},
		},
		{
			"an update under way", func(e *deployedtest.Endpoint) { e.Status = types.EndpointStatusUpdating },
			release.Inconclusive,
			[]string{"endpoint flowers-dev is Updating, not InService"},
		},
		{
			"a creation under way", func(e *deployedtest.Endpoint) { e.Status = types.EndpointStatusCreating },
			release.Inconclusive,
			[]string{
				"endpoint flowers-dev is Creating, not InService",
				"endpoint flowers-dev, variant main: is not there; release ID was expected",
			},
		},
		{
			"a failure", func(e *deployedtest.Endpoint) {
				e.Status, e.FailureReason = types.EndpointStatusFailed, "out of memory"
			},
			release.Fail,
			[]string{"endpoint flowers-dev is Failed, not InService: out of memory"},
		},
		{"a shadow", func(e *deployedtest.Endpoint) { e.Shadow = true }, release.Pass, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, endpoint, r := world(t)
			test.change(endpoint)
			report, err := cloud.Deployed().Check(t.Context(), place, r)
			require.NoError(t, err)
			assert.Equal(t, test.result, report.Result)
			for i := range test.want {
				test.want[i] = strings.ReplaceAll(test.want[i], "release ID", "release "+r.ID[:12])
			}
			assert.Equal(t, test.want, report.Disagreements)
		})
	}
}

func TestContainersOfAPipelineAreComparedOneByOne(t *testing.T) {
	t.Parallel()
	cloud := deployedtest.New()
	r, err := release.New(release.Subject{Containers: []release.Container{
		{Hostname: "preprocess", Image: imageA}, {Hostname: "scoring", Image: imageB},
	}})
	require.NoError(t, err)
	e := cloud.Serve("flowers-dev", r)
	report, err := cloud.Deployed().Check(t.Context(), place, r)
	require.NoError(t, err)
	require.Empty(t, report.Disagreements)
	e.Containers[1].ContainerHostname = aws.String("other")
	report, err = cloud.Deployed().Check(t.Context(), place, r)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"endpoint flowers-dev, variant main, container 2: serves hostname other, release " + r.ID[:12] + " names scoring",
	}, report.Disagreements)
}

func TestAnEndpointOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()
	cloud, _, r := world(t)
	asked := cloud.Deployed()
	asked.AllowedAccounts = []string{"111111111111", "222222222222"}
	_, err := asked.Check(t.Context(), place, r)
	require.EqualError(t, err, "endpoint flowers-dev: is in account 123456789012; aws:allowedAccountIds of the "+
		"stack allows "+
		"111111111111, 222222222222")
	asked.AllowedAccounts = []string{deployedtest.Account}
	_, err = asked.Check(t.Context(), place, r)
	assert.NoError(t, err)
}

func TestArchivesAreComparedByTheirContent(t *testing.T) {
	t.Parallel()
	cloud, _, r := world(t)
	for name, test := range map[string]struct {
		objects map[string][]byte
		want    []string
	}{
		"the same": {cloud.Objects, nil},
		"another": {map[string][]byte{archive: []byte("Weights")}, []string{
			archive + " has SHA-256 147ec15498661dd98b2128a1fa230b4838f66d6b66dea64847dc55ac7d88a130, release ID names " +
				r.Subject.Containers[0].Artifact.SHA256,
		}},
		"none": {nil, []string{archive + " is not there, release ID names it"}},
	} {
		for _, none := range []bool{false, true} {
			have, err := deployed.CheckArtifacts(t.Context(), &deployedtest.Cloud{Objects: test.objects, NoChecksums: none}, r)
			require.NoError(t, err, name)
			require.Len(t, have, len(test.want), name)
			for i := range have {
				assert.Equal(t, strings.ReplaceAll(test.want[i], "release ID", "release "+r.ID[:12]), have[i], name)
			}
		}
	}
}

func TestAReleaseIsConvergedWhereEveryEndpointServesIt(t *testing.T) {
	t.Parallel()
	second := deployed.Place{Endpoint: "petals-dev", Variants: []string{"main"}}
	for _, test := range []struct {
		name   string
		change func(*deployedtest.Cloud)
		places []deployed.Place
		result release.Result
		detail string
	}{
		{
			"all", func(*deployedtest.Cloud) {},
			[]deployed.Place{place, second},
			release.Pass,
			"endpoint flowers-dev serves it with configuration flowers-dev-config; " +
				"endpoint petals-dev serves it with configuration petals-dev-config",
		},
		{"none", func(*deployedtest.Cloud) {}, nil, release.Fail, "no endpoint of stack dev serves the model"},
		{
			"one not there", func(c *deployedtest.Cloud) { delete(c.Endpoints, "petals-dev") },
			[]deployed.Place{place, second},
			release.Fail,
			"endpoint flowers-dev serves it with configuration flowers-dev-config; there is no endpoint petals-dev",
		},
		{
			"one changing", func(c *deployedtest.Cloud) { c.Endpoints["flowers-dev"].Status = types.EndpointStatusUpdating },
			[]deployed.Place{place, second},
			release.Inconclusive,
			"endpoint flowers-dev is Updating, not InService; endpoint petals-dev serves it with configuration " +
				"petals-dev-config",
		},
		{
			"the archive gone, and one changing", func(c *deployedtest.Cloud) {
				c.Endpoints["flowers-dev"].Status = types.EndpointStatusUpdating
				c.Objects = nil
			},
			[]deployed.Place{place},
			release.Fail,
			"endpoint flowers-dev is Updating, not InService; " + archive + " is not there, release ID names it",
		},
		{
			"a reason of several lines", func(c *deployedtest.Cloud) {
				c.Endpoints["flowers-dev"].Status, c.Endpoints["flowers-dev"].FailureReason = types.EndpointStatusFailed, "a\nb"
			},
			[]deployed.Place{place},
			release.Fail, "endpoint flowers-dev is Failed, not InService: a b",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, _, r := world(t)
			cloud.Serve("petals-dev", r)
			test.change(cloud)
			evidence, err := cloud.Deployed().Converged(t.Context(), "dev", test.places, r, noon)
			require.NoError(t, err)
			assert.Equal(t, release.Evidence{
				Gate: "converged", Result: test.result, Subject: r.ID, Stack: "dev", At: noon,
				Detail: strings.ReplaceAll(test.detail, "release ID", "release "+r.ID[:12]),
			}, evidence)
		})
	}
}

func TestWhatAnEndpointServesIsToldByNames(t *testing.T) {
	t.Parallel()
	cloud, _, r := world(t)
	other := *r
	other.Subject.Containers = []release.Container{{Image: imageB}}
	e, err := cloud.Deployed().Describe(t.Context(), "flowers-dev")
	require.NoError(t, err)
	assert.True(t, e.Serves([]string{"main"}, r))
	assert.False(t, e.Serves([]string{"main"}, &other))
	assert.Equal(t, []string{"main"}, slices.Collect(maps.Keys(e.Variants)))
}

func TestASizeThatIsNotTheArchivesIsNamed(t *testing.T) {
	t.Parallel()
	cloud, _, r := world(t)
	r.Subject.Containers[0].Artifact.Size++
	have, err := deployed.CheckArtifacts(t.Context(), cloud, r)
	require.NoError(t, err)
	assert.Equal(t, []string{archive + " has 7 bytes, release " + r.ID[:12] + " names 8"}, have)
}
