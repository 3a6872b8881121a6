package commandline_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"sagehost/internal/live/commandline"
)

func TestACommandActsWhereTheOneDidThatPrintsIt(t *testing.T) {
	t.Parallel()
	local := commandline.Context{
		Program: "bin/sagehost", Stack: "dev", Endpoint: "http://127.0.0.1:4599", Region: "eu-west-1",
	}
	elsewhere := local
	elsewhere.Addr = "127.0.0.1:4600"
	remote := commandline.Context{Stack: "prod", AWS: true, Region: "eu-west-1"}
	proxied := remote
	proxied.Endpoint = "https://aws.acme.test"
	for _, row := range []struct{ want, got string }{
		{"bin/sagehost refresh --stack dev", local.OnStack("refresh")},
		{"bin/sagehost refresh --stack dev --addr 127.0.0.1:4600", elsewhere.OnStack("refresh")},
		{"sagehost refresh --stack prod --aws", remote.OnStack("refresh")},
		{"sagehost up --stack test --aws", remote.On("test").OnStack("up")},
		{"sagehost promote flowers --to prod --aws", remote.OnCloud("promote", "flowers", "--to", "prod")},
		{"bin/sagehost down", elsewhere.Sagehost("down")},
		{
			"AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --endpoint-url http://127.0.0.1:4599 " +
				"--region eu-west-1 sagemaker list-models", local.AWSCLI("sagemaker", "list-models"),
		},
		{"aws --region eu-west-1 sagemaker list-models", remote.AWSCLI("sagemaker", "list-models")},
		{
			"aws --endpoint-url https://aws.acme.test --region eu-west-1 sagemaker list-models",
			proxied.AWSCLI("sagemaker", "list-models"),
		},
		{"pulumi stack init prod", remote.InitStack()},
		{"kill -INT 7", commandline.Interrupt(7)},
		{"cp '/a b/c.bak' /a/c", commandline.Copy("/a b/c.bak", "/a/c")},
	} {
		assert.Equal(t, row.want, row.got)
	}
}

func TestAShellReadsTheArgumentsThatWereGiven(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		argument := rapid.StringMatching("[ -~\t\n]{0,20}").Draw(t, "argument")
		out, err := exec.Command(shell, "-c", commandline.Join("printf", "%s|", argument, "end")).Output()
		if err != nil || string(out) != argument+"|end|" {
			t.Fatalf("%q became %q: %v", argument, out, err)
		}
	})
}
