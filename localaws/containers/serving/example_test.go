package serving

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkout is the root of this project.
const checkout = "../../.."

func TestTheScoringExampleServesOneModelAndMany(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	images, err := LoadImages(filepath.Join(t.TempDir(), "none"), checkout)
	require.NoError(t, err)
	b.Images = images
	b.patience = generous
	model, err := os.ReadFile(filepath.Join(checkout, "examples/flowers/model.json"))
	require.NoError(t, err)
	b.s3.put("b/flowers/1.tar.gz", pack(t, "model.json", string(model)))
	one := Container{Image: "registry.example/scoring:1", ModelData: "s3://b/flowers/1.tar.gz"}
	many := Container{Image: "registry.example/scoring:1", ModelData: "s3://b/flowers/", MultiModel: true}
	for target, container := range map[string]Container{"": one, "1.tar.gz": many} {
		f := b.start(t, spec(container))
		text, response, err := ask(t, f, &Request{ContentType: "text/csv", TargetModel: target}, "5.1,3.5,1.4,0.2")
		require.NoError(t, err)
		assert.Regexp(t, `^setosa,0\.99956\d*\n$`, text)
		assert.Equal(t, "text/csv", response.ContentType)
	}
}
