package stacks_test

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/kit/awsref"
	"sagehost/kit/check"
	"sagehost/stacks/bootstrap"
	"sagehost/stacks/settings"
)

// plainTexts are the fields of settings whose texts refer to nothing that has a region, an account or a partition. A
// new text is put here, or its field's tag says what it refers to.
var plainTexts = map[string][]string{
	"access.CallerSpec": {"TargetModels"},
	"alerts.Spec":       {"Emails"},
	"batch.Spec": {
		"Accept", "ArrivalSuffix", "AssembleWith", "CompressionType", "ContentType", "InputFilter", "InstanceType",
		"JoinSource", "NotSecret", "OutputFilter", "Schedule", "SplitType", "Strategy", "Timezone",
	},
	"bootstrap.Store":      {"Bucket"},
	"endpoint.DataCapture": {"CSVContentTypes", "JSONContentTypes"},
	"endpoint.Update":      {"Strategy"},
	"endpoint.VariantSpec": {"InferenceAMIVersion", "InstanceType", "Name", "RoutingStrategy"},
	"model.Container":      {"ArtifactFile"},
	"model.ImageConfig":    {"RepositoryAccessMode"},
	"model.Spec":           {"NotSecret"},
	"model.Stage":          {"Hostname"},
	"network.Spec":         {"CIDRBlock", "Endpoints", "NATGateways", "SecurityGroupIDs", "SubnetIDs"},
	"scaling.Schedule":     {"Name", "Schedule", "Timezone"},
	"settings.Batch":       {"Model"},
	"settings.Model":       {"Release"},
	"settings.Promotion":   {"From"},
	"settings.Shadow":      {"Model"},
	"settings.Variant":     {"Model"},
}

// namesReference matches fields that can only be references, whatever the list says.
var namesReference = regexp.MustCompile(`(ARN|URI|URL|Image|Artifact|Role|Topic|Function|Boundary)s?$`)

// samples are for each kind a reference in another region and another partition than eu-west-1.
var samples = map[awsref.Kind]struct{ foreign, abroad string }{
	awsref.ImageURI: {
		"123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a:1",
	},
	awsref.KMSKey:       {"arn:aws:kms:us-east-1:123456789012:key/1", "arn:aws-cn:kms:cn-north-1:123456789012:key/1"},
	awsref.KMSKeyOnly:   {"", "arn:aws-cn:kms:cn-north-1:123456789012:key/1"},
	awsref.Topic:        {"arn:aws:sns:us-east-1:123456789012:a", "arn:aws-cn:sns:cn-north-1:123456789012:a"},
	awsref.Role:         {"", "arn:aws-cn:iam::123456789012:role/a"},
	awsref.Policy:       {"", "arn:aws-cn:iam::123456789012:policy/a"},
	awsref.ModelData:    {"s3://jumpstart-cache-prod-us-east-1/a/", "s3://jumpstart-cache-prod-cn-north-1/a/"},
	awsref.EndpointData: {"s3://jumpstart-cache-prod-us-east-1/a/", "s3://jumpstart-cache-prod-cn-north-1/a/"},
	awsref.BatchData:    {"s3://jumpstart-cache-prod-us-east-1/a/", "s3://jumpstart-cache-prod-cn-north-1/a/"},
	awsref.Environment:  {"", "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a"},
	awsref.Function: {
		"arn:aws:lambda:us-east-1:123456789012:function:a", "arn:aws-cn:lambda:cn-north-1:123456789012:function:a",
	},
	awsref.ModelPackage: {
		"arn:aws:sagemaker:us-east-1:123456789012:model-package/a/1",
		"arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/a/1",
	},
}

func TestEveryReferenceInSettingsIsComparedWithTheStacksRegion(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, typ := range []reflect.Type{reflect.TypeFor[settings.Settings](), reflect.TypeFor[bootstrap.Store]()} {
		for i := 0; ; i++ {
			found := (&search{index: i}).in(typ)
			if found == nil {
				break
			}
			if found.kind == "" {
				dot := strings.LastIndex(found.field, ".")
				typ, field := found.field[:dot], found.field[dot+1:]
				assert.True(t, slices.Contains(plainTexts[typ], field) && !namesReference.MatchString(field),
					"%s: say in its tag %q what it refers to", found.field, awsref.Tag)
				continue
			}
			require.Contains(t, samples, found.kind, found.field)
			sample := samples[found.kind]
			for _, text := range []string{sample.foreign, sample.abroad} {
				if text == "" {
					continue
				}
				at := check.New("")
				settings.CheckReferences(at, (&search{index: i, text: text}).in(typ).value,
					awsref.Place{Region: "eu-west-1"})
				problems := at.Problems()
				require.Len(t, problems, 1, found.field)
				assert.Equal(t, found.path, problems[0].Path)
				assert.Contains(t, problems[0].Text, fmt.Sprintf("%q is in ", text))
				compared++
			}
		}
	}
	assert.Equal(t, 46, compared)
}

// found is a text in a value of settings.
type found struct {
	// field is the Go field that holds it, and path what a user types.
	field, path string
	kind        awsref.Kind
	// value is settings with nothing but the text.
	value any
}

// search puts a text into the field with this index, of all fields that hold texts.
type search struct {
	index int
	text  string
	hit   *found
}

// in is nil where there are not so many.
func (s *search) in(t reflect.Type) *found {
	root := reflect.New(t).Elem()
	s.fill(root, found{})
	if s.hit != nil {
		s.hit.value = root.Interface()
	}
	return s.hit
}

func (s *search) fill(v reflect.Value, here found) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.fill(v.Elem(), here)
	case reflect.Struct:
		s.fillStruct(v, here)
	case reflect.Map:
		element := reflect.New(v.Type().Elem()).Elem()
		here.path += ".x"
		s.fill(element, here)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("x"), element)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		here.path += "[0]"
		s.fill(v.Index(0), here)
	case reflect.String:
		if s.index == 0 {
			v.SetString(s.text)
			s.hit = &here
		}
		s.index--
	default:
	}
}

func (s *search) fillStruct(v reflect.Value, here found) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			s.fill(v.Field(i), here)
			continue
		}
		if key == "" {
			continue
		}
		below := found{
			field: v.Type().String() + "." + f.Name, kind: awsref.Kind(f.Tag.Get(awsref.Tag)),
			path: strings.TrimPrefix(here.path+"."+key, "."),
		}
		s.fill(v.Field(i), below)
	}
}
