package awsprovider

import (
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/types/known/structpb"

	"sagehost/kit/files"
)

// shape is how the value of a property looks on the other side.
type shape int

const (
	// same value on both sides.
	same shape = iota
	// boxed: one object here, a list of that one object there.
	boxed
	// unboxed: a list of at most one object here, the object itself there.
	unboxed
	// texted: a number here, its decimal text there.
	texted
	// untexted: decimal text here, the number there.
	untexted
	// filed: a file as an asset here, its path there.
	filed
	// unfiled: a path here, the file as an asset there.
	unfiled
)

var opposite = map[shape]shape{
	same: same, boxed: unboxed, unboxed: boxed, texted: untexted, untexted: texted, filed: unfiled, unfiled: filed,
}

// field is what becomes of one property on the other side.
type field struct {
	// name there. Empty means the same name.
	name  string
	shape shape
	// inner are the properties of the object, or of each object of the list, that the property holds.
	inner fields
}

// fields are the properties of one object that differ, by their name on this side. All others pass unchanged.
type fields map[string]field

// inverse is the translation back.
func (t fields) inverse() fields {
	back := make(fields, len(t))
	for name, f := range t {
		back[f.nameOr(name)] = field{name: name, shape: opposite[f.shape], inner: f.inner.inverse()}
	}
	return back
}

func (f field) nameOr(name string) string {
	if f.name == "" {
		return name
	}
	return f.name
}

// bag translates the properties of an object in place. Nil stays nil.
func (t fields) bag(s *structpb.Struct) {
	if s == nil || len(t) == 0 {
		return
	}
	translated := make(map[string]*structpb.Value, len(s.GetFields()))
	for name, value := range s.GetFields() {
		f, ok := t[name]
		if !ok {
			translated[name] = value
			continue
		}
		translated[f.nameOr(name)] = f.apply(value)
	}
	s.Fields = translated
}

// apply translates one value. Unknown values are plain text on the wire, so no shape but their own fits them and they
// pass unchanged; secrets and outputs are translated inside their envelope.
func (f field) apply(v *structpb.Value) *structpb.Value {
	if inside, ok := enclosed(v); ok {
		v.GetStructValue().Fields["value"] = f.apply(inside)
		return v
	}
	f.inner.each(v)
	if reshape, ok := reshapes[f.shape]; ok {
		return reshape(v)
	}
	return v
}

// enclosed is the value inside a secret or an output.
func enclosed(v *structpb.Value) (*structpb.Value, bool) {
	envelope := v.GetStructValue().GetFields()
	if envelope[sig.Key] == nil {
		return nil, false
	}
	inside, ok := envelope["value"]
	return inside, ok
}

// reshapes turn a value of the fitting kind into its other shape; objects in a provider's configuration are JSON in
// text. An empty list and null are each other's equal: the bridge reads its own state back, and fails when a list that
// was empty is missing.
var reshapes = map[shape]func(*structpb.Value) *structpb.Value{
	boxed: func(v *structpb.Value) *structpb.Value {
		switch v.GetKind().(type) {
		case *structpb.Value_StructValue:
			return structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{v}})
		case *structpb.Value_NullValue:
			return structpb.NewListValue(&structpb.ListValue{})
		}
		if text := v.GetStringValue(); strings.HasPrefix(text, "{") {
			return structpb.NewStringValue("[" + text + "]")
		}
		return v
	},
	unboxed: func(v *structpb.Value) *structpb.Value {
		if text := v.GetStringValue(); strings.HasPrefix(text, "[{") {
			return structpb.NewStringValue(text[1 : len(text)-1])
		}
		list := v.GetListValue()
		switch {
		case list == nil || len(list.GetValues()) > 1:
			return v
		case len(list.GetValues()) == 0:
			return structpb.NewNullValue()
		}
		return list.GetValues()[0]
	},
	texted: func(v *structpb.Value) *structpb.Value {
		if _, ok := v.GetKind().(*structpb.Value_NumberValue); !ok {
			return v
		}
		return structpb.NewStringValue(strconv.FormatFloat(v.GetNumberValue(), 'f', -1, 64))
	},
	untexted: func(v *structpb.Value) *structpb.Value {
		number, err := strconv.ParseFloat(v.GetStringValue(), 64)
		if err != nil {
			return v
		}
		return structpb.NewNumberValue(number)
	},
	filed: func(v *structpb.Value) *structpb.Value {
		if path, ok := v.GetStructValue().GetFields()[resource.AssetPathProperty]; ok {
			return path
		}
		return v
	},
	unfiled: func(v *structpb.Value) *structpb.Value {
		path, ok := v.GetKind().(*structpb.Value_StringValue)
		if !ok || path.StringValue == plugin.UnknownStringValue {
			return v
		}
		asset := map[string]*structpb.Value{sig.Key: structpb.NewStringValue(sig.AssetSig), resource.AssetPathProperty: v}
		// The file may have gone since; then the engine knows it by its path alone.
		if hash, err := files.SHA256(path.StringValue); err == nil {
			asset[resource.AssetHashProperty] = structpb.NewStringValue(hash)
		}
		return structpb.NewStructValue(&structpb.Struct{Fields: asset})
	},
}

// each translates the object that a value is, or every object of the list that it is.
func (t fields) each(v *structpb.Value) {
	if len(t) == 0 {
		return
	}
	if inside, ok := enclosed(v); ok {
		t.each(inside)
		return
	}
	t.bag(v.GetStructValue())
	for _, element := range v.GetListValue().GetValues() {
		t.each(element)
	}
}

// path translates a property path such as "rules[0].expiration.days". Text that is no path stays as it is.
func (t fields) path(text string) string {
	steps, err := resource.ParsePropertyPath(text)
	if err != nil {
		return text
	}
	var translated resource.PropertyPath
	for i := 0; i < len(steps); i++ {
		name, ok := steps[i].(string)
		f, differs := t[name]
		if !ok || !differs {
			translated = append(translated, steps[i])
			if ok {
				t = nil
			}
			continue
		}
		translated = append(translated, f.nameOr(name))
		t = f.inner
		if i+1 == len(steps) {
			break
		}
		if _, index := steps[i+1].(int); index && f.shape == unboxed {
			i++
		} else if !index && f.shape == boxed {
			translated = append(translated, 0)
		}
	}
	return translated.String()
}
