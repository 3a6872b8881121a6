package awsprovider

import (
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// dialect translates the messages about one resource, to the bridge and back.
type dialect struct {
	toBridge, toSDK fields
}

func dialectOf(request proto.Message) dialect {
	var table fields
	switch about := request.(type) {
	case *pulumirpc.ConfigureRequest:
		table = resources[providerType]
	case interface{ GetUrn() string }:
		table = resources[typeOf(about.GetUrn())]
	}
	return dialect{toBridge: table, toSDK: table.inverse()}
}

// The fields of the provider protocol that name things, and how each is translated.
var (
	names = map[protoreflect.Name]func(string) string{"urn": bridgeURN, "type": bridgeToken, "tok": bridgeToken}
	paths = map[protoreflect.Name]bool{
		"ignoreChanges": true, "replaces": true, "stables": true, "diffs": true, "detailedDiff": true, "property": true,
	}
)

// message translates every name, path and property bag of a request, a response or an error detail in place.
func (t fields) message(m proto.Message) {
	message := m.ProtoReflect()
	message.Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		translateName, isName := names[fd.Name()]
		switch {
		case isName && fd.Kind() == protoreflect.StringKind:
			message.Set(fd, protoreflect.ValueOfString(translateName(v.String())))
		case paths[fd.Name()]:
			t.paths(message, fd, v)
		case fd.IsList() && fd.Message() != nil:
			for i := range v.List().Len() {
				t.message(v.List().Get(i).Message().Interface())
			}
		case !fd.IsMap() && !fd.IsList() && fd.Message() != nil:
			if bag, ok := v.Message().Interface().(*structpb.Struct); ok {
				t.bag(bag)
			}
		}
		return true
	})
}

// paths translates a field that holds one property path, a list of them, or a map by them.
func (t fields) paths(message protoreflect.Message, fd protoreflect.FieldDescriptor, v protoreflect.Value) {
	switch {
	case fd.IsMap():
		translated := message.NewField(fd)
		v.Map().Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
			translated.Map().Set(protoreflect.ValueOfString(t.path(key.String())).MapKey(), value)
			return true
		})
		message.Set(fd, translated)
	case fd.IsList():
		for i := range v.List().Len() {
			v.List().Set(i, protoreflect.ValueOfString(t.path(v.List().Get(i).String())))
		}
	default:
		message.Set(fd, protoreflect.ValueOfString(t.path(v.String())))
	}
}
