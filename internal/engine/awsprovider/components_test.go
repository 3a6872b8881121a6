package awsprovider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEveryResourceOfTheComponentsIsCompared(t *testing.T) {
	t.Parallel()
	compared := map[string]bool{}
	for _, entry := range used {
		compared[entry.module()+"."+entry.name()] = true
	}
	root := filepath.Join("..", "..", "..", "components")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if os.IsNotExist(err) && path == root {
			return fs.SkipAll
		}
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, call := range sdkCalls(t, path) {
			assert.True(t, compared[call], "%s uses %s, which is not in the table of used_test.go", path, call)
		}
		return nil
	})
	require.NoError(t, err)
}

// sdkCalls are the constructors and functions of pulumi-aws that a file calls, as "sns.Topic" and ".GetRegion".
func sdkCalls(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	require.NoError(t, err)
	modules := map[string]string{}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		module, ok := strings.CutPrefix(imported, sdkPath)
		if !ok {
			continue
		}
		name := imported[strings.LastIndexByte(imported, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		modules[name] = strings.TrimPrefix(module, "/")
	}
	var calls []string
	ast.Inspect(file, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if called, ok := sdkCall(call, modules); ok {
			calls = append(calls, called)
		}
		return true
	})
	return calls
}

// sdkCall names the resource or function of a call to the SDK. Both take the context first, unlike the constructors
// of providers' options.
func sdkCall(call *ast.CallExpr, modules map[string]string) (string, bool) {
	selected, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	pkg, ok := selected.X.(*ast.Ident)
	if !ok {
		return "", false
	}
	module, ok := modules[pkg.Name]
	if !ok {
		return "", false
	}
	name := selected.Sel.Name
	if resource, ok := strings.CutPrefix(name, "New"); ok {
		return module + "." + resource, true
	}
	if strings.HasPrefix(name, "Get") || strings.HasPrefix(name, "Lookup") {
		return module + "." + got(strings.TrimSuffix(name, "Output")), true
	}
	return "", false
}

func TestCallsToTheSDKAreSeenUnderAnyName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.go")
	require.NoError(t, os.WriteFile(path, []byte(`package x

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	bucket "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"example.com/other"
)

func f() {
	sns.NewTopic(ctx, "a", nil)
	bucket.NewBucketV2(ctx, "b", &bucket.BucketV2Args{Tags: other.NewThing()})
	aws.GetRegionOutput(ctx, aws.GetRegionOutputArgs{})
	sns.LookupTopicOutput(ctx, sns.LookupTopicOutputArgs{})
	sns.TopicArray{}.ToOutput()
}
`), 0o600))
	assert.Equal(t, []string{"sns.Topic", "s3.BucketV2", ".GetRegion", "sns.GetTopic"}, sdkCalls(t, path))
}
