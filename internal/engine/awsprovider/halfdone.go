package awsprovider

import (
	"maps"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/structpb"
)

const endpointType = "aws:sagemaker/endpoint:Endpoint"

// made is in what Terraform's provider says of an endpoint that it has made and that never came into service.
const made = "create: unexpected state"

// halfDone says of an endpoint whose creation or update has failed what the plugin says: it is there, and as it was
// asked for, since nobody has read it. The bridge says that nothing has happened, and the engine would go by that.
func halfDone(request proto.Message, err error) error {
	about, ok := request.(interface{ GetUrn() string })
	if !ok || typeOf(about.GetUrn()) != endpointType {
		return err
	}
	properties := map[string]*structpb.Value{}
	switch asked := request.(type) {
	case *pulumirpc.CreateRequest:
		if !strings.Contains(err.Error(), made) {
			return err
		}
		maps.Copy(properties, asked.GetProperties().GetFields())
		properties["sagemakerEndpointId"] = properties["name"]
	case *pulumirpc.UpdateRequest:
		maps.Copy(properties, asked.GetOlds().GetFields())
		maps.Copy(properties, asked.GetNews().GetFields())
		// It tells how the old properties were read.
		delete(properties, "__pulumi_raw_state_delta")
	default:
		return err
	}
	said := status.Convert(err).Proto()
	detail, packErr := anypb.New(&pulumirpc.ErrorResourceInitFailed{
		Id:         properties["name"].GetStringValue(),
		Properties: &structpb.Struct{Fields: properties},
		Reasons:    []string{said.GetMessage()},
	})
	if packErr != nil {
		return err
	}
	said.Details = append(said.Details, detail)
	return status.ErrorProto(said)
}
