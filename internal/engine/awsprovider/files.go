package awsprovider

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/sig"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// lendPaths gives the files of a request that are known by their hash alone the paths that the same content has
// elsewhere in it. The engine leaves the paths out of old properties; the bridge, which knows files by their paths,
// would take every file for a changed one.
func lendPaths(request proto.Message) {
	paths := map[string]string{}
	eachFile(request, func(file map[string]*structpb.Value) {
		if path := file[resource.AssetPathProperty].GetStringValue(); path != "" {
			paths[file[resource.AssetHashProperty].GetStringValue()] = path
		}
	})
	eachFile(request, func(file map[string]*structpb.Value) {
		if file[resource.AssetPathProperty].GetStringValue() == "" {
			path := paths[file[resource.AssetHashProperty].GetStringValue()]
			file[resource.AssetPathProperty] = structpb.NewStringValue(path)
		}
	})
}

// eachFile visits every asset among the properties of a request that is a file, or may be one: those of text and those
// of other machines are as they are.
func eachFile(request proto.Message, visit func(map[string]*structpb.Value)) {
	request.ProtoReflect().Range(func(fd protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if fd.IsMap() || fd.IsList() || fd.Message() == nil {
			return true
		}
		if bag, ok := v.Message().Interface().(*structpb.Struct); ok {
			for _, value := range bag.GetFields() {
				fields := value.GetStructValue().GetFields()
				_, text := fields[resource.AssetTextProperty]
				_, remote := fields[resource.AssetURIProperty]
				if fields[sig.Key].GetStringValue() == sig.AssetSig && !text && !remote {
					visit(fields)
				}
			}
		}
		return true
	})
}
