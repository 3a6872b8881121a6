package engine_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/stackfile"
	"sagehost/internal/measure/modelprefix"
)

// penguin is a bird as it was recorded: the first container of the pipeline makes numbers of it.
const penguin = "Biscoe,46.1,13.2,211,4500,NA"

// TestTheDevStackLives follows the repository's dev stack from creation to destruction. The steps build on each other.
func TestTheDevStackLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, durations)
	dev := w.repository("dev")

	require.Equal(t, map[string]int{"create": 144}, w.up(dev), "create")
	require.Equal(t, map[string]int{
		"models": 4, "configurations": 4, "endpoints": 4, "targets": 1, "policies": 1, "alarms": 39, "buckets": 3,
		"roles": 6, "topics": 1,
	}, w.clients.count(t), "what exists after the creation")
	require.Equal(t, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.0.0", w.clients.served(t))
	require.Equal(t, map[string]int{
		"/aws/sagemaker/Endpoints/flowers-dev": 7, "/aws/sagemaker/Endpoints/garden-dev": 7,
		"/aws/sagemaker/Endpoints/penguins-dev": 7, "/aws/sagemaker/Endpoints/petals-dev": 7,
		"/aws/vendedlogs/states/flowers-dev": 7, "/aws/vendedlogs/states/penguins-dev": 7,
	}, w.logGroups(t), "logs are kept for a week")
	require.Equal(t, "setosa,0.9995617568787971\n", w.predict("flowers", "5.1,3.5,1.4,0.2"))
	require.Equal(t, "setosa,0.9982035708524871\n", w.predict("petals", "1.4,0.2"), "serverless")
	require.Equal(t, "Gentoo,0.9996366265646849\n", w.predict("penguins", penguin), "a pipeline")
	garden := plant(t, w, "petals")
	require.Equal(t, "setosa,0.9982035708524871\n", w.predict("garden", "1.4,0.2", "petals.tar.gz"), "one of many models")
	require.NoError(t, garden.Remove(t.Context(), "petals"))

	require.Equal(t, map[string]int{"same": 144}, w.up(dev), "a second update changes nothing")

	refreshed, err := w.open(dev).Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	require.Equal(t, map[string]int{"same": 144}, refreshed, "a refresh finds no drift")

	t.Run("a new image comes into service without the endpoint ever being away", func(t *testing.T) {
		changeImage(t, w, edited(t, w, "scoring:1.0.0", "scoring:1.1.0"))
	})
	t.Run("scaling bounds change in place", func(t *testing.T) {
		changes := w.up(edited(t, w, "scoring:1.0.0", "scoring:1.1.0", `"max":2`, `"max":5`))
		// The target, the alarm on its exhaustion, and the component that records the bounds; nothing of the endpoint.
		require.Equal(t, map[string]int{"same": 141, "update": 3}, changes)
		targets, err := w.clients.targets(t.Context())
		require.NoError(t, err)
		require.Len(t, targets, 1)
		require.Equal(t, int32(1), *targets[0].MinCapacity)
		require.Equal(t, int32(5), *targets[0].MaxCapacity)
	})
	require.NoError(t, w.open(dev).Destroy(t.Context()), w.out.String())
	require.Empty(t, w.clients.count(t), "what is left after the destruction")
	require.Empty(t, w.logGroups(t))
}

func changeImage(t *testing.T, w *world, file *stackfile.File) {
	t.Helper()
	before := w.clients.endpoint(t, "flowers-dev")
	stop := watch(t, w.clients, "flowers-dev")
	changes := w.up(file)
	seen := stop()

	// Model and configuration are replaced; the endpoint, the batch transform and the two components that
	// record the image are updated.
	require.Equal(t, map[string]int{"replace": 2, "same": 138, "update": 4}, changes)
	after := w.clients.endpoint(t, "flowers-dev")
	require.Equal(t, before.EndpointArn, after.EndpointArn)
	require.Equal(t, before.CreationTime, after.CreationTime, "it is the same endpoint")
	require.NotEqual(t, *before.EndpointConfigName, *after.EndpointConfigName)
	require.Equal(t, []string{
		"InService " + *before.EndpointConfigName,
		"Updating " + *before.EndpointConfigName,
		"InService " + *after.EndpointConfigName,
	}, seen, "what a watcher saw")
	require.Equal(t, "123456789012.dkr.ecr.eu-west-1.amazonaws.com/scoring:1.1.0", w.clients.served(t))

	require.Equal(t, "setosa,0.9995617568787971\n", w.predict("flowers", "5.1,3.5,1.4,0.2"))

	configurations, err := w.clients.configurations(t.Context())
	require.NoError(t, err)
	require.Len(t, configurations, 4, "the old configuration is gone")
	require.Contains(t, configurations, *after.EndpointConfigName)
	models, err := w.clients.models(t.Context())
	require.NoError(t, err)
	require.Len(t, models, 4, "the old model is gone")
}

