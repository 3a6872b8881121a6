package awsprovider

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/known/anypb"
)

// proxy answers the provider protocol by asking the bridge in the bridge's words.
type proxy struct {
	bridge grpc.ClientConnInterface
	engine *engine
}

// register adds every unary method of the provider protocol to the server. The one streaming method, List, has no
// caller in an engine that manages stacks and stays unimplemented.
func (p *proxy) register(server *grpc.Server) error {
	service := pulumirpc.File_pulumi_provider_proto.Services().ByName("ResourceProvider")
	desc := &grpc.ServiceDesc{ServiceName: string(service.FullName()), HandlerType: (*any)(nil)}
	for i := range service.Methods().Len() {
		method := service.Methods().Get(i)
		if method.IsStreamingServer() {
			continue
		}
		handler, err := p.handler(method)
		if err != nil {
			return err
		}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{MethodName: string(method.Name()), Handler: handler})
	}
	server.RegisterService(desc, p)
	return nil
}

func (p *proxy) handler(method protoreflect.MethodDescriptor) (grpc.MethodHandler, error) {
	in, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
	if err != nil {
		return nil, fmt.Errorf("method %s: %w", method.Name(), err)
	}
	out, err := protoregistry.GlobalTypes.FindMessageByName(method.Output().FullName())
	if err != nil {
		return nil, fmt.Errorf("method %s: %w", method.Name(), err)
	}
	path := fmt.Sprintf("/%s/%s", method.Parent().FullName(), method.Name())
	return func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		request, response := in.New().Interface(), out.New().Interface()
		if err := decode(request); err != nil {
			return nil, err
		}
		return response, p.call(ctx, path, request, response)
	}, nil
}

// call asks the bridge and fills the response.
func (p *proxy) call(ctx context.Context, path string, request, response proto.Message) error {
	if err := p.introduce(request); err != nil {
		return err
	}
	if _, lookup := request.(*pulumirpc.InvokeRequest); lookup {
		p.engine.lookups.Add(1)
		defer p.engine.lookups.Add(-1)
	}
	d := dialectOf(request)
	if check, ok := request.(*pulumirpc.CheckRequest); ok {
		if err := autoname(check); err != nil {
			return err
		}
	}
	lendPaths(request)
	asked := proto.Clone(request)
	d.toBridge.message(request)
	if err := p.bridge.Invoke(ctx, path, request, response); err != nil {
		return halfDone(asked, d.errorToSDK(err))
	}
	d.toSDK.message(response)
	if info, ok := response.(*pulumirpc.PluginInfo); ok {
		info.Version = Version
	}
	return nil
}

// introduce puts our engine in the place of the one that attaches, and tells it which resource is spoken about.
func (p *proxy) introduce(request proto.Message) error {
	switch r := request.(type) {
	case *pulumirpc.PluginAttach:
		defer func() { r.Address = p.engine.address }()
		return p.engine.attach(r.GetAddress())
	case *pulumirpc.ProviderHandshakeRequest:
		r.EngineAddress = p.engine.address
	case interface{ GetUrn() string }:
		p.engine.remember(r.GetUrn())
	}
	return nil
}

// errorToSDK translates what an error carries: after a half-done create or update, that is the resource's state.
func (d dialect) errorToSDK(err error) error {
	state := status.Convert(err).Proto()
	for i, detail := range state.GetDetails() {
		message, unpackErr := detail.UnmarshalNew()
		if unpackErr != nil {
			continue // a detail this program does not know carries no state that the engine would read
		}
		d.toSDK.message(message)
		if packed, packErr := anypb.New(message); packErr == nil {
			state.Details[i] = packed
		}
	}
	return status.ErrorProto(state)
}
