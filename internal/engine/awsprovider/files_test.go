package awsprovider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contentHash is the SHA-256 of "abc".
const contentHash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

// contentFile is a file of that content.
func contentFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.tar.gz")
	require.NoError(t, os.WriteFile(path, []byte("abc"), 0o600))
	return path
}

// file is a file as the engine hands it over, with what is given of it.
func file(path, hash string) bag {
	asset := knownBy(hash)
	asset[resource.AssetPathProperty] = path
	return asset
}

// knownBy is a file without its path, as the engine hands over old ones.
func knownBy(hash string) bag {
	asset := bag{sig.Key: sig.AssetSig}
	if hash != "" {
		asset[resource.AssetHashProperty] = hash
	}
	return asset
}

func TestAnOldFileHasThePathThatItsContentHasNow(t *testing.T) {
	t.Parallel()
	text := bag{sig.Key: sig.AssetSig, resource.AssetTextProperty: "abc", resource.AssetHashProperty: "a"}
	remote := bag{sig.Key: sig.AssetSig, resource.AssetURIProperty: "https://a/b", resource.AssetHashProperty: "a"}
	folder := bag{sig.Key: resource.ArchiveSig, resource.ArchiveHashProperty: "a"}
	for _, test := range []struct {
		title     string
		old, want bag
	}{
		{"of equal content", bag{"source": knownBy("a")}, bag{"source": file("now/a", "a")}},
		{"of other content", bag{"source": knownBy("b")}, bag{"source": file("", "b")}},
		{"of content that nobody knows", bag{"source": knownBy("")}, bag{"source": file("", "")}},
		{"whose path is known", bag{"source": file("then/a", "a")}, bag{"source": file("then/a", "a")}},
		{
			"under any name, next to others",
			bag{"x": knownBy("a"), "y": knownBy("b")},
			bag{"x": file("now/a", "a"), "y": file("", "b")},
		},
		{"but text has none", bag{"source": text}, bag{"source": text}},
		{"but what lies elsewhere has none", bag{"source": remote}, bag{"source": remote}},
		{"but an archive of files has none", bag{"source": folder}, bag{"source": folder}},
		{"but a secret has none", bag{"source": secret("a")}, bag{"source": secret("a")}},
		{
			"but other values have none",
			bag{"key": "a", "size": 1.0, "tags": bag{"hash": "a"}, "none": nil},
			bag{"key": "a", "size": 1.0, "tags": bag{"hash": "a"}, "none": nil},
		},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			news := bag{"source": file("now/a", "a"), "key": "k"}
			request := &pulumirpc.DiffRequest{
				Urn: objectURN, Id: "id", IgnoreChanges: []string{"tags"},
				Olds: bagOf(t, test.old), OldInputs: bagOf(t, test.old), News: bagOf(t, news),
			}
			lendPaths(request)
			assert.Equal(t, test.want, request.GetOlds().AsMap())
			assert.Equal(t, test.want, request.GetOldInputs().AsMap())
			assert.Equal(t, news, request.GetNews().AsMap())
			assert.Equal(t, []string{"tags"}, request.GetIgnoreChanges())
		})
	}
}

func TestTheBridgeComparesPathsWhereTheEngineComparesContents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, hash, want string }{
		{"a file of equal content has not changed", "a", "now/a"},
		{"a file of other content has, from no path at all", "b", ""},
	} {
		t.Run(test.title, func(t *testing.T) {
			t.Parallel()
			bridge := &fakeBridge{diff: &pulumirpc.DiffResponse{}}
			_, err := proxied(t, bridge).Diff(t.Context(), &pulumirpc.DiffRequest{
				Urn:       objectURN,
				Olds:      bagOf(t, bag{"source": knownBy(test.hash)}),
				OldInputs: bagOf(t, bag{"source": knownBy(test.hash)}),
				News:      bagOf(t, bag{"source": file("now/a", "a")}),
			})
			require.NoError(t, err)
			asked, ok := bridge.asked.(*pulumirpc.DiffRequest)
			require.True(t, ok)
			assert.Equal(t, bag{"source": test.want}, asked.GetOlds().AsMap())
			assert.Equal(t, bag{"source": test.want}, asked.GetOldInputs().AsMap())
			assert.Equal(t, bag{"source": "now/a"}, asked.GetNews().AsMap())
		})
	}
}

func TestAFileOfADeletedResourceNeedsNoPath(t *testing.T) {
	t.Parallel()
	request := &pulumirpc.DeleteRequest{Urn: objectURN, Properties: bagOf(t, bag{"source": knownBy("a")})}
	lendPaths(request)
	dialectOf(request).toBridge.message(request)
	assert.Equal(t, bag{"source": ""}, request.GetProperties().AsMap())
}
