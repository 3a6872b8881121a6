package runtime

import (
	"net/http"

	"sagehost/localaws/containers/serving"
)

// octetStream is the content type of bodies that come without one; the SDKs send the same.
const octetStream = "application/octet-stream"

// Canonical spellings of headers that both operations read.
const (
	headerCustomAttributes = "X-Amzn-Sagemaker-Custom-Attributes"
	headerInferenceID      = "X-Amzn-Sagemaker-Inference-Id"
)

// invocation is the input of InvokeEndpoint without its body.
type invocation struct {
	request       serving.Request
	targetVariant string
	component     string
	// explanations is when to explain an answer.
	explanations string
}

// readInvocation checks the members of InvokeEndpoint.
func readInvocation(name string, from http.Header) (*invocation, error) {
	h := headers{from: from}
	h.check(name, "endpointName", &shortName)
	in := &invocation{
		request: serving.Request{
			ContentType:      h.text("Content-Type", "contentType", &plainHeader),
			Accept:           h.text("Accept", "accept", &plainHeader),
			CustomAttributes: h.text(headerCustomAttributes, "customAttributes", &customAttributes),
			InferenceID:      h.text(headerInferenceID, "inferenceId", &inferenceID),
			TargetModel:      h.text("X-Amzn-Sagemaker-Target-Model", "targetModel", &modelPath),
			TargetContainer: h.text(
				"X-Amzn-Sagemaker-Target-Container-Hostname", "targetContainerHostname", &shortName),
		},
		targetVariant: h.text("X-Amzn-Sagemaker-Target-Variant", "targetVariant", &shortName),
		component:     h.text("X-Amzn-Sagemaker-Inference-Component", "inferenceComponentName", &component),
	}
	in.explanations = h.text("X-Amzn-Sagemaker-Enable-Explanations", "enableExplanations", &explanations)
	in.request.SessionID = h.text("X-Amzn-Sagemaker-Session-Id", "sessionId", &sessionID)
	if in.request.ContentType == "" {
		in.request.ContentType = octetStream
	}
	return in, h.err()
}

// asyncInvocation is the input of InvokeEndpointAsync without its body.
type asyncInvocation struct {
	request       serving.Request
	inputLocation string
	// extension is appended to the endpoint's output path, filename replaces the made-up name of the output.
	extension, filename string
	// ttl is how long the request may wait, timeout how long the model may take; both in seconds.
	ttl, timeout int
}

// Defaults and ranges of InvokeEndpointAsync, in seconds.
const (
	minTTL, maxTTL                     = 60, 21600
	minTimeout, timeoutNow, maxTimeout = 1, 900, 3600
)

func readAsyncInvocation(name string, from http.Header) (*asyncInvocation, error) {
	h := headers{from: from}
	h.check(name, "endpointName", &shortName)
	in := &asyncInvocation{
		request: serving.Request{
			ContentType:      h.text("X-Amzn-Sagemaker-Content-Type", "contentType", &plainHeader),
			Accept:           h.text("X-Amzn-Sagemaker-Accept", "accept", &plainHeader),
			CustomAttributes: h.text(headerCustomAttributes, "customAttributes", &customAttributes),
			InferenceID:      h.text(headerInferenceID, "inferenceId", &inferenceID),
		},
		inputLocation: h.text("X-Amzn-Sagemaker-Inputlocation", "inputLocation", &location),
		extension:     h.text("X-Amzn-Sagemaker-S3outputpathextension", "s3OutputPathExtension", &extension),
		filename:      h.text("X-Amzn-Sagemaker-Filename", "filename", &filename),
		ttl:           h.seconds("X-Amzn-Sagemaker-Requestttlseconds", "requestTTLSeconds", minTTL, maxTTL, maxTTL),
		timeout: h.seconds("X-Amzn-Sagemaker-Invocationtimeoutseconds", "invocationTimeoutSeconds",
			minTimeout, maxTimeout, timeoutNow),
	}
	return in, h.err()
}
