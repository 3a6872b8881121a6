package endpoint

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/check"
)

// plan is an endpoint to which features are added.
type plan struct {
	spec     Spec
	variants []Variant
	shadow   *Variant
}

// with are the ways to add each feature.
var with = map[feature]func(*plan){
	serverlessVariant: func(p *plan) { p.variants[0].Serverless, p.variants[0].InstanceType = &Serverless{}, "" },
	severalVariants: func(p *plan) {
		p.variants = append(p.variants, Variant{VariantSpec: VariantSpec{Name: "b", InstanceType: "ml.m5.large"}})
	},
	asynchronous: func(p *plan) { p.spec.Async = &Async{} },
	withShadow: func(p *plan) {
		p.shadow = &Variant{VariantSpec: VariantSpec{Name: "s", InstanceType: "ml.m5.large"}}
	},
	capturedData:         func(p *plan) { p.spec.DataCapture = &DataCapture{} },
	updatePolicy:         func(p *plan) { p.spec.Update = &Update{} },
	pipelineModel:        func(p *plan) { p.variants[0].Traits.Pipeline = true },
	multiModelContainer:  func(p *plan) { p.variants[0].Traits.MultiModel = true },
	inferentia1Instances: func(p *plan) { p.variants[0].InstanceType = "ml.inf1.xlarge" },
	marketplacePackage:   func(p *plan) { p.variants[0].Traits.Marketplace = true },
}

// problems are what is wrong with an endpoint of these features together.
func problems(features ...feature) error {
	p := &plan{variants: []Variant{{VariantSpec: VariantSpec{Name: "a", InstanceType: "ml.m5.large"}}}}
	for _, f := range features {
		with[f](p)
	}
	at := check.New("")
	checkExclusions(at, &p.spec, p.variants, p.shadow)
	return at.Err()
}

// Every row is needed: without it, what it excludes would pass.
func TestFeaturesThatExcludeEachOtherAreRefusedAndEachAloneIsNot(t *testing.T) {
	t.Parallel()
	for name := range with {
		require.NoError(t, problems(name), name)
	}
	for _, row := range exclusions {
		assert.NotEmpty(t, row.source)
		assert.ErrorContains(t, problems(row.feature, row.with), keys[row.feature]+": is not possible with "+string(row.with))
	}
}

func TestAllOtherPairsOfFeaturesArePossible(t *testing.T) {
	t.Parallel()
	excluded := map[[2]feature]bool{}
	for _, row := range exclusions {
		excluded[[2]feature{row.feature, row.with}], excluded[[2]feature{row.with, row.feature}] = true, true
	}
	// A serverless variant has neither instances nor such models: these pairs are reported at its own keys.
	for _, other := range []feature{pipelineModel, multiModelContainer, inferentia1Instances, marketplacePackage} {
		excluded[[2]feature{serverlessVariant, other}], excluded[[2]feature{other, serverlessVariant}] = true, true
	}
	excluded[[2]feature{multiModelContainer, inferentia1Instances}] = true
	excluded[[2]feature{inferentia1Instances, multiModelContainer}] = true
	for a := range with {
		for b := range with {
			if a != b && !excluded[[2]feature{a, b}] {
				assert.NoError(t, problems(a, b), "%s with %s", a, b)
			}
		}
	}
}
