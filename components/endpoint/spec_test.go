package endpoint

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

//go:fix inline
func TestZeroIsNotTheDefault(t *testing.T) {
	t.Parallel()
	unset, zero := VariantSpec{}, VariantSpec{Weight: new(0.0), InitialInstanceCount: new(0)}
	assert.InDelta(t, 1.0, unset.TrafficWeight(), 0)
	assert.Equal(t, 1, unset.InstanceCount())
	assert.InDelta(t, 0.0, zero.TrafficWeight(), 0)
	assert.Equal(t, 0, zero.InstanceCount())
}

func TestAWeightIsOneThatSageMakerKeeps(t *testing.T) {
	t.Parallel()
	const (
		negative = "variants[0].weight: %s is negative or not a number; use 0 to send no traffic"
		rounded  = "variants[0].weight: %s is rounded by SageMaker; use a whole number or a fraction such as 0.5 or 0.25"
	)
	for _, test := range []struct {
		text   string
		weight float64
		want   string
	}{
		{"0", 0, ""},
		{"0.25", 0.25, ""},
		{"80", 80, ""},
		{"the greatest float32", math.MaxFloat32, ""},
		{"-0.5", -0.5, negative},
		{"NaN", math.NaN(), negative},
		{"+Inf", math.Inf(1), negative},
		{"-Inf", math.Inf(-1), negative},
		{"0.1", 0.1, rounded},
		{"1e+39", 1e39, rounded},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			at := check.New("")
			v := Variant{VariantSpec: VariantSpec{Name: "main", InstanceType: "ml.m5.large", Weight: &test.weight}}
			(&Spec{}).Check(at, []Variant{v, fleet("next")}, nil)
			if test.want == "" {
				assert.NoError(t, at.Err())
			} else {
				assert.EqualError(t, at.Err(), strings.Replace(test.want, "%s", test.text, 1))
			}
		})
	}
}

func TestTheGeneratedSuffixFitsBehindALogicalName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"f":                     "",
		strings.Repeat("f", 55): "",
		strings.Repeat("f", 56): "the name has 56 characters; " +
			"at most 55 leave room for the generated suffix in SageMaker's 63",
		"my_flowers": `the name "my_flowers" may only have letters, digits and hyphens, and no hyphen at its start or end`,
		"":           `the name is empty`,
	} {
		at := check.New("")
		CheckLogicalName(at, name)
		if want == "" {
			assert.NoError(t, at.Err(), name)
		} else {
			assert.EqualError(t, at.Err(), want)
		}
	}
}
