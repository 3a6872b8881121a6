package toolchain

import (
	"context"
	"errors"
	"strings"
)

// pluginDownload gets the plugin of the AWS provider with the Pulumi CLI, which keeps it in its own folder. It is for
// machines that have no Terraform plugins at all.
type pluginDownload struct {
	Toolchain
	version string
	// cli is the path of the CLI, known once that was found or built.
	cli *string
}

func (p pluginDownload) find(context.Context) (string, makeFunc, error) { return "", p.download, nil }

func (p pluginDownload) download(ctx context.Context) (string, error) {
	p.progress("downloading the AWS plugin v%s with the Pulumi CLI (once, 700 MB on disk) …", p.version)
	_, err := run(ctx, "", nil, *p.cli, "plugin", "install", "resource", "aws", "v"+p.version)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if path := p.machine.awsPlugin(p.version); path != "" {
		return path, nil
	}
	if err == nil {
		err = errors.New("the Pulumi CLI installed something else")
	}
	why, _, _ := strings.Cut(err.Error(), "\n")
	return "", missing("the AWS plugin v"+p.version, "it cannot be downloaded ("+why+")", waysToProvider()...)
}
