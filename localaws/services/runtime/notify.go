package runtime

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// maxIncluded is the largest answer that a message carries, in bytes: 128 KB, as AsyncInferenceNotificationConfig
// documents it.
const maxIncluded = 128 << 10

// excerpt keeps what is written to it as long as a message can carry it.
type excerpt struct {
	data []byte
	more bool
}

// Write never fails.
func (e *excerpt) Write(data []byte) (int, error) {
	if e.more = e.more || len(e.data)+len(data) > maxIncluded; e.more {
		e.data = nil
	} else {
		e.data = append(e.data, data...)
	}
	return len(data), nil
}

// message is what SNS topics get, in SageMaker's schema.
type message struct {
	Region       string `json:"awsRegion"`
	EventTime    string `json:"eventTime"`
	ReceivedTime string `json:"receivedTime"`
	// Status is Completed or Failed.
	Status          string           `json:"invocationStatus"`
	FailureReason   string           `json:"failureReason,omitempty"`
	FailureLocation string           `json:"failureLocation,omitempty"`
	Request         messageRequest   `json:"requestParameters"`
	Response        *messageResponse `json:"responseParameters,omitempty"`
	Body            *messageBody     `json:"responseBody,omitempty"`
	InferenceID     string           `json:"inferenceId"`
	EventVersion    string           `json:"eventVersion"`
	EventSource     string           `json:"eventSource"`
	EventName       string           `json:"eventName"`
}

type messageRequest struct {
	Accept           string `json:"accept,omitempty"`
	ContentType      string `json:"contentType,omitempty"`
	CustomAttributes string `json:"customAttributes,omitempty"`
	EndpointName     string `json:"endpointName"`
	InputLocation    string `json:"inputLocation,omitempty"`
}

type messageResponse struct {
	ContentType    string `json:"contentType"`
	OutputLocation string `json:"outputLocation,omitempty"`
}

type messageBody struct {
	Content  string `json:"content"`
	Message  string `json:"message"`
	Encoding string `json:"encoding"`
}

// notify sends a message to the topic for successes or for failures, if there is one.
func (a *attempt) notify(ctx context.Context, failed error) error {
	config := a.endpoint.Async
	topic, include := config.SuccessTopic, IncludeInSuccess
	if failed != nil {
		topic, include = config.ErrorTopic, IncludeInError
	}
	if topic == "" {
		return nil
	}
	told := a.message(failed)
	if slices.Contains(config.IncludeResponseIn, include) && !a.said.more {
		told.Body = &messageBody{
			Content: base64.StdEncoding.EncodeToString(a.said.data), Encoding: "BASE64",
			Message: "Check S3 path location(if configured) or Cloudwatch for additional details.",
		}
	}
	// Strings can always be encoded.
	text, _ := json.Marshal(told)
	if err := a.runtime.Topics.Publish(ctx, a.endpoint.Region, topic, "", string(text)); err != nil {
		return fmt.Errorf("publishing to %s: %w", topic, err)
	}
	return nil
}

func (a *attempt) message(failed error) message {
	in := a.job.in
	m := message{
		Region: a.endpoint.Region, EventTime: stamp(a.runtime.Clock.Now()), ReceivedTime: stamp(a.job.received),
		Status: "Completed", InferenceID: in.request.InferenceID,
		EventVersion: "1.0", EventSource: "aws:sagemaker", EventName: "InferenceResult",
		Request: messageRequest{
			Accept: in.request.Accept, ContentType: in.request.ContentType,
			CustomAttributes: in.request.CustomAttributes, EndpointName: a.endpoint.Name, InputLocation: in.inputLocation,
		},
	}
	if failed != nil {
		m.Status, m.FailureReason, m.FailureLocation = "Failed", reason(failed), a.job.failure
		return m
	}
	m.Response = &messageResponse{ContentType: a.contentType, OutputLocation: a.job.output}
	return m
}

// stamp is a time as messages have it.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
