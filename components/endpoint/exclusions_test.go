package endpoint

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sagehost/kit/check"
)

// Values that several tables use.
const (
	key  = "arn:aws-cn:kms:cn-north-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
	inf1 = "ml.inf1.xlarge"
)

// problemsOf are the lines that the check of an endpoint reports.
func problemsOf(s *Spec, variants []Variant, shadow *Variant) []string {
	at := check.New("")
	s.Check(at, variants, shadow)
	if err := at.Err(); err != nil {
		return strings.Split(err.Error(), "\n")
	}
	return nil
}

// fleet is a variant on instances, with changes.
func fleet(name string, changes ...func(*Variant)) Variant {
	v := Variant{VariantSpec: VariantSpec{Name: name, InstanceType: "ml.m5.large"}}
	for _, change := range changes {
		change(&v)
	}
	return v
}

func serverless(v *Variant) {
	v.InstanceType, v.Serverless = "", &Serverless{MemorySizeMB: 1024, MaxConcurrency: 1}
}

func count(n int) func(*Variant) { return func(v *Variant) { v.InitialInstanceCount = &n } }

func TestEverythingThatExcludesSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	pipeline := func(v *Variant) { v.Traits.Pipeline = true }
	multiModel := func(v *Variant) { v.Traits.MultiModel = true }
	inferentia := func(v *Variant) { v.InstanceType = inf1 }
	nvme := func(v *Variant) { v.InstanceType = "ml.g5.xlarge" }
	gpus := func(v *Variant) { v.InstanceType = "ml.g5.12xlarge" }
	one, two := []Variant{fleet("a")}, []Variant{fleet("a"), fleet("b")}
	shadow := fleet("shadow")
	for _, test := range []struct {
		name     string
		spec     Spec
		variants []Variant
		shadow   *Variant
		want     []string
	}{
		{"nothing", Spec{}, one, nil, nil},
		{
			"several variants without instances",
			Spec{},
			[]Variant{fleet("a", serverless), fleet("b")},
			nil,
			[]string{"variants: is not possible with a serverless variant"},
		},
		{
			"async without instances",
			Spec{Async: &Async{}},
			[]Variant{fleet("a", serverless)},
			nil,
			[]string{"async: is not possible with a serverless variant"},
		},
		{
			"async with several variants",
			Spec{Async: &Async{}},
			two, nil,
			[]string{"async: is not possible with several variants"},
		},
		{
			"async with a pipeline",
			Spec{Async: &Async{}},
			[]Variant{fleet("a", pipeline)},
			nil,
			[]string{"async: is not possible with a model of several containers"},
		},
		{
			"async with many models",
			Spec{Async: &Async{}},
			[]Variant{fleet("a", multiModel)},
			nil,
			[]string{"async: is not possible with a multi-model container"},
		},
		{
			"a shadow of no instances",
			Spec{},
			[]Variant{fleet("a", serverless)},
			&shadow,
			[]string{"shadow: is not possible with a serverless variant"},
		},
		{
			"a shadow of several variants",
			Spec{},
			two, &shadow,
			[]string{"shadow: is not possible with several variants"},
		},
		{
			"a shadow of async",
			Spec{Async: &Async{}},
			one, &shadow,
			[]string{"shadow: is not possible with async"},
		},
		{
			"a shadow of a pipeline",
			Spec{},
			[]Variant{fleet("a", pipeline)},
			&shadow,
			[]string{"shadow: is not possible with a model of several containers"},
		},
		{
			"a shadow of many models",
			Spec{},
			[]Variant{fleet("a", multiModel)},
			&shadow,
			[]string{"shadow: is not possible with a multi-model container"},
		},
		{
			"a shadow of ml.inf1",
			Spec{},
			[]Variant{fleet("a", inferentia)},
			&shadow,
			[]string{"shadow: is not possible with ml.inf1 instances"},
		},
		{
			"capture without instances",
			Spec{DataCapture: &DataCapture{}},
			[]Variant{fleet("a", serverless)},
			nil,
			[]string{"dataCapture: is not possible with a serverless variant"},
		},
		{
			"capture of async",
			Spec{Async: &Async{}, DataCapture: &DataCapture{}},
			one, nil,
			[]string{"dataCapture: is not possible with async"},
		},
		{
			"an update policy without instances",
			Spec{Update: &Update{}},
			[]Variant{fleet("a", serverless)},
			nil,
			[]string{"update: is not possible with a serverless variant"},
		},
		{
			"an update policy for ml.inf1",
			Spec{Update: &Update{}},
			[]Variant{fleet("a", inferentia)},
			nil,
			[]string{"update: is not possible with ml.inf1 instances"},
		},
		{
			"a key without instances",
			Spec{KMSKeyARN: key},
			[]Variant{fleet("a", serverless)},
			nil,
			nil,
		},
		{
			"a key for own disks",
			Spec{KMSKeyARN: key},
			[]Variant{fleet("a"), fleet("b", nvme)},
			nil,
			[]string{`kmsKeyArn: is not possible with ml.g5.xlarge of variant "b", which encrypts its own disks`},
		},
		{
			"a key for own disks of the shadow",
			Spec{KMSKeyARN: key},
			one, new(fleet("b", nvme)),
			[]string{"kmsKeyArn: is not possible with ml.g5.xlarge of the shadow, which encrypts its own disks"},
		},
		{
			"many models on several GPUs",
			Spec{},
			[]Variant{fleet("a", multiModel), fleet("b", multiModel, gpus)},
			nil,
			[]string{"variants[1].instanceType: ml.g5.12xlarge is not possible with a multi-model container, " +
				"which needs CPUs alone or exactly one GPU"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, problemsOf(&test.spec, test.variants, test.shadow))
		})
	}
}

func TestAServerlessVariantTakesPlainModelsOnly(t *testing.T) {
	t.Parallel()
	for want, traits := range map[string]ModelTraits{
		"":                                   {},
		"a VPC":                              {InVPC: true},
		"several containers":                 {Pipeline: true},
		"a multi-model container":            {MultiModel: true},
		"data that is no archive":            {Uncompressed: true},
		"a model package of AWS Marketplace": {Marketplace: true},
		"network isolation (set networkIsolation: false)": {Isolated: true},
		"network isolation (set networkIsolation: false), a VPC": {
			Isolated: true, InVPC: true,
		},
	} {
		v := fleet("a", serverless)
		v.Traits = traits
		problems := problemsOf(&Spec{}, []Variant{v}, nil)
		if want == "" {
			assert.Empty(t, problems)
		} else {
			assert.Equal(t, []string{"variants[0].serverless: is not possible for a model with " + want}, problems)
		}
	}
}

func TestOnInstancesEveryModelIsServed(t *testing.T) {
	t.Parallel()
	v := fleet("a")
	v.Traits = ModelTraits{
		Isolated: true, InVPC: true, Pipeline: true, MultiModel: true, Uncompressed: true,
	}
	assert.Empty(t, problemsOf(&Spec{Update: &Update{}, DataCapture: &DataCapture{}, KMSKeyARN: key}, []Variant{v}, nil))
}

func TestAShadowIsNoProductionVariant(t *testing.T) {
	t.Parallel()
	shadow := fleet("a")
	assert.Equal(t, []string{`shadow.name: "a" is the name of a production variant, too`},
		problemsOf(&Spec{}, []Variant{fleet("a")}, &shadow))
	// It answers nobody, and may be away.
	shadow.Name = "b"
	assert.Empty(t, problemsOf(&Spec{HighAvailability: true}, []Variant{fleet("a", count(2))}, &shadow))
}
