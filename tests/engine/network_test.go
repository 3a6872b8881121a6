package engine_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"

	"sagehost/components/network"
	"sagehost/internal/localaws/sagemaker"
)

func TestANetworkLives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sagemaker.Durations{})
	file := w.file("net", "config:\n  aws:region: eu-west-1\n")
	program := func(ctx *pulumi.Context) error {
		n, err := network.New(ctx, "net", &network.Args{
			Spec: network.Spec{FlowLogs: &network.FlowLogs{}}, BatchJobs: true,
		})
		if err != nil {
			return err
		}
		ctx.Export("vpcId", n.VPCID)
		ctx.Export("subnetIds", n.SubnetIDs)
		ctx.Export("securityGroupIds", n.SecurityGroupIDs)
		return nil
	}
	stack := w.openProgram(file, program)
	planned, err := stack.Preview(t.Context())
	require.NoError(t, err, w.out.String())
	t.Log(planned)
	changes, outputs, err := stack.Up(t.Context())
	require.NoError(t, err, w.out.String())
	t.Log(changes, outputs)
	changes, _, err = stack.Up(t.Context())
	require.NoError(t, err, w.out.String())
	t.Log(changes)
	changes, err = stack.Refresh(t.Context())
	require.NoError(t, err, w.out.String())
	t.Log(changes, w.out.String())
	require.NoError(t, stack.Destroy(t.Context()), w.out.String())
}
