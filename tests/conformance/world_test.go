// Package conformance_test asks the local AWS what clients ask of AWS, and holds its answers against what AWS answers:
// against tables of requests and answers, against the service models, and through the AWS CLI.
package conformance_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
	"sagehost/localaws"
)

// bucket holds the model of the examples, under modelKey, and records for it.
const (
	bucket   = "conformance"
	modelKey = "flowers/model.tar.gz"
)

// registry begins the images of the account in a region.
func registry(region string) string { return "123456789012.dkr.ecr." + region + ".amazonaws.com/" }

// root is the checkout, from everywhere: the programs that stand for images have folders of their own.
const root = "../.."

// tools are looked for once. A machine that lacks one fails here, with the ways to get it.
var tools toolchain.Tools

func TestMain(m *testing.M) {
	var err error
	tools, err = toolchain.Toolchain{Root: root, Progress: os.Stderr}.Ensure(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// besideMoto is the path of a program of the Python that moto runs on.
func besideMoto(name string) string { return filepath.Join(filepath.Dir(tools.Moto), name) }

// world is a local AWS. The parts of a test keep apart in it by using regions of their own.
type world struct {
	url string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	checkout, err := filepath.Abs(root)
	require.NoError(t, err)
	server, err := localaws.Start(t.Context(), localaws.Options{Moto: tools.Moto, Root: checkout})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	w := &world{url: server.URL()}
	model, err := os.ReadFile(filepath.Join(checkout, "examples", "flowers", "model.tar.gz"))
	require.NoError(t, err)
	w.put(t, "/"+bucket, nil)
	w.put(t, "/"+bucket+"/"+modelKey, model)
	w.put(t, "/"+bucket+"/flowers/two.csv", []byte("5.1,3.5,1.4,0.2\n6.7,3.0,5.2,2.3\n"))
	w.put(t, "/"+bucket+"/flowers/bad/numbers.csv", []byte("not,a,number,row\n"))
	return w
}

// put makes a bucket or an object of Amazon S3.
func (w *world) put(t *testing.T, path string, body []byte) {
	t.Helper()
	got := w.send(t, request{method: http.MethodPut, service: "s3", region: "us-east-1", path: path, body: body})
	require.Equal(t, http.StatusOK, got.status, "%s: %s", path, got.body)
}
