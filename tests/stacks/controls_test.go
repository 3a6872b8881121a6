package stacks_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/tests/harness"
)

// catalogue is every control of Security Hub (FSBP), AWS Config, Checkov and cfn-nag that is about what models are
// hosted on: each is in one of the tables of docs/controls.md.
const catalogue = `
	SageMaker.1 SageMaker.2 SageMaker.3 SageMaker.4 SageMaker.5 SageMaker.6 SageMaker.7 SageMaker.8 SageMaker.9
	SageMaker.10 SageMaker.11 SageMaker.12 SageMaker.13 SageMaker.14 SageMaker.15
	S3.1 S3.2 S3.3 S3.5 S3.6 S3.8 S3.9 S3.10 S3.11 S3.12 S3.13 S3.19 S3.24 S3.25
	KMS.1 KMS.2 KMS.3 KMS.4 KMS.5 SNS.1 SNS.2 SNS.4 ECR.1 ECR.2 ECR.3 IAM.1 IAM.21 StepFunctions.1
	EC2.2 EC2.6 EC2.10 EC2.15 EC2.18 EC2.19 EC2.55 EC2.56
	sagemaker-endpoint-config-prod-instance-count sagemaker-model-isolation-enabled sagemaker-model-in-vpc
	sagemaker-endpoint-configuration-kms-key-configured sagemaker-model-private-registry-required
	sagemaker-model-multicontainer-private-registry sagemaker-featuregroup-online-store-encryption
	CKV_AWS_7 CKV_AWS_18 CKV_AWS_19 CKV_AWS_21 CKV_AWS_22 CKV_AWS_24 CKV_AWS_25 CKV_AWS_26 CKV_AWS_51 CKV_AWS_53
	CKV_AWS_54 CKV_AWS_55 CKV_AWS_56 CKV_AWS_61 CKV_AWS_98 CKV_AWS_108 CKV_AWS_109 CKV_AWS_110 CKV_AWS_111
	CKV_AWS_122 CKV_AWS_136 CKV_AWS_144 CKV_AWS_145 CKV_AWS_158 CKV_AWS_163 CKV_AWS_187 CKV_AWS_260 CKV_AWS_284
	CKV_AWS_285 CKV_AWS_286 CKV_AWS_287 CKV_AWS_288 CKV_AWS_289 CKV_AWS_290 CKV_AWS_297 CKV_AWS_306 CKV_AWS_307
	CKV_AWS_319 CKV_AWS_338 CKV_AWS_355 CKV_AWS_356 CKV_AWS_367 CKV_AWS_368 CKV_AWS_369 CKV_AWS_370 CKV_AWS_371
	CKV_AWS_372 CKV2_AWS_5 CKV2_AWS_6 CKV2_AWS_11 CKV2_AWS_12 CKV2_AWS_61 CKV2_AWS_62 CKV2_AWS_64 CKV2_AWS_68
	W1200 W1201
`

var controlID = regexp.MustCompile(`\b(?:[A-Z][A-Za-z0-9]+\.\d+|CKV2?_AWS_\d+|W\d{4}|sagemaker-[a-z-]+)\b`)

// documented are the ids of the first column of each table of docs/controls.md, in the tables' order.
func documented(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/controls.md")
	require.NoError(t, err)
	var tables [][]string
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, "| control |"):
			tables = append(tables, nil)
		case strings.HasPrefix(line, "| "):
			first, _, _ := strings.Cut(line[2:], " | ")
			last := len(tables) - 1
			tables[last] = append(tables[last], controlID.FindAllString(first, -1)...)
		}
	}
	return tables
}

func TestEveryControlIsInOneTable(t *testing.T) {
	t.Parallel()
	tables := documented(t)
	require.Len(t, tables, 3, "met, not met, and not about what is declared")
	assert.ElementsMatch(t, strings.Fields(catalogue), slices.Concat(tables...))
}

// control is what some controls ask of a stack.
type control struct {
	// ids are the controls, separated by spaces.
	ids string
	// check reports, by failing, what does not meet them.
	check func(t *testing.T, g *harness.Graph)
}

func TestProdMeetsEveryControlThatIsSaidToBeMet(t *testing.T) {
	t.Parallel()
	graph := run(t, "prod")
	all := slices.Concat(hostingControls, storageControls, accessControls, networkControls, observationControls)
	held := map[string]bool{}
	for _, c := range all {
		for id := range strings.FieldsSeq(c.ids) {
			assert.False(t, held[id], id)
			held[id] = true
		}
		t.Run(c.ids, func(t *testing.T) {
			t.Parallel()
			c.check(t, graph)
		})
	}
	assert.ElementsMatch(t, documented(t)[0], slices.Collect(maps.Keys(held)))
}

// every has a check look at all resources of a type, of which there is at least one.
func every(typ string, check func(t *testing.T, r harness.Resource)) func(*testing.T, *harness.Graph) {
	return func(t *testing.T, g *harness.Graph) {
		t.Helper()
		found := g.All(typ)
		require.NotEmpty(t, found, typ)
		for _, r := range found {
			check(t, r)
		}
	}
}

// has expects that all resources of a type have an input of this value.
func has(typ, input string, want any) func(*testing.T, *harness.Graph) {
	return every(typ, func(t *testing.T, r harness.Resource) {
		t.Helper()
		assert.Equal(t, want, r.Inputs[input], "%s: %s", r.URN, input)
	})
}

// eachBucket has a check look at what of a type belongs to each bucket.
func eachBucket(typ string, check func(t *testing.T, r harness.Resource)) func(*testing.T, *harness.Graph) {
	return func(t *testing.T, g *harness.Graph) {
		t.Helper()
		require.Len(t, g.All(typ), len(g.All(bucketType)))
		every(typ, check)(t, g)
	}
}
