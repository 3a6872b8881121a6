package dataplane_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws"
)

func TestAKilledLocalAWSGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	topic, _ := g.topic("alerts")
	g.serve("flowers", scoring(g.uploadExample("flowers/model.tar.gz")))
	g.register("flowers", 1, 4)
	g.track("flowers", 1000)
	g.alarm("errors", "Invocation5XXErrors", dimensions("EndpointName", "flowers", "VariantName", "main"), topic)
	g.assertAnswer(flowerSeen, "flowers", flower)
	before := g.inventory("flowers")

	g.kill()
	assert.True(t, localaws.Resumable(t.Context(), g.dir))
	g.start()
	assert.Equal(t, before, g.inventory("flowers"))
	g.assertAnswer(flowerSeen, "flowers", flower)
	_, err := g.sagemaker.DeleteEndpoint(t.Context(), &sagemaker.DeleteEndpointInput{EndpointName: aws.String("flowers")})
	require.NoError(t, err)
}

func TestAnUpdateUnderWayOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	g.guarded(told("v2"))
	g.update("guarded", "next", shifting(types.TrafficRoutingConfigTypeLinear, 10*time.Minute))
	answered := func(want string) {
		require.Eventually(t, func() bool {
			answer, err := g.invoke(t.Context(), "guarded", "anything")
			return err == nil && string(answer.Body) == want
		}, soon, often, want)
	}
	answered("v2")

	g.kill()
	g.start()
	assert.Equal(t, types.EndpointStatusUpdating, g.describe("guarded").EndpointStatus)
	answered("v1")
	answered("v2")
	g.setSpeed(2000)
	settled := g.settled("guarded")
	g.setSpeed(1)
	assert.Equal(t, types.EndpointStatusInService, settled.EndpointStatus)
	assert.Equal(t, "next", *settled.EndpointConfigName)
	for range 20 {
		g.assertAnswer("v2", "guarded", "anything")
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	pids := filepath.Join(g.dir, "pids")
	g.serve("v1", told("v1"))
	g.assertAnswer("v1", "v1", order{PID: pids}.String())
	container := readPID(t, pids)
	emulator := g.emulator()
	require.NoError(t, syscall.Kill(container, 0))
	g.kill()
	// Containers end with the process, the emulator with Discard.
	ends(t, container)
	require.NoError(t, syscall.Kill(emulator, 0))
	require.NoError(t, localaws.Discard(t.Context(), g.dir))
	ends(t, emulator)
	assert.False(t, localaws.Resumable(t.Context(), g.dir))
}

func readPID(tb testing.TB, path string) int {
	tb.Helper()
	text, err := os.ReadFile(path)
	require.NoError(tb, err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(tb, err)
	return pid
}

// ends waits for the end of a process. One that is nobody's child may stay as a zombie.
func ends(tb testing.TB, pid int) {
	tb.Helper()
	require.Eventually(tb, func() bool {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		return err != nil || strings.Contains(string(status), ") Z ")
	}, soon, often, "process %d", pid)
}