// TestTheProdStackLives proves that what prod adds, a network, protection and schedules, deploys, holds, and can be
// taken down here, and that the deployer's policy allows it.
func TestTheProdStackLives(t *testing.T) {
	t.Parallel()
	w, recorded := newRecordedWorld(t)
	w.newBoundary(t, "prod")
	prod := w.repository("prod")
	before := w.parts(t)

	require.Equal(t, map[string]int{"create": 203}, w.up(prod))
	require.Equal(t, map[string]int{
		"models": 4, "configurations": 4, "endpoints": 4, "targets": 2, "policies": 2, "schedules": 2, "alarms": 50,
		"buckets": 3, "roles": 9, "topics": 1,
	}, w.clients.count(t))
	require.Equal(t, map[string]int{
		"/aws/sagemaker/Endpoints/flowers-prod": 365, "/aws/sagemaker/Endpoints/garden-prod": 365,
		"/aws/sagemaker/Endpoints/penguins-prod": 365, "/aws/sagemaker/Endpoints/petals-prod": 365,
		"/aws/vendedlogs/states/flowers-prod": 365, "/aws/vendedlogs/states/penguins-prod": 365,
		"/vpc/sagehost-prod-flow-logs": 365,
	}, w.logGroups(t))
	requirePrivate(t, w)
	variant := w.clients.endpoint(t, "flowers-prod").ProductionVariants[0]
	require.Equal(t, int32(2), *variant.CurrentInstanceCount)

	require.NoError(t, w.open(prod).Destroy(t.Context()), w.out.String())
	require.Equal(t, before, w.parts(t), "what is left after the destruction")
	require.Empty(t, w.logGroups(t))
	requireGranted(t, recorded, "prod")
}

// logGroups are how long logs are kept, in days, by the name of the group.
func (w *world) logGroups(t *testing.T) map[string]int {
	t.Helper()
	var found struct {
		LogGroups []struct {
			LogGroupName    string
			RetentionInDays int
		}
	}
	w.ask(t, "logs", "Logs_20140328.DescribeLogGroups", `{}`, &found)
	days := map[string]int{}
	for _, group := range found.LogGroups {
		days[group.LogGroupName] = group.RetentionInDays
	}
	return days
}

// requirePrivate expects that all models run in a network in two zones, without public addresses or a way out.
func requirePrivate(t *testing.T, w *world) {
	t.Helper()
	models, err := w.clients.models(t.Context())
	require.NoError(t, err)
	zones := map[string]bool{}
	for _, name := range models {
		model, err := w.clients.sagemaker.DescribeModel(t.Context(), &sagemaker.DescribeModelInput{ModelName: &name})
		require.NoError(t, err)
		require.NotNil(t, model.VpcConfig, name)
		for _, subnet := range w.ec2("DescribeSubnets") {
			if slices.Contains(model.VpcConfig.Subnets, subnet.Subnet) {
				zones[subnet.Zone] = true
				require.False(t, subnet.Public, "%s gives public addresses", subnet.Subnet)
				require.Empty(t, w.defaultRoutes(subnet.VPC))
			}
		}
	}
	require.Len(t, zones, 2)
	require.Len(t, w.ec2("DescribeVpcEndpoints"), 8)
	require.Len(t, w.ec2("DescribeFlowLogs"), 1)
}

// plant adds an example to the models behind the endpoint garden.
func plant(t *testing.T, w *world, name string) modelprefix.Prefix {
	t.Helper()
	prefix, err := modelprefix.OfEndpoint(t.Context(), w.clients.sagemaker, w.clients.s3, "garden-dev")
	require.NoError(t, err)
	_, err = prefix.Add(t.Context(), name, filepath.Join(root, "examples", "flowers", name+".tar.gz"))
	require.NoError(t, err)
	return prefix
}

// edited is the dev stack's file with pieces of its configuration replaced where each first occurs.
func edited(t *testing.T, w *world, pairs ...string) *stackfile.File {
	t.Helper()
	file := w.repository("dev")
	changed := config.Map{}
	for key, value := range file.Settings.Config {
		text, err := value.Value(config.NopDecrypter)
		require.NoError(t, err)
		replaced := text
		for i := 0; i+1 < len(pairs); i += 2 {
			// The first model is flowers; the others stay as they are.
			replaced = strings.Replace(replaced, pairs[i], pairs[i+1], 1)
		}
		if replaced == text {
			changed[key] = value
		} else {
			changed[key] = config.NewObjectValue(replaced)
		}
	}
	file.Settings.Config = changed
	return file
}
