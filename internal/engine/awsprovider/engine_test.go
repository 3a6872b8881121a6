package awsprovider

import (
	"bytes"
	"context"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// fakeEngine keeps the last message.
type fakeEngine struct {
	pulumirpc.UnimplementedEngineServer
	last *pulumirpc.LogRequest
}

func (f *fakeEngine) Log(_ context.Context, req *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	f.last = req
	return &emptypb.Empty{}, nil
}

func TestMessagesReachTheAttachedEngineUnderItsNameOfTheResource(t *testing.T) {
	t.Parallel()
	behind := &fakeEngine{}
	conn := serve(t, func(s *grpc.Server) { pulumirpc.RegisterEngineServer(s, behind) })
	e, err := startEngine(&bytes.Buffer{})
	require.NoError(t, err)
	t.Cleanup(e.stop)
	require.NoError(t, e.attach(conn.Target()))
	e.remember(alarmURN)

	_, err = e.Log(t.Context(), &pulumirpc.LogRequest{Urn: bridgeURN(alarmURN), Message: "slow"})

	require.NoError(t, err)
	require.Equal(t, alarmURN, behind.last.GetUrn())
	require.Equal(t, "slow", behind.last.GetMessage())
}

func TestMessagesGoToTheLogUntilAnEngineAttaches(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	e, err := startEngine(&log)
	require.NoError(t, err)
	t.Cleanup(e.stop)

	_, err = e.Log(t.Context(), &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_WARNING, Message: "slow"})

	require.NoError(t, err)
	require.Equal(t, "WARNING: slow\n", log.String())
}

func TestTheErrorOfALookUpIsForWhoeverLooks(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	e, err := startEngine(&log)
	require.NoError(t, err)
	t.Cleanup(e.stop)
	e.lookups.Add(1)

	for _, message := range []*pulumirpc.LogRequest{
		{Severity: pulumirpc.LogSeverity_ERROR, Message: "none there"},
		{Severity: pulumirpc.LogSeverity_ERROR, Message: "failed", Urn: bridgeURN(alarmURN)},
		{Severity: pulumirpc.LogSeverity_WARNING, Message: "slow"},
	} {
		_, err = e.Log(t.Context(), message)
		require.NoError(t, err)
	}
	e.lookups.Add(-1)
	_, err = e.Log(t.Context(), &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_ERROR, Message: "later"})
	require.NoError(t, err)

	require.Equal(t, "ERROR: failed\nWARNING: slow\nERROR: later\n", log.String())
}
